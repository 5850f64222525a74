import { ChangedError } from '../domain/errors.ts';
import type { StatefulSet } from '../domain/kube.ts';
import { type Snapshot, sliceOf } from '../domain/snapshot.ts';
import type { Archive, OperationRecord } from '../domain/stored.ts';
import type { Plan } from '../plan/plan.ts';
import type { Created, ExecutePorts, Execution } from './ports.ts';

/** Everything that a write is made with. */
export interface Performance {
  readonly ports: ExecutePorts;
  readonly plan: Plan;
  readonly execution: Execution;
  /** The record as it must stand while this write is made: cursor = this step. */
  readonly record: OperationRecord;
  /** Filled in by the write that creates it. */
  readonly created: Created;
  /** The fresh read that the step's preconditions held on. */
  readonly fresh: Snapshot;
  /** Right before the step's own write; a record that precedes it is no reason to keep anybody. */
  readonly enter: () => void;
}

/** Intent first: the cursor on the carrier, then the write to another object (law 5). What keeps no record has none to write. */
export async function intend({ ports, plan, record, fresh, enter }: Performance): Promise<void> {
  const { keeper } = ports;
  if (plan.journal !== 'none') {
    if (keeper.carried.index !== undefined) await keeper.recordOnIndex(record);
    else {
      const set = requiredSet(fresh);
      await keeper.changeSet(set.metadata.uid, [], record, set);
    }
  }
  enter();
}

/** @throws ChangedError when it is not there */
export function requiredSet(snapshot: Snapshot): StatefulSet {
  const set = sliceOf(snapshot, 'set');
  if (set.state === 'read') return set.value;
  throw new ChangedError(set.state === 'absent' ? `StatefulSet ${snapshot.target.name} was deleted by another client` : set.message);
}

/** @throws ChangedError when nobody has read it */
export function requiredArchive({ plan, execution }: Performance): Archive {
  if (execution.archive === undefined) throw new ChangedError(`archive ${plan.archive} was not read`);
  return execution.archive;
}
