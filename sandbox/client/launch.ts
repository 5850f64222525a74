import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Reporter } from '../build/reporter.ts';
import type { BootOptions } from '../control-plane/options.ts';
import { type Folder, makePrivate } from '../host/folder.ts';
import { lastLines } from '../supervisor/log.ts';
import type { BootMessage } from '../supervisor/message.ts';

const supervisor = join(import.meta.dirname, '..', 'supervisor', 'main.ts');

/** Starts a supervisor in an empty state folder and resolves with the time it took when the sandbox is ready. */
export async function launch(options: BootOptions, folder: Folder, report: Reporter): Promise<number> {
  makePrivate(folder.dir);
  mkdirSync(folder.logs);
  writeFileSync(folder.options, JSON.stringify(options, null, 2));
  const errors = openSync(join(folder.logs, 'supervisor.log'), 'a');
  // A session of its own: Ctrl-C in the terminal reaches the owner, whose end is the supervisor's orderly end.
  const child = spawn(process.execPath, [supervisor, folder.dir, folder.name], {
    detached: true,
    stdio: [options.lifetime === 'owned' ? 'pipe' : 'ignore', 'pipe', errors],
    cwd: folder.dir,
  });
  closeSync(errors);
  try {
    return await untilReady(child, folder, report);
  } finally {
    release(child);
  }
}

async function untilReady(child: ChildProcess, folder: Folder, report: Reporter): Promise<number> {
  if (!child.stdout) throw new Error('no standard output');
  const failure = new Promise<never>((_, reject) => child.once('error', reject));
  const read = async (lines: AsyncIterable<string>): Promise<number> => {
    for await (const line of lines) {
      const message = JSON.parse(line) as BootMessage;
      if (message.kind === 'ready') return message.bootMs;
      if (message.kind === 'failed') throw new Error(`The sandbox did not start: ${message.message}\nIts logs: ${folder.logs}`);
      report.line(message.text);
    }
    throw new Error(`The supervisor ended before the sandbox was ready.\n${lastLines(join(folder.logs, 'supervisor.log'))}`);
  };
  return Promise.race([failure, read(createInterface({ input: child.stdout }))]);
}

/** Lets this process end before the supervisor does; the end of stdin then tells an owned one. */
function release(child: ChildProcess): void {
  child.stdout?.destroy();
  child.unref();
  const stdin = child.stdin as Socket | null;
  stdin?.unref();
  stdin?.on('error', () => {});
}
