const NEWLINE = 0x0a;

/** Cuts a stream of bytes into lines. Works on bytes, so that a character split between two chunks stays whole. */
export class LineSplitter {
  #pending: Buffer[] = [];
  readonly #onLine: (line: string) => void;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.#pending.push(chunk.subarray(start, end));
      this.#flush();
      start = end + 1;
    }
    if (start < chunk.length) this.#pending.push(chunk.subarray(start));
  }

  /** Bytes after the last newline are an answer that broke off: dropped, the caller hears of the break by other means. */
  get incomplete(): boolean {
    return this.#pending.length > 0;
  }

  #flush(): void {
    const line = this.#pending.length === 1 ? this.#pending[0] : Buffer.concat(this.#pending);
    this.#pending = [];
    if (line !== undefined && line.length > 0) this.#onLine(line.toString('utf8'));
  }
}
