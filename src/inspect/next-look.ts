import type { Clock } from '../domain/clock.ts';

/**
 * Waits until what is followed has changed, or for so long; leaves neither a timer nor a listener behind.
 * @param ms after this it is looked at all the same
 * @throws the signal's reason
 */
export async function nextLook(
  live: { changed(signal: AbortSignal): Promise<void> },
  ms: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const waits = [live.changed(either), clock.sleep(ms, either)];
  try {
    await Promise.race(waits);
  } finally {
    over.abort();
    await Promise.allSettled(waits);
  }
}
