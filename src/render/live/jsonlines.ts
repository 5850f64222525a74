import type { EventSink, OperationEvent } from '../../plan/events.ts';
import { quotedSafe } from '../text.ts';
import { QuietStream, type SinkIo } from './terminal.ts';

/** An event as a line, with its end. */
export function jsonLine({ at, ...rest }: OperationEvent): string {
  const line = JSON.stringify({ apiVersion: 'sts-safe.dev/v1', kind: 'Event', time: new Date(at).toISOString(), ...rest });
  return `${quotedSafe(line)}\n`;
}

/** One event per line on stderr (`--progress json`), as it is: for programs that follow an operation. */
export class JsonLines implements EventSink {
  readonly #out: QuietStream;
  #closed = false;

  constructor(io: SinkIo) {
    this.#out = new QuietStream(io.stderr);
  }

  emit(event: OperationEvent): void {
    if (this.#closed) return;
    this.#out.write(jsonLine(event));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#out.close();
  }
}
