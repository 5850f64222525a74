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

  /** No more will come: a last line without its newline counts. A watch does not call this, its last piece is broken. */
  end(): void {
    if (this.#pending.length > 0) this.#flush();
  }

  #flush(): void {
    const line = this.#pending.length === 1 ? this.#pending[0] : Buffer.concat(this.#pending);
    this.#pending = [];
    if (line !== undefined && line.length > 0) this.#onLine(line.toString('utf8'));
  }
}
