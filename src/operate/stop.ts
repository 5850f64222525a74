import { StoppedError } from '../domain/errors.ts';
import { deferredInWords, Section } from '../execute/section.ts';
import { stopReason } from '../execute/wait.ts';
import type { Patience } from '../record/guarded.ts';
import type { OperatePorts } from './ports.ts';

/**
 * Whatever asks for a stop asks the section: Ctrl-C and SIGTERM, and --timeout, the whole operation's end.
 * @param over aborted when the operation has ended
 */
export function sectionOf(timeoutMs: number | undefined, ports: OperatePorts, over: AbortSignal): Section {
  const { clock, stop } = ports;
  const section = new Section(ports);
  const ask = (reason: StoppedError): void => {
    const leftMs = section.ask(reason);
    if (leftMs > 0) ports.sink.emit({ type: 'stop-deferred', message: deferredInWords(leftMs), at: ports.serverNow() });
  };
  if (stop.aborted) ask(stopReason(stop));
  stop.addEventListener('abort', () => ask(stopReason(stop)), { once: true, signal: over });
  if (timeoutMs === undefined) return section;
  clock.sleep(timeoutMs, over).then(
    () => ask(new StoppedError('timeout', `--timeout of ${Math.round(timeoutMs / 1000)}s is over`)),
    // sleep rejects only when the operation ended first
    () => undefined,
  );
  return section;
}

/** How long whoever asked to leave waits for the last words to a server that does not answer. */
const LAST_WORDS_MS = 5000;

export interface Hurry {
  /** The work's result; after a stop, undefined when all that is done within it takes too long. */
  within<T>(work: Promise<T>): Promise<T | undefined>;
  /** Something took too long: the server does not answer. */
  readonly isLate: boolean;
  /** Nothing more is to come. */
  over(): void;
}

export function hurryOf({ clock, stop }: Patience): Hurry {
  const over = new AbortController();
  let late: Promise<undefined> | undefined;
  let isLate = false;
  const end = (): undefined => {
    isLate = true;
  };
  return {
    get isLate() {
      return isLate;
    },
    within: async (work) => {
      if (!stop.aborted) return await work;
      // The sleep rejects only when all is over.
      late ??= clock.sleep(LAST_WORDS_MS, over.signal).then(end, nothing);
      return await Promise.race([work, late]);
    },
    over: () => over.abort(),
  };
}

const nothing = (): undefined => undefined;
