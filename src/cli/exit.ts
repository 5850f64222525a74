import { ApiError, CannotError, ChangedError, RefusedError, StoppedError, UsageError } from '../domain/errors.ts';
import { safe } from '../render/text.ts';
import type { Io, Output } from './io.ts';

/** The one table of exit codes; the help prints it. */
export const exitCodes = [
  { code: 0, means: 'done and verified' },
  { code: 1, means: 'failed, and nothing was changed: unknown set, bad kubeconfig, server not reachable' },
  { code: 2, means: 'the command line is wrong' },
  { code: 3, means: 'refused, forbidden or declined, and nothing was changed; a refused --dry-run too' },
  { code: 4, means: 'ended after the first write short of done, or a wait timed out; the result lists what remains' },
  { code: 5, means: 'a check found problems' },
  { code: 130, means: 'interrupted by Ctrl-C' },
] as const;

export type ExitCode = (typeof exitCodes)[number]['code'];

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

/** The process's own streams and surroundings. */
export function processIo(): Io {
  const { stdin, stdout, stderr, env } = process;
  return { stdin, stdout, stderr, env, signals: process, leaveNow: (code) => process.exit(code) };
}

/**
 * Ends the process once both streams have taken everything: writes to a pipe are asynchronous, and process.exit would
 * cut them off.
 */
export async function leave(code: number, io: Io): Promise<never> {
  await Promise.all([drained(io.stdout), drained(io.stderr)]);
  process.exit(code);
}

function drained(stream: Output): Promise<void> {
  return new Promise((resolve) => {
    if (!stream.writable) resolve();
    else stream.write('', () => resolve());
  });
}

/**
 * A reader that went away (`| head`) is no error: the rest of the output has nobody to read it. Anything else that
 * breaks a stream cannot be told anybody either.
 */
export function quietPipes(io: Io): void {
  for (const stream of [io.stdout, io.stderr]) stream.on('error', () => {});
}
