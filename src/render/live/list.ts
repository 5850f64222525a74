import type { EventSink, OperationEvent } from '../../plan/events.ts';
import { Picture } from './picture.ts';
import { PlainLines } from './plain.ts';
import { advance, nothingYet, type Progress } from './progress.ts';
import { openScreen } from './screen.ts';
import { QuietStream, type SinkIo } from './terminal.ts';

const TICK_MS = 1000;
/** A terminal that cannot be drawn on is told in plain lines at the end; the operation goes on. */
const NO_ROWS = (): void => undefined;

/**
 * The live list on a terminal: the head line, the steps around the current one, its latest note. The terminal is taken
 * when the operation starts, not before: consent is asked on it. listr2 is loaded then, too (it costs start-up time);
 * what is over before it has painted is told in plain lines.
 */
export class LiveList implements EventSink {
  readonly #io: SinkIo;
  readonly #out: QuietStream;
  readonly #draw = (): void => this.#show();
  /** However the process ends: without it the cursor stays hidden, and what others wrote meanwhile is lost. */
  readonly #leave = (): void => this.close();
  #early: OperationEvent[] | undefined;
  #progress: Progress = nothingYet;
  #startedAt = 0;
  #picture: Picture | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(io: SinkIo) {
    this.#io = io;
    this.#out = new QuietStream(io.stderr);
  }

  emit(event: OperationEvent): void {
    if (this.#closed) return;
    if (this.#early === undefined && event.type !== 'operation-started') return this.#tellPlainly([event]);
    const now = this.#io.clock.now();
    this.#progress = advance(this.#progress, event, now);
    this.#early ??= this.#open(now);
    if (this.#picture === undefined) this.#early.push(event);
    this.#show();
    this.#picture?.grow(this.#progress).then(this.#draw, NO_ROWS);
  }

  close(): void {
    if (this.#closed) return;
    this.#show();
    this.#closed = true;
    clearInterval(this.#timer);
    this.#io.stderr.off('resize', this.#draw);
    process.off('exit', this.#leave);
    if (this.#picture === undefined) this.#tellPlainly(this.#early ?? []);
    else this.#out.attempt(() => this.#picture?.close());
    this.#out.close();
  }

  #open(now: number): OperationEvent[] {
    this.#startedAt = now;
    this.#take().catch(NO_ROWS);
    return [];
  }

  async #take(): Promise<void> {
    const screen = await openScreen(this.#io.stderr, this.#io.style, () => !this.#closed || this.#picture !== undefined);
    const picture = new Picture(this.#io, screen, await screen.rows(this.#progress.steps.map((step) => step.title)));
    if (this.#closed) return screen.close();
    this.#picture = picture;
    this.#timer = setInterval(this.#draw, TICK_MS).unref();
    this.#io.stderr.on('resize', this.#draw);
    process.on('exit', this.#leave);
    this.#show();
  }

  #show(): void {
    if (this.#closed) return;
    const now = this.#io.clock.now();
    this.#out.attempt(() => this.#picture?.draw(this.#progress, now, now - this.#startedAt));
  }

  #tellPlainly(events: readonly OperationEvent[]): void {
    const plain = new PlainLines(this.#io);
    for (const event of events) plain.emit(event);
    plain.close();
  }
}
