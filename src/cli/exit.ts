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

/** The process's own streams and surroundings. Node opens stdin when it is first looked at, so that waits for a prompt. */
export function processIo(): Io {
  return {
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    signals: process,
    leaveNow: (code) => process.exit(code),
  };
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
