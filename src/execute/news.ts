/**
 * The Event about a finished step goes out when the next step's write has had its first effect: nobody waits for it, and
 * members wait for the write.
 */
export class News {
  #untold: (() => void) | undefined;

  keep(tell: () => void): void {
    this.tell();
    this.#untold = tell;
  }

  tell(): void {
    this.#untold?.();
    this.#untold = undefined;
  }
}
