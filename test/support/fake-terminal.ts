import { EventEmitter } from 'node:events';
import type { SinkIo } from '../../src/render/live/terminal.ts';
import { styleFor } from '../../src/render/style.ts';

/** A terminal as far as the sinks see it: what was written, its size, and whether it is open. */
export class FakeTerminal extends EventEmitter {
  written = '';
  readonly isTTY: boolean;
  columns: number;
  rows: number;
  broken = false;

  constructor(over: { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number } = {}) {
    super();
    this.isTTY = over.isTTY ?? true;
    this.columns = over.columns ?? 80;
    this.rows = over.rows ?? 24;
  }

  write(text: string): boolean {
    if (this.broken) throw new Error('write after end');
    this.written += text;
    return true;
  }

  /** Lines of the last picture, without escape codes. */
  lines(): readonly string[] {
    const from = Math.max(this.written.lastIndexOf('\u001b[G'), 0);
    return plainText(this.written.slice(from))
      .split('\n')
      .map((line) => line.trimEnd());
  }
}

/** Text without any escape code. */
export function plainText(text: string): string {
  return text.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[A-Za-z]`, 'g'), '');
}

/** A sink's io on a fake terminal with a clock that stands still until told. */
export function fakeIo(terminal: FakeTerminal, over: Partial<SinkIo> = {}): SinkIo & { tick(ms: number): void } {
  let now = 1_000_000;
  return {
    stderr: terminal as unknown as NodeJS.WriteStream,
    isTTY: terminal.isTTY,
    columns: terminal.columns,
    style: styleFor(false),
    env: {},
    clock: { now: () => now, sleep: () => Promise.resolve() },
    tick: (ms) => {
      now += ms;
    },
    ...over,
  };
}
