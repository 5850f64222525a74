import { isDeepStrictEqual } from 'node:util';
import type { Archive, Asked, OperationRecord } from '../domain/stored.ts';
import { writeOf } from '../plan/action.ts';
import { type Plan, pendingOf, type Step } from '../plan/plan.ts';
import type { Created, Execution } from './ports.ts';

/** The record while a step runs: everything about the operation, and the step's id as its cursor. */
export function recordAt(plan: Plan, execution: Execution, step: Step, created: Created = {}): OperationRecord {
  const { id, holder } = execution;
  const pending = pendingOf(step);
  return {
    schema: 1,
    id,
    kind: plan.operation,
    ...(plan.cancels === undefined ? {} : { cancels: plan.cancels }),
    phase: 'running',
    holder,
    cursor: step.id,
    digest: plan.digest,
    archive: plan.archive,
    putBack: plan.putBack,
    ...(pending === undefined ? {} : { pending: { resource: pending.resource, name: pending.name } }),
    ...(step.leaves === undefined ? {} : { left: step.leaves }),
    ...(execution.onlyFile === true ? { onlyFile: true } : {}),
    ...(created.uid === undefined ? {} : { created: created.uid }),
    ...(execution.reason === undefined ? {} : { reason: execution.reason }),
    // What goes on may have been allowed more than what began, and the archive says.
    ...(plan.from !== undefined || !savesArchive(plan) ? { asked: askedOf(plan, execution) } : {}),
  };
}

/** Whether it goes by an archive of its own. */
function savesArchive({ steps }: Plan): boolean {
  return steps.some(({ action }) => writeOf(action)?.verb === 'archive');
}

/** Options that whoever resumed it has changed. */
function changedSince(options: Asked['options'] & {}, begun: Archive['options']): Pick<Asked, 'options'> {
  const changed = Object.entries(options).filter(([option, value]) => !isDeepStrictEqual(value, begun[option]));
  return changed.length === 0 ? {} : { options: Object.fromEntries(changed) };
}

/** Options of its own archive are not repeated: they may be larger than a record. */
function askedOf({ options, allowed, operation }: Plan, { archive }: Execution): Asked {
  return {
    ...(archive?.operation === operation ? changedSince(options, archive.options) : { options }),
    allowed,
    ...(archive === undefined ? {} : { archiveId: archive.id }),
  };
}
