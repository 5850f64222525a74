import type { Clock } from '../../domain/clock.ts';

/** A Date header has whole seconds: the server's real time is up to this much later than it says. */
const RESOLUTION_MS = 1000;

/**
 * The API server's own time, from the Date headers of its answers. Each header is a lower bound, so the latest of them,
 * carried forward by our clock, comes close to the truth and never runs backwards; a header that is far behind what we
 * believe means that a clock was set (or another server answers), and is believed.
 */
export class ServerClock {
  readonly #clock: Clock;
  #offset: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds since the epoch; this machine's own time until the first answer. */
  now(): number {
    return this.#clock.now() + (this.#offset ?? 0);
  }

  /** Takes in the Date header of an answer that has just arrived. */
  observe(header: string | undefined): void {
    const date = header === undefined ? Number.NaN : Date.parse(header);
    if (Number.isNaN(date)) return;
    const ahead = date - this.now();
    if (this.#offset === undefined || ahead > 0 || ahead < -2 * RESOLUTION_MS) this.#offset = (this.#offset ?? 0) + ahead;
  }
}
