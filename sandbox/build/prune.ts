import { readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

/** A control plane is 190 MB, and every change of a go.mod makes another. */
const kept = 3;

/** A build that was used lately may be about to start, in another process that has found all its parts. */
const safeMs = 3_600_000;

/** A folder's time tells when it was last used. */
export function markUsed(folder: string): void {
  const now = new Date();
  utimesSync(folder, now, now);
}

/** Removes all builds of a module but those used last. */
export function prune(module: string, cache: string): void {
  const builds = readdirSync(cache)
    .filter((entry) => entry.startsWith(`${module}-`) && /^[0-9a-f]{16}$/.test(entry.slice(module.length + 1)))
    .map((entry) => join(cache, entry))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  const isOld = (build: string): boolean => statSync(build).mtimeMs < Date.now() - safeMs;
  for (const old of builds.slice(kept).filter(isOld)) rmSync(old, { recursive: true, force: true });
}
