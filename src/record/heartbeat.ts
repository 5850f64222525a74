import type { Clock } from '../domain/clock.ts';

/** How often a running operation shows that it lives (product, section 2). */
export const HEARTBEAT_MS = 10_000;

/**
 * Beats until the signal ends it; the first beat comes after one interval, since the record itself is a sign of life.
 * @returns when it has stopped
 */
export async function keepBeating(beat: () => Promise<void>, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await clock.sleep(HEARTBEAT_MS, signal);
    } catch {
      // sleep rejects only because the signal ended it: that is the way out of this loop
      return;
    }
    await beat();
  }
}
