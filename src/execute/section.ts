import type { Clock } from '../domain/clock.ts';
import type { StoppedError } from '../domain/errors.ts';
import { PATIENCE_MS } from '../record/guarded.ts';

/** How long a stop is put off at most: as long as a write waits for a server that does not answer. */
export const SECTION_MS = PATIENCE_MS;

export interface SectionPorts {
  readonly clock: Clock;
  /**
   * Told that no signal may end the process now; returns the end of that.
   * @param leftMs how long it lasts at most from now on, in milliseconds
   */
  readonly enterSection: (leftMs: () => number) => () => void;
}

/** What is told of a stop that has to wait. */
export function deferredInWords(leftMs: number): string {
  return `this cannot be interrupted, ${Math.ceil(leftMs / 1000)}s left at most; stopping when it is done`;
}

/**
 * The part of an operation that must not be left half done, of one step or several in a row: from its first
 * write on, whatever asks for a stop (Ctrl-C, SIGTERM, --timeout) waits for its end. It is bounded, so that a server that goes
 * away in it keeps nobody: then a stop takes effect all the same, and the record says how to go on.
 */
export class Section {
  readonly #ports: SectionPorts;
  readonly #stop = new AbortController();
  #open: { readonly leftMs: () => number; readonly leave: () => void; readonly over: AbortController } | undefined;
  #asked: StoppedError | undefined;

  constructor(ports: SectionPorts) {
    this.#ports = ports;
  }

  /** What the execution watches: aborted with a StoppedError, outside of the section. */
  get stop(): AbortSignal {
    return this.#stop.signal;
  }

  /**
   * Asks for a stop: at once, or at the section's end.
   * @returns how long that is off at most, in milliseconds
   */
  ask(reason: StoppedError): number {
    this.#asked ??= reason;
    this.#takeEffect();
    return this.#open?.leftMs() ?? 0;
  }

  /** Before a write of a step that belongs to one. */
  begin(): void {
    if (this.#open !== undefined || this.stop.aborted) return;
    const { clock, enterSection } = this.#ports;
    const until = clock.now() + SECTION_MS;
    const over = new AbortController();
    const leftMs = (): number => Math.max(0, until - clock.now());
    this.#open = { leftMs, over, leave: enterSection(leftMs) };
    clock.sleep(SECTION_MS, over.signal).then(
      () => this.end(),
      // sleep rejects only when the section ended first
      () => undefined,
    );
  }

  /** The section is over, or out of time. */
  end(): void {
    const open = this.#open;
    this.#open = undefined;
    open?.over.abort();
    open?.leave();
    this.#takeEffect();
  }

  #takeEffect(): void {
    if (this.#open === undefined && this.#asked !== undefined) this.#stop.abort(this.#asked);
  }
}
