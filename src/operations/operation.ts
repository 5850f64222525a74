import type { AccessNeed } from '../domain/access.ts';
import type { Finding } from '../domain/finding.ts';
import type { SliceName, Snapshot } from '../domain/snapshot.ts';
import type { Archive, OperationName, OperationRecord } from '../domain/stored.ts';
import type { Intent, Rule } from '../findings/check.ts';
import type { Consent, NothingToDo, Plan } from '../plan/plan.ts';

/** What an operation that was begun earlier goes on from. */
export interface Resume {
  readonly record: OperationRecord;
  readonly archive: Archive;
}

export interface PlanInput<Options> {
  readonly snapshot: Snapshot;
  readonly options: Options;
  readonly allowed: readonly string[];
  /** --step-timeout in milliseconds; default from the object. */
  readonly stepTimeoutMs?: number;
  readonly resume?: Resume;
}

/** What is known before the evidence is judged. */
export interface Look<Options> extends Pick<PlanInput<Options>, 'snapshot' | 'options'> {
  /** The record on the set, where it can be read and no other counts. */
  readonly open?: OperationRecord;
}

/** A plan but for its digest, which operate adds. */
export type PlanDraft = Omit<Plan, 'digest'>;

/** What a plan asks for before anything is changed: a yes, or the set's name typed where data or availability can be lost. */
export interface ConsentRule {
  readonly kind: Consent['kind'];
  /** The case in which the name is asked for all the same, in words. */
  readonly typedIf?: string;
}

/** A set's policy, a Pod that owns it, or its own deletion takes a claim away with the member that leaves (losses.ts). */
export const CLAIMS_LOST = 'claims go with members that leave';

/**
 * What loses data asks for the name to be typed, whatever the operation asks otherwise (product, section 2).
 * @param exception whether it is the case of `typedIf`
 */
export function consentTo({ kind }: ConsentRule, name: string, exception = false): Consent {
  return kind === 'typed' || exception ? { kind: 'typed', name } : { kind };
}

/**
 * One operation (architecture, rooms): what it must see, what it checks with which severity, and a pure plan. The same
 * object serves the commands, resuming, `recover` and runbooks.
 */
export interface Operation<Options> {
  readonly name: OperationName;
  /** `required`: unknown blocks before the first write. `advisory`: unknown is a warning. */
  readonly needs: { readonly required: readonly SliceName[]; readonly advisory: readonly SliceName[] };
  /** Required slices that this very request can do without: unknown, they warn. */
  spares?(look: Look<Options>): readonly SliceName[];
  readonly consent: ConsentRule;
  /**
   * What is about to happen, for the checks; or that there is nothing to do.
   * @throws UsageError, RefusedError or CannotError with the sentence for people
   */
  intent(input: PlanInput<Options>): Intent | NothingToDo;
  /** Rows of the consent table. */
  rules(input: PlanInput<Options>): readonly Rule[];
  plan(input: PlanInput<Options>, intent: Intent, findings: readonly Finding[]): PlanDraft;
  /** Everything the plan's writes and waits need, for SelfSubjectAccessReview before the first write. */
  access(plan: PlanDraft): readonly AccessNeed[];
}

export function isNothingToDo(value: Intent | NothingToDo): value is NothingToDo {
  return 'outcome' in value;
}
