import type { Clock } from '../domain/clock.ts';
import { ApiError } from '../domain/errors.ts';

/** How often a guarded write is tried while only things that do not matter to it moved (status, heartbeats). */
const ATTEMPTS = 6;
const PAUSE_MS = 100;

/**
 * Reads, then writes on what was read, and again when the guard failed or the answer was lost. Law 2: a lost answer is
 * read back before anything is said. `attempt` reads afresh each time and throws ChangedError when the change that made
 * the guard fail is one that matters.
 *
 * @param attempt returns `done` when the write is in place; throws ApiError for the write it tried
 * @throws the last ApiError when the guard keeps failing although nothing relevant changed: then it was not the guard
 *   (a failed JSON-patch test is 422 without a cause, like a validation error [X])
 */
export async function guardedWrite<T>(clock: Clock, attempt: (tries: number) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(tries);
    } catch (error) {
      if (!(error instanceof ApiError) || !isWorthAnotherLook(error) || tries >= ATTEMPTS) throw error;
      await clock.sleep(error.sent === 'unanswered' ? PAUSE_MS * 2 ** tries : PAUSE_MS * (tries - 1));
    }
  }
}

/** A refused connection is tried again too: an API server that restarts is back within seconds. */
function isWorthAnotherLook(error: ApiError): boolean {
  if (error.sent !== 'rejected') return true;
  return error.status === 409 || error.status === 422 || error.status === 429;
}
