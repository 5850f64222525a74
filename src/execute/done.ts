import { isSubject, type Snapshot, sliceOf } from '../domain/snapshot.ts';
import type { DeleteWrite, Write } from '../plan/action.ts';
import type { Condition } from '../plan/condition.ts';
import type { Step } from '../plan/plan.ts';
import { isPatched } from './patch.ts';
import type { Created } from './ports.ts';
import { firstUnmet } from './wait.ts';

/** What is known of a step from before this run. */
interface Reached {
  /** The cursor stood on it: its write may or may not have reached the server. */
  readonly resumed: boolean;
  readonly created: Created;
}

/** Whether a write was made before, as far as this look tells; of the others, each is safe to repeat. */
export function isDone(step: Step, write: Write, fresh: Snapshot, { resumed, created }: Reached): boolean {
  switch (write.verb) {
    case 'patch':
      return isPatched(write, fresh, { resumed, created, purposeHolds: () => firstUnmet(step.verify, fresh) === undefined });
    case 'delete': {
      const gone = goneCondition(write);
      return gone !== undefined && firstUnmet([gone], fresh) === undefined;
    }
    case 'create':
    case 'archive':
    case 'record':
      return false;
  }
}

/** What holds when the object of this UID is gone, where a look tells; of others the deletion itself finds out. */
function goneCondition({ ref: { resource, name }, uid }: DeleteWrite): Condition | undefined {
  if (resource === 'statefulsets') return { is: 'set-gone', uid };
  return resource === 'persistentvolumeclaims' ? { is: 'claims-gone', claims: [{ name, uid }] } : undefined;
}

/** A set that is there when the creation resumes is judged by the creation itself: ours, or somebody else's. */
export function isBegun(write: Write, fresh: Snapshot, resumed: boolean): boolean {
  return resumed && write.verb === 'create' && isSubject(write.ref, fresh.target) && sliceOf(fresh, 'set').state === 'read';
}
