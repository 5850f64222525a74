import { RefusedError } from '../../domain/errors.ts';
import type { Finding } from '../../domain/finding.ts';
import type { StatefulSet } from '../../domain/kube.ts';
import { membersOf } from '../../domain/members.ts';
import { replicasOf } from '../../domain/naming.ts';
import type { OperationRecord } from '../../domain/stored.ts';
import { commandLine, placeOf } from '../../plan/commandline.ts';
import type { Step } from '../../plan/plan.ts';
import type { PlanDraft } from '../operation.ts';
import { archivedSet, liveSet } from '../origin.ts';
import { podsOf } from '../planned-on.ts';
import { stepTimeout } from '../timeouts.ts';
import { isOurs } from '../whose.ts';
import { type CancelInput, common, isSetThere, openOperation } from './common.ts';

/** A restore, or a way back from one that was itself stopped: of all ways back, only that one deletes a set. */
export function isUndoneRestore({ kind, cursor }: OperationRecord): boolean {
  return kind === 'restore' || (kind === 'cancel' && cursor === 'delete-set');
}

/**
 * Back from a restore. Before its members start that is easy; after it they run on their data, and taking them down
 * again is a delete, with a delete's consent. A set of that name that somebody else made is theirs: then all that is left is
 * to take our record off.
 * @throws RefusedError in that case
 */
export function undoRestore(input: CancelInput, findings: readonly Finding[]): PlanDraft {
  const { record, archive } = openOperation(input);
  const { name } = input.snapshot.target;
  const line = (operation: 'restore' | 'delete'): string => commandLine({ operation, name, options: {} }, placeOf(input.snapshot));
  const there = isSetThere(input) && isOurs(liveSet(input.snapshot), record, replicasOf(archivedSet(archive)));
  const live = there ? liveSet(input.snapshot) : archivedSet(archive);
  if (there && (replicasOf(live) > 0 || membersOf(live, podsOf(input.snapshot)).some((member) => member.pod !== undefined))) {
    throw new RefusedError(
      `the restore of ${name} has started its members already`,
      `${line('restore')} finishes it; after that ${line('delete')} takes it down again`,
    );
  }
  const timeoutMs = stepTimeout(live, input.stepTimeoutMs);
  return {
    ...common(input, findings),
    summary: `cancel restore of StatefulSet ${name}: it stays deleted, its claims stay`,
    fate: [],
    plannedOn: [{ object: `archive/${archive.name}`, uid: archive.id, fields: { there } }],
    steps: [...(there ? [removeStep(live, timeoutMs)] : []), closeStep(timeoutMs)],
    putBack: record.putBack,
    archive: archive.name,
  };
}

function removeStep(live: StatefulSet, timeoutMs: number): Step {
  const { name, uid } = live.metadata;
  return {
    id: 'delete-set',
    title: `delete the empty StatefulSet ${name} that the restore created`,
    action: { do: 'write', write: { kind: 'delete-set', uid } },
    preconditions: [
      { is: 'set-is', uid, replicas: 0 },
      { is: 'no-members', but: [] },
    ],
    verify: [{ is: 'set-gone', uid }],
    timeoutMs,
  };
}

function closeStep(timeoutMs: number): Step {
  return {
    id: 'finish',
    title: 'close the record',
    action: { do: 'write', write: { kind: 'close-record', carrier: 'index' } },
    preconditions: [],
    verify: [],
    timeoutMs,
  };
}
