/**
 * The supervisor of one sandbox: `node main.ts STATE NAME`. It is the parent of every component, and each of them ends when it ends.
 * Standard output carries JSON lines to whoever started it (message.ts); standard error goes to STATE/logs/supervisor.log.
 * An owned sandbox ends with its standard input, so with the process that holds the other end.
 */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { BootOptions } from '../control-plane/options.ts';
import { folderOf } from '../host/folder.ts';
import { listenForCommands, type Status } from './control.ts';
import type { BootMessage } from './message.ts';
import { RunningSandbox } from './sandbox.ts';

const started = Date.now();
const [dir = '', name = ''] = process.argv.slice(2);
const folder = folderOf(name, dirname(dir));
const options = JSON.parse(readFileSync(folder.options, 'utf8')) as BootOptions;
const sandbox = new RunningSandbox(options, folder);
let phase: Status['phase'] = 'booting';
let bootMs: number | undefined;

function tell(message: BootMessage): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

async function end(code = 0): Promise<void> {
  if (phase === 'ending') return;
  phase = 'ending';
  await sandbox.teardown().catch((error: Error) => console.error(error));
  process.exit(code);
}

const status = async (): Promise<Status> => ({
  name,
  pid: process.pid,
  phase,
  startedAt: new Date(started).toISOString(),
  options,
  components: await sandbox.status(),
  ...(bootMs === undefined ? {} : { bootMs }),
});

/** Whoever started a detached sandbox goes away and takes the other end of standard output along. */
process.stdout.on('error', () => {});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void end());
if (options.lifetime === 'owned') {
  process.stdin
    .on('end', () => void end())
    .on('error', () => void end())
    .resume();
}

const boot = Promise.withResolvers<void>();
boot.promise.catch(() => {});
await listenForCommands(folder.controlSocket, { sandbox, status, booted: boot.promise, end: () => void end() });
try {
  await sandbox.boot((text) => tell({ kind: 'progress', text }));
  phase = 'ready';
  bootMs = Date.now() - started;
  boot.resolve();
  tell({ kind: 'ready', bootMs });
} catch (error) {
  if ((phase as Status['phase']) !== 'ending') {
    phase = 'failed';
    boot.reject(error);
    // The logs stay for whoever reads the message; the next command sweeps them away.
    await sandbox.teardown({ keepFolder: true }).catch(() => {});
    process.stdout.write(`${JSON.stringify({ kind: 'failed', message: (error as Error).message } satisfies BootMessage)}\n`, () =>
      process.exit(1),
    );
  }
}
