import { ApiError, CannotError, ChangedError, RefusedError, StoppedError, UsageError } from '../domain/errors.ts';
import { safe } from '../render/text.ts';
import type { ExitCode } from './exit.ts';

export interface Ending {
  readonly code: ExitCode;
  /** For stderr, with its newline; empty when there is nothing to add. */
  readonly text: string;
}

/**
 * The one mapping from an error to a sentence and an exit code. Errors that arrive here came before the first write:
 * after it, the operation's own result carries the code (architecture, law 10).
 *
 * @param verbosity of -v; from 6 on an unexpected error shows where it came from.
 */
export function endingOf(error: unknown, verbosity = 0): Ending {
  if (error instanceof UsageError) return ending(2, error.message, error.hint);
  if (error instanceof CannotError) return ending(1, error.message, error.hint);
  if (error instanceof RefusedError) return ending(3, error.message, error.hint);
  if (error instanceof ChangedError) return ending(3, error.message);
  if (error instanceof StoppedError) return ending(error.by === 'interrupt' ? 130 : 4, error.message);
  if (error instanceof ApiError) return apiEnding(error);
  return bug(error, verbosity);
}

function apiEnding(error: ApiError): Ending {
  if (error.status === 403) return ending(3, `forbidden: ${error.message}`, 'kubectl auth can-i --list shows what you may do');
  if (error.status === 401) return ending(1, `the server does not accept these credentials: ${error.message}`);
  return ending(1, error.message);
}

function bug(error: unknown, verbosity: number): Ending {
  const message = error instanceof Error ? error.message : String(error);
  const trace = error instanceof Error && verbosity >= 6 ? `${error.stack ?? ''}\n` : '';
  const { code, text } = ending(1, `this is a bug in kubectl sts-safe: ${message}`, 'please report it; -v 6 shows where it came from');
  return { code, text: text + trace };
}

/** Messages may quote the cluster, so they are made harmless for the terminal here. */
function ending(code: ExitCode, message: string, hint?: string): Ending {
  return { code, text: `error: ${safe(message)}\n${hint === undefined ? '' : `hint: ${safe(hint)}\n`}` };
}
