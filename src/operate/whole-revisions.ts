import { ApiError } from '../domain/errors.ts';
import type { ControllerRevision } from '../domain/kube.ts';
import { pathOf, refTo } from '../domain/object-ref.ts';
import { read } from '../domain/reading.ts';
import { listOf, type Snapshot } from '../domain/snapshot.ts';
import type { ApiVerbs } from '../domain/verbs.ts';

/**
 * The snapshot with these ControllerRevisions as they are served: only they say which template a Pod was made from, and a
 * list of them leaves that out. One that is gone, or may not be read, is as it was.
 */
export async function withWholeRevisions(snapshot: Snapshot, names: readonly string[], verbs: Pick<ApiVerbs, 'get'>): Promise<Snapshot> {
  if (names.length === 0) return snapshot;
  const { namespace } = snapshot.target;
  const found = await Promise.all(names.map((name) => revisionAt(pathOf(refTo('controllerrevisions', namespace, name)), verbs)));
  const whole = new Map(found.flatMap((revision) => (revision === undefined ? [] : [[revision.metadata.name, revision] as const])));
  const others = listOf(snapshot, 'revisions').filter(({ metadata }) => !whole.has(metadata.name));
  return { ...snapshot, slices: { ...snapshot.slices, revisions: read([...others, ...whole.values()], snapshot.now) } };
}

async function revisionAt(path: string, verbs: Pick<ApiVerbs, 'get'>): Promise<ControllerRevision | undefined> {
  try {
    return (await verbs.get(path)) as ControllerRevision | undefined;
  } catch (error) {
    // Whoever cannot do without it says so.
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}
