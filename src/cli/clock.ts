import { setTimeout as after, clearTimeout } from 'node:timers';
import type { Clock } from '../domain/clock.ts';

/** What timers can count, 24.8 days; more of it would fire at once. Nothing of ours waits so long. */
const LONGEST_MS = 2 ** 31 - 1;

/** The real clock; the only one, handed out by main. */
export const realClock: Clock = {
  now: () => Date.now(),
  // Not node:timers/promises, which makes an error with its stack at every abort: most sleeps end that way.
  sleep(ms, signal) {
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = after(
      () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      },
      Math.min(ms, LONGEST_MS),
    );
    signal?.addEventListener('abort', abort, { once: true });
    return promise;
  },
};
