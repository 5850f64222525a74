import { missingMember } from '../domain/explain.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { ExecutePorts } from './ports.ts';

/** A controller that can create a Pod has done so by then, and one that cannot has said so in an event. Milliseconds. */
const FIRST_MS = 1000;

/** A step is looked at with every event; all members of a large set need not be. Milliseconds. */
const EVERY_MS = 500;

/**
 * The set's events, read while a step waits for a member that the controller should have created: it says in them why it
 * cannot. Few waits ever need them, so they are not watched: they are read once it takes too long, and again each time
 * that it has taken twice as long.
 */
export class CreationEvents {
  readonly #ports: Pick<ExecutePorts, 'world' | 'clock'>;
  #looked = Number.NEGATIVE_INFINITY;
  #missing: string | undefined;
  #since = 0;
  #next = FIRST_MS;

  constructor(ports: Pick<ExecutePorts, 'world' | 'clock'>) {
    this.#ports = ports;
  }

  /** Nobody waits for what is read: the next look at the world has it. */
  look(snapshot: Snapshot): void {
    const { clock, world } = this.#ports;
    const now = clock.now();
    if (now - this.#looked < EVERY_MS) return;
    this.#looked = now;
    const missing = missingMember(snapshot);
    if (missing !== this.#missing) [this.#missing, this.#since, this.#next] = [missing, now, FIRST_MS];
    if (missing === undefined || now - this.#since < this.#next) return;
    this.#next *= 2;
    // Whoever may not read events, or cannot now, is told that the member is missing, and no more.
    world.reread(['events']).catch(() => undefined);
  }
}
