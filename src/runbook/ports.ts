import type { OperationResult } from '../plan/result.ts';
import type { StepResult } from '../plan/run-result.ts';
import type { Entry, Mark } from './journal.ts';
import type { CommandStep, ExecStep, GateStep, OperationStep, Step, WaitStep } from './schema.ts';

/** Everything outside that a run needs. Each rejects with one of domain/errors.ts, or with the reason of the signal. */
export interface RunPorts {
  /** Plans, shows, asks and carries out. @param timeoutMs of the whole operation */
  readonly operate: (step: OperationStep, timeoutMs: number | undefined) => Promise<OperationResult>;
  /** Whether somebody says yes. Rejects with RefusedError where nobody can be asked. */
  readonly approve: (step: Step, question: string) => Promise<boolean>;
  /** Resolves with what was seen at the end, in words; rejects where it never will be so. */
  readonly wait: (step: WaitStep, signal: AbortSignal) => Promise<string>;
  readonly gate: (step: GateStep, signal: AbortSignal) => Promise<string>;
  readonly exec: (step: ExecStep, signal: AbortSignal) => Promise<string>;
  readonly command: (step: CommandStep, signal: AbortSignal) => Promise<string>;
  /** The object that an operation is about, as it is; undefined where there is none. */
  readonly mark: (step: OperationStep) => Promise<Mark | undefined>;
  /** Tells which step begins, and how it ended. */
  readonly begins: (step: Step, index: number) => void;
  readonly ended: (result: StepResult) => void;
  readonly journal: (entry: Entry) => Promise<void>;
  /** Server's time, milliseconds since the epoch. */
  readonly now: () => number;
  /** Aborts after so many milliseconds, unless it is disposed of before. */
  readonly after: (ms: number) => { readonly signal: AbortSignal } & Disposable;
  /** Aborted with a StoppedError at Ctrl-C and SIGTERM. */
  readonly stop: AbortSignal;
}
