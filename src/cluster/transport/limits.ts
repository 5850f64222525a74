import type { Clock } from '../../domain/clock.ts';
import { timeoutError } from './breakage.ts';

/** One for all: an abort without a reason makes a new error each time, with its stack. */
const OVER = new Error('the exchange is over');

/** What may end an exchange from outside: the caller's signal, and silence. */
export class Limits {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #signal: AbortSignal | undefined;
  readonly #over = new AbortController();
  #last: number;

  /** @param ms milliseconds without sign of life after which it is over; 0 is never. */
  constructor(clock: Clock, ms: number, signal: AbortSignal | undefined) {
    this.#clock = clock;
    this.#ms = ms;
    this.#signal = signal;
    this.#last = clock.now();
  }

  /** From now on `destroy` is called when a limit is reached, until `release`. */
  arm(destroy: (error: Error) => void): void {
    const signal = this.#signal;
    if (signal !== undefined) {
      const onAbort = (): void => destroy(signal.reason as Error);
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort, { once: true, signal: this.#over.signal });
    }
    if (this.#ms > 0) this.#watch(destroy);
  }

  /** Something arrived: the time starts again. Only for answers that may take for ever. */
  alive(): void {
    this.#last = this.#clock.now();
  }

  release(): void {
    this.#over.abort(OVER);
  }

  #watch(destroy: (error: Error) => void): void {
    const left = this.#last + this.#ms - this.#clock.now();
    if (left <= 0) return destroy(timeoutError(this.#ms));
    this.#clock.sleep(left, this.#over.signal).then(
      () => this.#watch(destroy),
      // The exchange is over: `release` ended the sleep, and there is nothing left to limit.
      () => undefined,
    );
  }
}
