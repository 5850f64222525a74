import { isAccessDenied } from '../domain/admission.ts';
import { ApiError, CannotError, ChangedError, RefusedError, StoppedError, UsageError } from '../domain/errors.ts';
import { commandLine, type Place } from '../plan/commandline.ts';
import { safe } from '../render/text.ts';
import type { ExitCode } from './exit.ts';

export interface Ending {
  readonly code: ExitCode;
  /** For stderr, with its newline; empty when there is nothing to add. */
  readonly text: string;
}

/** An error in words, as the cluster may have written some of them: for a document, or to be made harmless for a terminal. */
export interface Sentence {
  /** A check found no problems here: not 5. */
  readonly code: Exclude<ExitCode, 5>;
  readonly message: string;
  readonly hint?: string;
}

/**
 * What an error comes to on stderr. Errors that arrive here came before the first write: after it, the operation's own
 * result carries the code (architecture, law 10).
 *
 * @param verbosity of -v; from 6 on an unexpected error shows where it came from.
 * @param place where hints are to be typed; none while there is no connection
 */
export function endingOf(error: unknown, verbosity = 0, place?: Place): Ending {
  const { code, message, hint } = sentenceOf(error, place);
  const text = `error: ${safe(message)}\n${hint === undefined ? '' : `hint: ${safe(hint)}\n`}`;
  const trace = verbosity >= 6 && error instanceof Error && !isExpected(error) ? `${error.stack ?? ''}\n` : '';
  return { code, text: text + trace };
}

/** The one mapping from an error to a sentence and an exit code. */
export function sentenceOf(error: unknown, place: Place = { namespace: '', flags: [] }): Sentence {
  if (error instanceof UsageError) return sentence(2, error.message, error.hint);
  if (error instanceof CannotError) return sentence(1, error.message, error.hint);
  if (error instanceof RefusedError) return sentence(3, error.message, error.hint);
  if (error instanceof ChangedError) return sentence(3, error.message);
  if (error instanceof StoppedError) return sentence(STOPPED[error.by], error.message);
  if (error instanceof ApiError) return apiSentence(error, place);
  return bug(error);
}

/** A time-out that arrives here is that of `status --wait`: a change's own, before its first write, is told as a failure. */
const STOPPED: Readonly<Record<StoppedError['by'], Sentence['code']>> = { interrupt: 130, terminate: 1, timeout: 4, hopeless: 4 };

function apiSentence(error: ApiError, place: Place): Sentence {
  if (error.admission !== undefined) return sentence(3, error.message);
  if (error.status === 403) return sentence(3, `forbidden: ${error.message}`, ...hintFor(error, place));
  if (error.status === 401) return sentence(1, `the server does not accept these credentials: ${error.message}`);
  return sentence(1, error.message);
}

const WHAT_I_MAY = { do: 'kubectl', args: ['auth', 'can-i', '--list'] } as const;

/** Permissions are looked at where they are what is missing. */
function hintFor({ message }: ApiError, place: Place): readonly string[] {
  return isAccessDenied(message) ? [`${commandLine(WHAT_I_MAY, place)} shows what you may do`] : [];
}

function bug(error: unknown): Sentence {
  const message = error instanceof Error ? error.message : String(error);
  return sentence(1, `this is a bug in kubectl sts-safe: ${message}`, 'please report it; -v 6 shows where it came from');
}

function isExpected(error: Error): boolean {
  return [UsageError, CannotError, RefusedError, ChangedError, StoppedError, ApiError].some((kind) => error instanceof kind);
}

function sentence(code: Sentence['code'], message: string, hint?: string): Sentence {
  return { code, message, ...(hint === undefined ? {} : { hint }) };
}
