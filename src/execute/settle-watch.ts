import type { Snapshot } from '../domain/snapshot.ts';
import type { ExecutePorts } from './ports.ts';
import { nextLook } from './wait.ts';

/**
 * How long the world is watched after the last step before anything is said of it. Controllers and GitOps tools react to a
 * change within a second: what they undo at once was never reached.
 */
export const SETTLE_MS = 1000;

/**
 * Waits for events until `end`, for the operator to leave, or until something that is to be said does not hold any more.
 * @param end by the clock, in milliseconds
 */
export async function watchWhile(holds: (now: Snapshot) => boolean, end: number, ports: ExecutePorts): Promise<void> {
  while (!ports.stop.aborted && ports.clock.now() < end) {
    await nextLook(ports, end - ports.clock.now());
    if (!holds(ports.world.current())) return;
  }
}
