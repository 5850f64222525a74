import type { Finding } from '../domain/finding.ts';
import type { ClusterRef, Target } from '../domain/snapshot.ts';
import type { OperationName, PutBack } from '../domain/stored.ts';
import type { Action } from './action.ts';
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
  /**
   * For a step that removes a member: delete this condemned Pod ourselves when the controller's own rules say it will not;
   * but wait with it for members below `stayingBelow`, which stay and must not become fewer.
   */
  readonly assist?: { readonly pod: string; readonly setUid: string; readonly stayingBelow?: number };
  /** Ctrl-C is deferred while this step runs (between delete and re-create). */
  readonly uninterruptible?: true;
  /** Milliseconds until the step gives up; from --step-timeout or derived from the object. */
  readonly timeoutMs: number;
}

/** One line of the plan's "what becomes of it" table. */
export interface Fate {
  readonly kind: 'member' | 'claim' | 'volume' | 'set' | 'service' | 'pod' | 'deployment' | 'job' | 'configmap' | 'secret';
  readonly name: string;
  /** e.g. `Running, ready, node-1`. */
  readonly now: string;
  /** e.g. `stopped 3rd`, `kept`, `deleted`. */
  readonly then: string;
}

/** An object the plan was made on, with exactly the fields that it read (never resourceVersion, counters, times). */
export interface PlannedOn {
  readonly object: string;
  readonly uid: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export type Consent = { readonly kind: 'yes-no' } | { readonly kind: 'typed'; readonly name: string };

export interface Plan {
  readonly schema: 1;
  readonly operation: OperationName;
  readonly cluster: ClusterRef;
  readonly target: Target;
  readonly options: Readonly<Record<string, unknown>>;
  readonly allowed: readonly string[];
  /** One sentence: "delete StatefulSet web: stop 3 members, highest first, keep 3 claims". */
  readonly summary: string;
  readonly findings: readonly Finding[];
  readonly fate: readonly Fate[];
  readonly plannedOn: readonly PlannedOn[];
  readonly steps: readonly Step[];
  /** Where a resumed operation goes on; undefined for a fresh one. */
  readonly from?: string;
  /** Of an operation that was begun earlier: whose it is, and what is left. */
  readonly resume?: Resumption;
  readonly consent: Consent;
  readonly putBack: PutBack;
  readonly archive: string;
  readonly digest: string;
}

/** What a plan that resumes is told with. */
export interface Resumption {
  /** user@host of who ran it last. */
  readonly startedBy: string;
  /** RFC 3339, server's clock. */
  readonly startedAt: string;
  /** `running`: it ended without a word. */
  readonly phase: 'running' | 'stopped';
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
