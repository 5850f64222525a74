import type { Clock } from '../../domain/clock.ts';
import type { Style } from '../style.ts';

/** What a sink may touch: a stream and a clock, both given from outside. */
export interface SinkIo {
  readonly stderr: NodeJS.WriteStream;
  readonly isTTY: boolean;
  /** Width at the start; a live list follows the stream's own `columns`. */
  readonly columns: number;
  readonly style: Style;
  /** CI and TERM decide whether `auto` is live. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For elapsed times only. */
  readonly clock: Clock;
}

/** A stream that may be closed at the other end (`2>&1 | head`): progress is never a reason to fail, so it goes quiet. */
export class QuietStream {
  readonly #stream: NodeJS.WriteStream;
  readonly #ignore = (): void => {
    this.#open = false;
  };
  #open = true;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    stream.on('error', this.#ignore);
  }

  write(text: string): void {
    this.attempt(() => this.#stream.write(text));
  }

  /** Does something that writes to the stream, while it is open. */
  attempt(write: () => void): void {
    if (!this.#open) return;
    try {
      write();
    } catch {
      // A destroyed stream throws at once; the operation goes on unheard.
      this.#open = false;
    }
  }

  /** Lets go once what was written is out; an EPIPE may come after the last write. */
  close(): void {
    setImmediate(() => this.#stream.off('error', this.#ignore)).unref();
  }
}
