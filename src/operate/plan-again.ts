import type { Snapshot } from '../domain/snapshot.ts';
import type { Archive, OperationRecord } from '../domain/stored.ts';
import { isNothingToDo, type Operation, type PlanInput } from '../operations/operation.ts';
import type { Plan } from '../plan/plan.ts';
import { operationOf } from './asked.ts';
import { followedOf } from './followed.ts';
import type { OperationRequest } from './ports.ts';

/** A plan that goes by what is there (Plan.replan), made again while it is carried out. */
export class PlanAgain {
  readonly #plan: Plan;
  readonly #begun: Snapshot;
  readonly #request: Pick<OperationRequest, 'stepTimeoutMs'>;
  /** The one that it goes by, once it is written. */
  archive: Archive | undefined;

  /** @param begun what it was planned on */
  constructor(plan: Plan, begun: Snapshot, archive: Archive | undefined, request: Pick<OperationRequest, 'stepTimeoutMs'>) {
    this.#plan = plan;
    this.#begun = begun;
    this.archive = archive;
    this.#request = request;
  }

  /**
   * As whoever resumes would make it now, by the record and the archive: to go on is to resume.
   * @param record as text; undefined before the first write: until then it stays what was agreed to
   */
  on(seen: Snapshot, record: string | undefined): Pick<Plan, 'steps'> | undefined {
    const plan = this.#plan;
    if (plan.replan === undefined || record === undefined || this.archive === undefined) return undefined;
    const operation: Operation<unknown> = operationOf(plan.operation);
    const { stepTimeoutMs } = this.#request;
    const followed = Object.fromEntries(followedOf(plan.target).map((slice) => [slice, seen.slices[slice]]));
    const input: PlanInput<unknown> = {
      snapshot: { ...seen, slices: { ...this.#begun.slices, ...followed } },
      options: plan.options,
      allowed: plan.allowed,
      ...(stepTimeoutMs === undefined ? {} : { stepTimeoutMs }),
      resume: { record: JSON.parse(record) as OperationRecord, archive: this.archive },
    };
    const intent = operation.intent(input);
    return isNothingToDo(intent) ? { steps: [] } : operation.plan(input, intent, plan.findings);
  }
}
