import type { Clock } from '../domain/clock.ts';
import { ApiError, StoppedError } from '../domain/errors.ts';

/** How often a guarded write is tried while only things that do not matter to it moved (status, heartbeats). */
const CONFLICTS = 6;
/** How long a server that does not answer is waited for: an API server that restarts is back within seconds. */
export const PATIENCE_MS = 60_000;
const PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 3000;
/** Too many requests (API priority and fairness): nothing was done, and the server asks to come back. */
const BUSY = 429;

/** What a guarded write needs to wait for a server that is away. */
export interface Patience {
  readonly clock: Clock;
  /** Aborted with a StoppedError when the operator wants to leave: then nobody waits for a server that does not answer. */
  readonly stop: AbortSignal;
  /** Told once that the server is away or busy: the write is tried again, which can take a while. */
  readonly onSilence: (error: ApiError) => void;
}

/**
 * Reads, then writes on what was read, and again when the guard failed or the answer was lost. Law 2: a lost answer is
 * read back before anything is said. `attempt` reads afresh each time and throws ChangedError when the change that made
 * the guard fail is one that matters.
 *
 * @param attempt resolves when the write is in place; throws ApiError for the request that failed
 * @throws the last ApiError when the guard keeps failing although nothing relevant changed: then it was not the guard
 *   (a failed JSON-patch test is 422 without a cause, like a validation error [X]), or when the server stays away;
 *   StoppedError when the operator leaves while the server is away
 */
export async function guardedWrite<T>(patience: Patience, attempt: (tries: number) => Promise<T>): Promise<T> {
  const waiting = new Waiting(patience);
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(tries);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      await (isRejection(error) ? waiting.afterConflict(error) : waiting.afterSilence(error, tries));
    }
  }
}

/** The server said no; with too many requests it only asks to come back, unless that is how a webhook says no. */
export function isRejection({ sent, status, admission }: ApiError): boolean {
  return sent === 'rejected' && (status !== BUSY || admission !== undefined);
}

/** What is wrong with a server that is waited for. */
export function troubleOf({ status }: ApiError): string {
  return status === BUSY ? 'is busy' : 'does not answer';
}

class Waiting {
  readonly #patience: Patience;
  readonly #began: number;
  #conflicts = 0;
  #told = false;

  constructor(patience: Patience) {
    this.#patience = patience;
    this.#began = patience.clock.now();
  }

  /** A conflict is the server's word, and is over in a moment: a stop waits for it, so that what it leaves is known. */
  async afterConflict(error: ApiError): Promise<void> {
    this.#conflicts += 1;
    if (!isConflict(error) || this.#conflicts >= CONFLICTS) throw error;
    await this.#patience.clock.sleep(PAUSE_MS * (this.#conflicts - 1));
  }

  async afterSilence(error: ApiError, tries: number): Promise<void> {
    const { clock, stop, onSilence } = this.#patience;
    throwIfStopped(stop);
    if (clock.now() - this.#began > PATIENCE_MS) throw error;
    if (!this.#told) onSilence(error);
    this.#told = true;
    // The sleep rejects only because the operator leaves, which is looked at next.
    const asked = (error.retryAfterSeconds ?? 0) * 1000;
    await clock.sleep(Math.max(asked, Math.min(LONGEST_PAUSE_MS, PAUSE_MS * 2 ** tries)), stop).catch(() => undefined);
    throwIfStopped(stop);
  }
}

function throwIfStopped(stop: AbortSignal): void {
  if (!stop.aborted) return;
  throw stop.reason instanceof StoppedError ? stop.reason : new StoppedError('terminate', 'stopped');
}

/** 409: uid or resourceVersion. 422: a failed `test`. Admission uses both codes, and says the same again when it is asked again. */
function isConflict({ status, admission }: ApiError): boolean {
  return admission === undefined && (status === 409 || status === 422);
}
