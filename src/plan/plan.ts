import type { Finding } from '../domain/finding.ts';
import type { RetentionPolicy } from '../domain/kube.ts';
import type { ObjectRef } from '../domain/object-ref.ts';
import type { ClusterRef, SliceName, Target } from '../domain/snapshot.ts';
import type { OperationName, Phase, PutBack } from '../domain/stored.ts';
import { type Action, type Write, writeOf } from './action.ts';
import type { Condition } from './condition.ts';

/** One guarded step. Serialisable: the same object is printed, digested, recorded by id and executed. */
export interface Step {
  /** Deterministic: `archive`, `protect`, `scale-down/3`, `delete-set`, `verify`. Resuming finds its place by it. */
  readonly id: string;
  /** What a person reads: "delete member web-3". */
  readonly title: string;
  readonly action: Action;
  /** Must hold on a fresh read right before the action, whatever its kind; the server-side guard is in the write. */
  readonly preconditions: readonly Condition[];
  /** Must hold after the action, within the step's time-out; already holding on a resumed step, it is not repeated. */
  readonly verify: readonly Condition[];
  /** Ends the step's wait, too: what it was planned on is not so any more, and the plan is made again (Plan.replan). */
  readonly unless?: Condition;
  /**
   * A second write, made while the step waits, where the controller will not do it by its own rules; the record names the
   * object while it may happen.
   */
  readonly fallback?: { readonly delete: ObjectRef; readonly when: Condition };
  /** What must stay true while the step waits. Once it is not, this write is made at once, and the plan stops. */
  readonly meanwhile?: { readonly condition: Condition; readonly otherwise: Write };
  /** Slices that no watch follows: read again before the step's write, and while it waits. */
  readonly rereads?: readonly SliceName[];
  /** spec.replicas of the set once this step's write is made: the record repeats it, for whoever resumes or cancels. */
  readonly leaves?: number;
  /**
   * What a stop from here on means: the set is held where it is (nothing said), the controller `continues` without us, or
   * that, and there is no way back but forward (`final`).
   */
  readonly ifStopped?: 'continues' | 'final';
  /** Steps of one section, one after the other, are not interrupted: from the first write on, Ctrl-C and time-outs wait. */
  readonly section?: string;
  /** Steps of one group are about one object of several: where one fails, the rest of its group is left, and the others go on. */
  readonly group?: string;
  /** Milliseconds until the step gives up; from --step-timeout or derived from the object. */
  readonly timeoutMs: number;
}

/** One line of the plan's "what becomes of it" table. */
export interface Change {
  /** The object's kind, or `field` for a row about a field of the StatefulSet. */
  readonly kind:
    | 'field'
    | 'Node'
    | 'Pod'
    | 'PersistentVolumeClaim'
    | 'PersistentVolume'
    | 'StatefulSet'
    | 'Service'
    | 'Deployment'
    | 'Job'
    | 'ConfigMap'
    | 'Secret';
  readonly name: string;
  /** e.g. `Running, ready, on node-1`. */
  readonly before: string;
  /** e.g. `deleted 3rd`, `retained`. */
  readonly after: string;
}

/** An object the plan was made on, with exactly the fields that it read (never resourceVersion, counters, times). */
export interface BasedOn {
  readonly object: string;
  readonly uid: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What nobody else may change while a plan is carried out: then it stops, held, and says so. */
export interface During {
  /**
   * The set's spec but for what the plan itself changes: as its manifest was saved, or as it was when this run began. `as-written`:
   * all of it, as the server answered our last write.
   */
  readonly spec?: 'as-saved' | 'as-begun' | 'as-written';
  /** Under this policy Pods leave. Should another client change it while one is leaving, it is put back: later nobody can. */
  readonly retention?: RetentionPolicy;
}

export type Consent = { readonly kind: 'yes-no' } | { readonly kind: 'typed'; readonly name: string };

export interface Plan {
  readonly schema: 1;
  /** `none`: an operation that converges, and is begun again where another would be resumed (law 5). */
  readonly journal?: 'none';
  readonly operation: OperationName;
  /** Of one that goes back: the operation that it goes back from. */
  readonly cancels?: OperationName;
  readonly cluster: ClusterRef;
  readonly target: Target;
  readonly options: Readonly<Record<string, unknown>>;
  readonly allowed: readonly string[];
  /** One sentence: "delete StatefulSet web: stop 3 members, highest first, keep 3 claims". */
  readonly summary: string;
  readonly findings: readonly Finding[];
  readonly changes: readonly Change[];
  readonly basedOn: readonly BasedOn[];
  readonly steps: readonly Step[];
  /** Where a resumed operation goes on; undefined for a fresh one. */
  readonly from?: string;
  /** Of an operation that was begun earlier: whose it is, and what is left. */
  readonly resume?: Resumption;
  readonly during?: During;
  /** The order of its steps depends on what becomes of the Pods: before each step it is made again on what is there. */
  readonly replan?: 'eachStep';
  readonly consent: Consent;
  readonly putBack: PutBack;
  /** Empty for one that keeps no record. */
  readonly archive: string;
  readonly digest: string;
}

/** The object that a step may delete: a take-over must know it. */
export function pendingOf({ action, fallback }: Pick<Step, 'action' | 'fallback'>): ObjectRef | undefined {
  const write = writeOf(action);
  return write?.verb === 'delete' ? write.ref : fallback?.delete;
}

/** What the record names while a step runs: one that moves to the index is the intent of the step behind it, too. */
export function intendedBy(step: Step, { steps }: Pick<Plan, 'steps'>): Step {
  const write = writeOf(step.action);
  return write?.verb === 'record' && write.do === 'move' ? (steps[steps.indexOf(step) + 1] ?? step) : step;
}

/** What a plan that resumes is told with. */
export interface Resumption {
  /** user@host of who ran it last. */
  readonly startedBy: string;
  /** RFC 3339, server's clock. */
  readonly startedAt: string;
  /** `running`: it ended without a word. */
  readonly phase: Phase;
  /** One sentence: "resume delete of StatefulSet web (started 2m ago by ann@laptop, interrupted): 1 of 3 Pods left to delete". */
  readonly summary: string;
}

/** Nothing to do, and why: exit 0 (`scale --replicas 3` on 3). */
export interface NothingToDo {
  readonly outcome: 'nothing-to-do';
  readonly message: string;
}

/** Refused before the first write: the findings that block, each with evidence, remedy, override. */
export interface Refusal {
  readonly outcome: 'refused';
  readonly operation: OperationName;
  readonly target: Target;
  readonly cluster: ClusterRef;
  readonly message: string;
  readonly findings: readonly Finding[];
}

export type Planned = { readonly outcome: 'plan'; readonly plan: Plan } | NothingToDo | Refusal;
