import { type Snapshot, sliceOf } from '../domain/snapshot.ts';
import type { Write } from '../plan/action.ts';
import type { Step } from '../plan/plan.ts';
import type { Created } from './ports.ts';
import { isPutBack } from './put-back.ts';
import { firstUnmet } from './wait.ts';

/** What is known of a step from before this run. */
interface Reached {
  /** The cursor stood on it: its write may or may not have reached the server. */
  readonly resumed: boolean;
  readonly created: Created;
}

/**
 * A change of the set travels in one patch with the record, so a resumed cursor on it proves it done. Of the others,
 * those are done whose purpose holds; the rest are safe to repeat.
 */
export function isDone(step: Step, write: Write, fresh: Snapshot, { resumed, created }: Reached): boolean {
  if (write.kind === 'change-set') return resumed;
  if (write.kind === 'strip-owners' || write.kind === 'delete-set') return firstUnmet(step.verify, fresh) === undefined;
  if (write.kind === 'delete-claim')
    return firstUnmet([{ is: 'claims-gone', claims: [{ name: write.claim, uid: write.uid }] }], fresh) === undefined;
  if (write.kind === 'put-back') {
    const set = sliceOf(fresh, 'set');
    return (
      resumed && set.state === 'read' && (created.uid ?? set.value.metadata.uid) === set.value.metadata.uid && isPutBack(write, set.value)
    );
  }
  return false;
}

/** A set that is there when the creation resumes is judged by the creation itself: ours, or somebody else's. */
export function isBegun(write: Write, fresh: Snapshot, resumed: boolean): boolean {
  return resumed && write.kind === 'create-set' && sliceOf(fresh, 'set').state === 'read';
}
