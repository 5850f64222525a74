import { type Snapshot, sliceOf } from '../domain/snapshot.ts';
import type { Intent } from '../findings/check.ts';
import { leftIn } from './earlier-records.ts';
import type { Resume } from './operation.ts';
import { archivedSet } from './origin.ts';

interface Held {
  readonly snapshot: Snapshot;
  readonly resume?: Resume;
}

/** For the checks: what the operation that goes on, or back, left. Only of the very set that it is about. */
export function leftBy({ snapshot, resume }: Held): Pick<Intent, 'left'> {
  const left = resume === undefined || !isSameSet(snapshot, resume) ? undefined : replicasLeft(resume);
  return left === undefined ? {} : { left };
}

/** Whether the set that is there is the archived one: a record on the index outlives its set, and says nothing of the next. */
export function isSameSet(snapshot: Snapshot, { archive }: Resume): boolean {
  const set = sliceOf(snapshot, 'set');
  return set.state === 'read' && set.value.metadata.uid === archivedSet(archive).metadata.uid;
}

/**
 * The number of replicas at which a stopped operation left its set: each change of it travels in one patch with the
 * record, so that says it exactly.
 * @returns undefined where the set's replicas are not the record's to tell (a restore, or what stands on the index)
 */
export function replicasLeft({ record, archive }: Resume): number | undefined {
  return leftIn(record, archivedSet(archive));
}
