/** Counts changes, and wakes those who wait for one. Several may wait, each for what came after its own last look. */
export class Changes {
  #count = 0;
  readonly #waiting = new Set<() => void>();

  /** A mark for `after`: changes so far. */
  get count(): number {
    return this.#count;
  }

  /** Something changed. */
  bump(): void {
    this.#count += 1;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }

  /** Resolves when there has been a change after `mark`: at once, if there was. Rejects with the signal's reason. */
  after(mark: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
    if (this.#count > mark) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const wake = (): void => {
      signal?.removeEventListener('abort', abort);
      resolve();
    };
    const abort = (): void => {
      this.#waiting.delete(wake);
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', abort, { once: true });
    this.#waiting.add(wake);
    return promise;
  }
}
