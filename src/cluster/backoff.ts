const FIRST_MS = 200;
const MAX_MS = 5_000;

/**
 * Growing waits between attempts, with jitter so that clients which failed together do not return together. A person is
 * waiting: the longest one is short.
 */
export class Backoff {
  readonly #random: () => number;
  #failures = 0;

  /** @param random 0 ≤ random() < 1 */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** Milliseconds before the next attempt, after one more failure. */
  next(): number {
    const wait = Math.min(MAX_MS, FIRST_MS * 2 ** this.#failures);
    this.#failures += 1;
    return wait * (0.5 + this.#random() / 2);
  }

  reset(): void {
    this.#failures = 0;
  }
}
