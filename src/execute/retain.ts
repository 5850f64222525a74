import { retentionOf } from '../domain/claims.ts';
import { ApiError, ChangedError, StoppedError } from '../domain/errors.ts';
import type { RetentionPolicy, StatefulSet } from '../domain/kube.ts';
import { membersOf } from '../domain/members.ts';
import { listOf, type Snapshot, sliceOf } from '../domain/snapshot.ts';
import type { Plan } from '../plan/plan.ts';
import type { ExecutePorts, Execution } from './ports.ts';
import { recordAt } from './record-at.ts';

const PATH = '/spec/persistentVolumeClaimRetentionPolicy';

/**
 * Somebody set whenScaled to Delete while a member leaves that we told to go: its claim would go with its Pod (KEP-1847), and
 * nobody was shown that. While the Pod is there the policy can be put back, and then nothing is lost; of all foreign changes
 * it is the only one that we undo, because later nobody can.
 */
export async function retainAgain(plan: Plan, execution: Execution, cursor: string | undefined, ports: ExecutePorts): Promise<void> {
  const kept = plan.during?.retention;
  const set = threatened(kept, ports);
  const step = plan.steps.find(({ id }) => id === cursor);
  if (kept === undefined || step === undefined || set === undefined) return;
  const { name, uid } = set.metadata;
  const leaving = leavingMembers(set, ports.world.current());
  if (leaving.length === 0) return;
  try {
    const from = { ...set.spec.persistentVolumeClaimRetentionPolicy };
    const record = { ...recordAt(plan, execution, step), phase: 'stopped' } as const;
    await ports.keeper.changeSet(uid, [{ path: PATH, from, to: { ...kept } }], record);
    ports.tell(
      `another client set whenScaled of StatefulSet ${name} to Delete while ${leaving.join(', ')} was leaving: set back to Retain, or the PVCs would have been deleted, too`,
    );
  } catch (error) {
    if (!(error instanceof ApiError || error instanceof ChangedError || error instanceof StoppedError)) throw error;
    ports.tell(
      `PVCs of ${leaving.join(', ')} are deleted with their Pods: whenScaled of StatefulSet ${name} is Delete, and ${error.message}`,
    );
  }
}

/** The set, while our record is on it and its policy takes what the plan keeps. */
function threatened(kept: RetentionPolicy | undefined, { world, keeper }: ExecutePorts): StatefulSet | undefined {
  const set = sliceOf(world.current(), 'set');
  if (kept === undefined || kept.whenScaled === 'Delete' || keeper.carried.set === undefined) return undefined;
  return set.state === 'read' && retentionOf(set.value).whenScaled === 'Delete' ? set.value : undefined;
}

function leavingMembers(set: StatefulSet, snapshot: Snapshot): readonly string[] {
  return membersOf(set, listOf(snapshot, 'pods')).flatMap(({ name, inRange, pod }) => (inRange || pod === undefined ? [] : [name]));
}
