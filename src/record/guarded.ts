import type { Clock } from '../domain/clock.ts';
import { ApiError } from '../domain/errors.ts';

/** How often a guarded write is tried while only things that do not matter to it moved (status, heartbeats). */
const CONFLICTS = 6;
/** How long a server that does not answer is waited for: an API server that restarts is back within seconds. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 3000;

/**
 * Reads, then writes on what was read, and again when the guard failed or the answer was lost. Law 2: a lost answer is
 * read back before anything is said. `attempt` reads afresh each time and throws ChangedError when the change that made
 * the guard fail is one that matters.
 *
 * @param attempt resolves when the write is in place; throws ApiError for the request that failed
 * @throws the last ApiError when the guard keeps failing although nothing relevant changed: then it was not the guard
 *   (a failed JSON-patch test is 422 without a cause, like a validation error [X]), or when the server stays away
 */
export async function guardedWrite<T>(clock: Clock, attempt: (tries: number) => Promise<T>): Promise<T> {
  const began = clock.now();
  let conflicts = 0;
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(tries);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.sent === 'rejected') {
        conflicts += 1;
        if (!isConflict(error) || conflicts >= CONFLICTS) throw error;
        await clock.sleep(PAUSE_MS * (conflicts - 1));
      } else {
        if (clock.now() - began > PATIENCE_MS) throw error;
        await clock.sleep(Math.min(LONGEST_PAUSE_MS, PAUSE_MS * 2 ** tries));
      }
    }
  }
}

/** 409: uid or resourceVersion. 422: a failed `test`. 429: asked to come back. */
function isConflict(error: ApiError): boolean {
  return error.status === 409 || error.status === 422 || error.status === 429;
}
