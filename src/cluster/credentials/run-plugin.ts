import type { ChildProcess, StdioOptions } from 'node:child_process';
import { LineSplitter } from '../transport/lines.ts';

export interface PluginRun {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** It gets our stdin and stderr themselves, so that it can ask. */
  readonly interactive: boolean;
  /** A line of its stderr, as it comes: it may be an address to open while it waits. */
  readonly log: (line: string) => void;
}

/** Runs a plugin to its end. @returns what it printed, or a sentence about why it failed. */
export function runPlugin(run: PluginRun): Promise<{ readonly stdout: string } | string> {
  const { spawn } = process.getBuiltinModule('node:child_process');
  const stdio: StdioOptions = run.interactive ? ['inherit', 'pipe', 'inherit'] : ['ignore', 'pipe', 'pipe'];
  const child = spawn(run.command, [...run.args], { env: run.env, stdio, windowsHide: true });
  return collect(child, run);
}

function collect(child: ChildProcess, run: PluginRun): Promise<{ readonly stdout: string } | string> {
  const { promise, resolve } = Promise.withResolvers<{ readonly stdout: string } | string>();
  const stdout: Buffer[] = [];
  let last = '';
  const lines = new LineSplitter((line) => {
    last = line.trim() === '' ? last : line.trim();
    run.log(line);
  });
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => lines.push(chunk));
  child.once('error', (error: NodeJS.ErrnoException) => resolve(startFailure(error)));
  child.once('close', (code, signal) => {
    lines.end();
    if (code === 0) return resolve({ stdout: Buffer.concat(stdout).toString('utf8') });
    const how = signal === null ? `it exited with code ${code}` : `it was ended by ${signal}`;
    resolve(last === '' ? how : `${how}: ${last}`);
  });
  return promise;
}

function startFailure(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return 'the program was not found';
  if (error.code === 'EACCES') return 'the program may not be executed';
  return error.message;
}
