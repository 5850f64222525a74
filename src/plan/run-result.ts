import type { OperationResult } from './result.ts';

/** The word in a step of a runbook that says what it does. */
export type Verb = 'operation' | 'approve' | 'wait' | 'gate' | 'exec' | 'command';

/** How a step of a runbook ended; `skipped`: an earlier run has done it. */
export type StepOutcome = 'done' | 'skipped' | 'failed' | 'refused' | 'declined' | 'stopped' | 'not-run';

export interface StepResult {
  readonly name: string;
  readonly verb: Verb;
  readonly outcome: StepOutcome;
  readonly message: string;
  /** Absent where it did not run. */
  readonly seconds?: number;
  /** Of an operation. */
  readonly result?: OperationResult;
}

/** What a run of a runbook came to; printed as text or as JSON `kind: RunResult`. */
export interface RunResult {
  readonly outcome: 'done' | 'failed' | 'refused' | 'declined' | 'stopped';
  readonly exitCode: 0 | 1 | 3 | 4 | 130;
  readonly message: string;
  readonly steps: readonly StepResult[];
  /** Where it is written down what is done. */
  readonly journal: string;
  /** Command line that goes on; present when something remains. */
  readonly resumeCommand?: string;
}
