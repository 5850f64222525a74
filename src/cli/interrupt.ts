import { StoppedError } from '../domain/errors.ts';
import type { Io, Signal } from './io.ts';

export type StoppedBy = 'interrupt' | 'terminate';

/**
 * What is told when a signal comes: it takes effect now, or after the section that cannot be interrupted.
 *
 * @param leftMs how long that section lasts at most, in milliseconds; 0 for now
 */
export type StopListener = (by: StoppedBy, when: 'now' | 'deferred', leftMs: number) => void;

/**
 * Ctrl-C, SIGTERM and SIGHUP as one AbortSignal whose reason is a StoppedError. The first Ctrl-C asks for a stop, the
 * second leaves at once. Within a section both wait for its end: between a delete and the create that follows, leaving is
 * the one thing that must not happen.
 */
export class Interrupt {
  readonly #abort = new AbortController();
  readonly #listeners = new Set<StopListener>();
  readonly #cleanUps = new Set<() => void>();
  readonly #io: Pick<Io, 'signals' | 'leaveNow'>;
  readonly #sections = new Set<() => number>();
  #attended = 0;
  #pending: StoppedBy | undefined;
  readonly #unattended = Promise.withResolvers<never>();
  readonly #handlers: Readonly<Record<Signal, () => void>> = {
    SIGINT: () => this.#stop('interrupt'),
    SIGTERM: () => this.#stop('terminate'),
    SIGHUP: () => this.#stop('terminate'),
  };

  constructor(io: Pick<Io, 'signals' | 'leaveNow'>) {
    this.#io = io;
    this.#unattended.promise.catch(() => undefined);
    for (const [signal, handler] of Object.entries(this.#handlers)) io.signals.on(signal as Signal, handler);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Adds a listener for signals; returns the function that takes it off. */
  onStop(listener: StopListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** To be done before the process leaves at once: giving the terminal back, last words. It leaves even if this throws. */
  beforeLeaving(cleanUp: () => void): () => void {
    this.#cleanUps.add(cleanUp);
    return () => this.#cleanUps.delete(cleanUp);
  }

  /**
   * Begins a section during which no signal takes effect; returns its end, which acts on one that came.
   *
   * @param leftMs how long it lasts at most from now on, in milliseconds: whoever begins it ends it by then
   */
  enterSection(leftMs: () => number): () => void {
    // One a call, also of the same function.
    const section = (): number => leftMs();
    this.#sections.add(section);
    return once(() => {
      this.#sections.delete(section);
      if (this.#sections.size === 0 && this.#pending !== undefined) this.#takeEffect(this.#pending);
    });
  }

  /** From now until the returned end, the work watches `signal` and ends by itself; other work is left when a signal comes. */
  attend(): () => void {
    this.#attended++;
    return once(() => this.#attended--);
  }

  /** Work that goes on until Ctrl-C and watches `signal`. @returns the exit code: 130 after Ctrl-C, as kubectl's watches */
  async until(work: () => Promise<void>): Promise<number> {
    const release = this.attend();
    try {
      await work();
    } catch (error) {
      if (error instanceof StoppedError && error.by === 'interrupt') return 130;
      throw error;
    } finally {
      release();
    }
    return 0;
  }

  /** The work's result, or StoppedError as soon as a signal comes that nobody attends to. */
  guard<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#unattended.promise]);
  }

  /** Takes the handlers off the process. */
  dispose(): void {
    for (const [signal, handler] of Object.entries(this.#handlers)) this.#io.signals.off(signal as Signal, handler);
  }

  #stop(by: StoppedBy): void {
    const again = this.#pending !== undefined;
    this.#pending ??= by;
    if (this.#sections.size > 0) this.#tell(by, 'deferred');
    else if (again && by === 'interrupt') this.#leave();
    else if (!again) this.#takeEffect(by);
  }

  #takeEffect(by: StoppedBy): void {
    if (this.signal.aborted) return;
    const reason = new StoppedError(by, by === 'interrupt' ? 'interrupted; nothing was changed' : 'terminated; nothing was changed');
    this.#tell(by, 'now');
    this.#abort.abort(reason);
    if (this.#attended === 0) this.#unattended.reject(reason);
  }

  #tell(by: StoppedBy, when: 'now' | 'deferred'): void {
    const leftMs = Math.max(0, ...[...this.#sections].map((left) => left()));
    for (const listener of this.#listeners) listener(by, when, leftMs);
  }

  #leave(): void {
    try {
      for (const cleanUp of this.#cleanUps) cleanUp();
    } finally {
      this.#io.leaveNow(130);
    }
  }
}

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}
