import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { identityOf, lives } from './identity.ts';

/**
 * Takes the file at `path` for this process, or answers false if a living process has it. A dead holder's file is
 * taken over. The file appears with its content in one step (link), so nobody reads an empty one.
 */
export function claim(path: string): boolean {
  const own = identityOf(process.pid);
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, own);
  try {
    for (;;) {
      if (linked(draft, path)) return true;
      const holder = readHolder(path);
      if (holder !== undefined && lives(holder)) return false;
      if (holder !== undefined) discard(path, holder);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/** True if a living process has the file. */
export function isHeld(path: string): boolean {
  const holder = readHolder(path);
  return holder !== undefined && lives(holder);
}

export function release(path: string): void {
  if (readHolder(path) === identityOf(process.pid)) rmSync(path, { force: true });
}

/** Runs `work` while holding the file; `onWait` is called once if somebody else has it. */
export async function whileHolding<T>(path: string, onWait: () => void, work: () => Promise<T>): Promise<T> {
  for (let waited = false; !claim(path); waited = true) {
    if (!waited) onWait();
    await delay(100);
  }
  try {
    return await work();
  } finally {
    release(path);
  }
}

function linked(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Moves a dead holder's file away first: of two processes that find it at once only one moves it. */
function discard(path: string, holder: string): void {
  const aside = `${path}.dead-${process.pid}`;
  try {
    renameSync(path, aside);
    if (readHolder(aside) !== holder) linked(aside, path);
  } catch {
    return;
  } finally {
    rmSync(aside, { force: true });
  }
}
