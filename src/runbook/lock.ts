import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CannotError, RefusedError } from '../domain/errors.ts';

/** A process that carries out a run. */
export interface Runner {
  /** Of this machine and boot. */
  readonly host: string;
  readonly pid: number;
}

/**
 * Takes a journal for this process: two runs of one runbook would do each step twice. The lock is a file beside the journal, made
 * whole by one link(2), and names its process, so that the lock of one that was killed is taken over.
 *
 * @param isGone whether that process is known to have ended
 * @returns gives it back
 * @throws RefusedError while another process has it, CannotError where it cannot be written
 */
export async function lockJournal(journal: string, me: Runner, isGone: (runner: Runner) => boolean): Promise<AsyncDisposable> {
  const path = `${journal}.lock`;
  const mine = `${path}.${me.pid}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(mine, JSON.stringify(me), { mode: 0o600 });
    if (!(await linked(mine, path))) await takenOver(mine, path, isGone);
  } catch (error) {
    if (error instanceof RefusedError) throw error;
    throw new CannotError(`journal ${journal} cannot be locked: ${(error as Error).message}`, 'name another place with --journal', error);
  } finally {
    await rm(mine, { force: true }).catch(() => undefined);
  }
  return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
}

async function takenOver(mine: string, path: string, isGone: (runner: Runner) => boolean): Promise<void> {
  const other = await holderOf(path);
  if (other !== undefined && isGone(other)) await rm(path, { force: true });
  if (await linked(mine, path)) return;
  const { pid, host } = (await holderOf(path)) ?? { pid: 0, host: '' };
  throw new RefusedError(
    `another process is running this runbook (process ${pid} on ${host.replace(/#.*$/, '')})`,
    `wait until it has ended; if it has, delete ${path}`,
  );
}

/** @returns whether nobody had it */
async function linked(mine: string, path: string): Promise<boolean> {
  try {
    await link(mine, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function holderOf(path: string): Promise<Runner | undefined> {
  try {
    const { host, pid } = JSON.parse(await readFile(path, 'utf8')) as Runner;
    return { host, pid };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
