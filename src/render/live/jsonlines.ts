import type { EventSink, OperationEvent } from '../../plan/events.ts';
import { quotedSafe } from '../text.ts';
import { QuietStream, type SinkIo } from './terminal.ts';

/** One event a line on stderr (`--progress json`), as it is: for programs that follow an operation. */
export class JsonLines implements EventSink {
  readonly #out: QuietStream;
  #closed = false;

  constructor(io: SinkIo) {
    this.#out = new QuietStream(io.stderr);
  }

  emit(event: OperationEvent): void {
    if (this.#closed) return;
    const { at, ...rest } = event;
    const line = JSON.stringify({ apiVersion: 'sts-safe.dev/v1', kind: 'Event', time: new Date(at).toISOString(), ...rest });
    this.#out.write(`${quotedSafe(line)}\n`);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#out.close();
  }
}
