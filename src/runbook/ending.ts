import { ApiError, CannotError, ChangedError, RefusedError, StoppedError, UsageError } from '../domain/errors.ts';
import type { OperationResult } from '../plan/result.ts';
import type { RunResult, StepOutcome, StepResult } from '../plan/run-result.ts';

/** Somebody said no. */
export class Declined extends Error {}

/** How an operation ended, as a step. */
export function outcomeOf({ outcome }: OperationResult): StepOutcome {
  return outcome === 'refused' || outcome === 'declined' || outcome === 'stopped' || outcome === 'failed' ? outcome : 'done';
}

/** Errors end the step. @throws what is wrong with the program itself */
export function endingOf(error: unknown, stop: AbortSignal): Pick<StepResult, 'outcome' | 'message'> {
  if (error instanceof Declined) return { outcome: 'declined', message: error.message };
  if (error instanceof StoppedError || stop.aborted) return { outcome: 'stopped', message: messageOf(stop.reason ?? error) };
  if (error instanceof RefusedError) return { outcome: 'refused', message: inWords(error) };
  const isOfTheWorld = [ApiError, CannotError, ChangedError, UsageError].some((kind) => error instanceof kind);
  if (!isOfTheWorld) throw error;
  return { outcome: 'failed', message: inWords(error as Error) };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const inWords = ({ message, hint }: Error & { readonly hint?: string | undefined }): string =>
  hint === undefined ? message : `${message} (${hint})`;

/**
 * What a run came to by the step that it ended at.
 * @param wrote something may have changed, by this step or an earlier one
 */
export function runEndedAt(
  { name, outcome, message, result }: StepResult,
  wrote: boolean,
  stop: AbortSignal,
): Pick<RunResult, 'outcome' | 'exitCode' | 'message'> {
  const ended = outcome === 'stopped' || outcome === 'refused' || outcome === 'declined' ? outcome : 'failed';
  if (ended === 'stopped' && isInterrupt(stop)) return { outcome: ended, exitCode: 130, message: `step ${name}: ${message}` };
  const exitCode = wrote || result?.exitCode === 4 ? 4 : UNTOUCHED[ended];
  return { outcome: ended, exitCode, message: `step ${name}: ${message}` };
}

/** Exit codes where nothing was changed. */
const UNTOUCHED = { stopped: 1, failed: 1, refused: 3, declined: 3 } as const;

function isInterrupt({ reason }: AbortSignal): boolean {
  return reason instanceof StoppedError && reason.by === 'interrupt';
}
