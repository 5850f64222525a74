import { spawn } from 'node:child_process';
import { Tail } from '../cluster/exec.ts';
import type { CommandOutcome } from '../gates/judge.ts';
import type { Cluster } from './session.ts';

/** A line for a shell, or a program and its arguments without one. */
export type CommandHere = string | readonly [program: string, ...args: string[]];

/**
 * Runs a command on this machine. What it prints is shown by others, so it has neither the terminal nor stdin.
 * @param told variables besides the user's
 * @param hear gets what it prints, as it comes
 * @throws the signal's reason when that aborts; Error where it cannot be started, or ended by a signal
 */
export function runHere(
  command: CommandHere,
  told: NodeJS.ProcessEnv,
  signal: AbortSignal,
  hear: (text: string) => void = () => undefined,
): Promise<CommandOutcome> {
  const [program, ...args] = typeof command === 'string' ? [command] : command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { shell: typeof command === 'string', env: told, signal, stdio: ['ignore', 'pipe', 'pipe'] });
    const [stdout, stderr] = [new Tail(), new Tail()];
    const listen = (stream: NodeJS.ReadableStream, tail: Tail): void => {
      stream.on('data', (data: Buffer) => {
        tail.add(data);
        hear(data.toString());
      });
    };
    listen(child.stdout, stdout);
    listen(child.stderr, stderr);
    child.once('error', (error) => reject(signal.aborted ? (signal.reason as Error) : error));
    child.once('close', (code, by) => {
      if (code === null) reject(new Error(`ended by ${by ?? 'a signal'}`));
      else resolve({ code, stdout: stdout.text, stderr: stderr.text });
    });
  });
}

/** What a command is told of the cluster, so that a kubectl in it talks to the same one. */
export function placeIn({ connection: { namespace, context, flags } }: Cluster): Readonly<Record<string, string>> {
  const at = flags.indexOf('--kubeconfig');
  const kubeconfig = at < 0 ? undefined : flags[at + 1];
  return {
    STS_SAFE_NAMESPACE: namespace,
    STS_SAFE_CONTEXT: context,
    ...(kubeconfig === undefined ? {} : { KUBECONFIG: kubeconfig }),
  };
}
