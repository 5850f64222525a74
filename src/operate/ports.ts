import type { ClusterReader } from '../cluster/api.ts';
import type { Clock } from '../domain/clock.ts';
import type { Target } from '../domain/snapshot.ts';
import type { Holder, OperationName } from '../domain/stored.ts';
import type { ApiVerbs } from '../domain/verbs.ts';
import type { AskGate } from '../execute/ports.ts';
import type { SectionPorts } from '../execute/section.ts';
import type { EventSink } from '../plan/events.ts';
import type { Plan, Planned } from '../plan/plan.ts';
import type { Liveness } from '../record/takeover.ts';

/** The right cluster is part of every question (principle 9). */
export type Where = Pick<Plan, 'cluster' | 'target'>;

/** Asks the person at the keyboard; cli/consent.ts answers from flags or a prompt, tests from a script. */
export interface ConsentPort {
  /**
   * Whether to carry out this plan, which was shown before.
   * @throws RefusedError when nobody can be asked and no flag answers, or a flag says something else than the plan
   */
  ask(plan: Plan): Promise<'yes' | 'no'>;
  /** Whether anybody was asked so far, and took their time: what they were shown is an old look by now. */
  readonly prompted: boolean;
  /** Whether to go on with an operation whose owner is silent; the question says who, since when, and the last sign of life. */
  takeOver(where: Where, question: string): Promise<boolean>;
}

/** One changing operation as asked for; options are checked by the command. */
export interface OperationRequest {
  readonly operation: OperationName;
  readonly target: Target;
  readonly options: Readonly<Record<string, unknown>>;
  readonly dryRun?: 'client' | 'server';
  /** Whether admission is asked about the first change while planning; else a request in earnest asks it, and a dry run does not. */
  readonly triesAdmission?: boolean;
  readonly allow: readonly string[];
  readonly timeoutMs?: number;
  readonly stepTimeoutMs?: number;
  readonly reason?: string;
  /** A file that the archive is written to as well. */
  readonly saveTo?: string;
  readonly takeOver: boolean;
}

/** Who runs this: for records. `since` is added from the server's clock. */
export type Operator = Omit<Holder, 'since'>;

/** Everything outside that an operation needs; main wires the real ones. */
export interface OperatePorts {
  readonly reader: ClusterReader;
  readonly verbs: ApiVerbs;
  /** The same verbs with dryRun=All: the server tries admission and permissions and stores nothing. */
  readonly dryRunVerbs: ApiVerbs;
  /** Server's time, milliseconds since the epoch. */
  readonly serverNow: () => number;
  readonly clock: Clock;
  readonly operator: Operator;
  readonly liveness: (holder: Holder) => Liveness;
  /** A new operation id. */
  readonly newId: () => string;
  readonly consent: ConsentPort;
  /** Shows what was planned, or why not, before anybody is asked. */
  readonly show: (planned: Planned) => void;
  readonly sink: EventSink;
  /** Asks a gate about a Pod of the target, once. */
  readonly askGate: AskGate;
  /** From now on no signal ends the process, until the returned end (execute/section.ts). */
  readonly enterSection: SectionPorts['enterSection'];
  /** Aborted with a StoppedError at Ctrl-C and SIGTERM. */
  readonly stop: AbortSignal;
  /** Writes a file of the operator's, for --save-to. */
  readonly saveFile: (path: string, text: string) => Promise<void>;
  /** Reads a file of the operator's: an archive that --save-to wrote. */
  readonly readFile: (path: string) => Promise<string>;
}

/** What it takes to say what a request would come to; nothing is written. */
export type LookPorts = Pick<OperatePorts, 'reader' | 'verbs' | 'dryRunVerbs' | 'operator' | 'liveness' | 'consent' | 'readFile'>;
