import { setTimeout as after } from 'node:timers/promises';
import type { Clock } from '../domain/clock.ts';

/** The real clock; the only one, handed out by main. */
export const realClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    signal?.throwIfAborted();
    try {
      await after(ms, undefined, signal && { signal });
    } catch (error) {
      // Node rejects with an AbortError of its own; the contract is the signal's reason.
      if (signal?.aborted) throw signal.reason;
      throw error;
    }
  },
};
