import type { LiveSnapshots, Many } from '../../cluster/api.ts';
import type { Clock } from '../../domain/clock.ts';
import { type Snapshot, sliceOf } from '../../domain/snapshot.ts';
import { nextLook } from '../next-look.ts';
import { needsOf, type StatusPorts, type Subjects } from './look.ts';

/** Some verdicts come from time alone (nothing happened for so long), so a quiet set is judged again now and then. */
const judgeAgainMs = 5000;

/** What is told of the sets; returns whether to go on. */
export type OnLook = (look: Many) => boolean | Promise<boolean>;

export interface FollowPorts extends Pick<StatusPorts, 'reader'> {
  readonly clock: Clock;
}

/**
 * Follows the sets that were asked for by one watch a resource, telling of them whenever they may have changed, until it
 * is enough or `signal` says so.
 *
 * @throws the signal's reason
 */
export async function follow(subjects: Subjects, { reader, clock }: FollowPorts, signal: AbortSignal, tell: OnLook): Promise<void> {
  const live = await reader.follow(needsOf(subjects), subjects);
  const stored = new StoredFreshness();
  try {
    while (await tell(await lookAtNow(live, stored))) await nextLook(live, judgeAgainMs, clock, signal);
  } finally {
    live.close();
  }
}

async function lookAtNow(live: LiveSnapshots, stored: StoredFreshness): Promise<Many> {
  const look = live.current();
  const due = stored.due(look.snapshots);
  if (due.length === 0) return look;
  await live.rereadStored(due);
  return live.current();
}

/**
 * What we stored about a set is not watched. It matters when the set has come or gone, and as long as an operation of
 * ours stands on the index: nothing else tells of its end.
 */
class StoredFreshness {
  readonly #uids = new Map<string, string>();

  /** Names of the sets whose stored state is to be read again. */
  due(snapshots: readonly Snapshot[]): readonly string[] {
    return snapshots.filter((snapshot) => this.#isDue(snapshot)).map(({ target }) => target.name);
  }

  #isDue(snapshot: Snapshot): boolean {
    const set = sliceOf(snapshot, 'set');
    const uid = set.state === 'read' ? set.value.metadata.uid : '';
    const known = this.#uids.get(snapshot.target.name) ?? uid;
    this.#uids.set(snapshot.target.name, uid);
    const stored = sliceOf(snapshot, 'stored');
    if (stored.state === 'unknown') return stored.why === 'server-error' || stored.why === 'timeout';
    return known !== uid || (stored.state === 'read' && stored.value.record !== undefined);
  }
}
