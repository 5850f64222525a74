import { ApiError } from '../domain/errors.ts';
import type { ControllerRevision, StatefulSet } from '../domain/kube.ts';
import { podsNamedAfter } from '../domain/members.ts';
import { pathOf, refTo } from '../domain/object-ref.ts';
import { read } from '../domain/reading.ts';
import { revisionOf } from '../domain/revisions.ts';
import { listOf, type Snapshot, sliceOf } from '../domain/snapshot.ts';
import type { ApiVerbs } from '../domain/verbs.ts';

/** More than this differ in the same way, or in too many for a sentence. */
const MOST = 3;

/**
 * The snapshot with the ControllerRevisions that running Pods were made from, where those are not the saved one: only they
 * say what the templates differ in. Without them, or without the right to read them, two names must do.
 */
export async function withPodRevisions(snapshot: Snapshot, verbs: Pick<ApiVerbs, 'get'>): Promise<Snapshot> {
  const stored = sliceOf(snapshot, 'stored');
  if (stored.state !== 'read' || stored.value.archive?.state !== 'valid') return snapshot;
  const saved = stored.value.archive.archive.manifest as unknown as StatefulSet;
  const { namespace, name } = snapshot.target;
  const labels = [...podsNamedAfter(name, listOf(snapshot, 'pods')).values()].flatMap((pod) => revisionOf(pod) ?? []);
  const unknown = [...new Set(labels)].filter((revision) => revision !== saved.status.updateRevision).slice(0, MOST);
  const found = await Promise.all(
    unknown.map((revision) => revisionNamed(pathOf(refTo('controllerrevisions', namespace, revision)), verbs)),
  );
  const revisions = found.flatMap((revision) => revision ?? []);
  return unknown.length === 0 ? snapshot : { ...snapshot, slices: { ...snapshot.slices, revisions: read(revisions, snapshot.now) } };
}

async function revisionNamed(path: string, verbs: Pick<ApiVerbs, 'get'>): Promise<ControllerRevision | undefined> {
  try {
    return (await verbs.get(path)) as ControllerRevision | undefined;
  } catch (error) {
    // It only explains: what is not told here is refused all the same.
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}
