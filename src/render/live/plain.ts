import type { EventSink, OperationEvent } from '../../plan/events.ts';
import { elapsed } from '../duration.ts';
import type { Style } from '../style.ts';
import { count, inert, safe } from '../text.ts';
import { advance, doneCount, nothingYet, type Progress } from './progress.ts';
import { QuietStream, type SinkIo } from './terminal.ts';

/** Nobody should wonder whether a CI job hangs: a waiting step says so this often. */
const REMIND_MS = 30_000;
/** Notes count seconds down; in a log one now and then is enough. */
const NOTE_MS = 10_000;
/** A step that takes longer is announced; of a shorter one its end says everything. */
const MOMENT_MS = 1_000;

/**
 * One line per step, when it has ended, with the server's time of day; what takes longer than a moment is announced with what it waits
 * for. For pipes, CI and dumb terminals.
 */
export class PlainLines implements EventSink {
  readonly #io: SinkIo;
  readonly #out: QuietStream;
  readonly #timer: NodeJS.Timeout;
  #announcing: NodeJS.Timeout | undefined;
  #progress: Progress = nothingYet;
  #serverAhead = 0;
  #notedAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(io: SinkIo) {
    this.#io = io;
    this.#out = new QuietStream(io.stderr);
    this.#timer = setInterval(() => this.#remind(), REMIND_MS);
    this.#timer.unref();
  }

  emit(event: OperationEvent): void {
    if (this.#closed) return;
    const now = this.#io.clock.now();
    this.#serverAhead = event.at - now;
    const before = this.#progress;
    this.#progress = advance(before, event, now);
    if (event.type === 'step-started') return this.#newStep(event);
    if (event.type === 'step-finished' || event.type === 'step-failed') clearTimeout(this.#announcing);
    if (event.type === 'step-note' && !this.#worthALine(event.message, before, now)) return;
    this.#say(lineOf(event, this.#progress, this.#io.style), event.at);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    clearTimeout(this.#announcing);
    this.#out.close();
  }

  #newStep(event: Extract<OperationEvent, { readonly type: 'step-started' }>): void {
    this.#timer.refresh();
    this.#notedAt = Number.POSITIVE_INFINITY;
    clearTimeout(this.#announcing);
    this.#announcing = setTimeout(() => this.#announce(event), MOMENT_MS).unref();
  }

  #announce(event: Extract<OperationEvent, { readonly type: 'step-started' }>): void {
    const now = this.#io.clock.now();
    this.#say(lineOf(event, this.#progress, this.#io.style), now + this.#serverAhead);
    this.#notedAt = Number.NEGATIVE_INFINITY;
    const { note } = this.#progress.steps[this.#progress.current] ?? {};
    if (note === undefined) return;
    this.#notedAt = now;
    this.#say(`        ${this.#io.style.faint(note)}`, now + this.#serverAhead);
  }

  #worthALine(message: string, before: Progress, now: number): boolean {
    if (now - this.#notedAt < NOTE_MS || before.steps[before.current]?.note === safe(message)) return false;
    this.#notedAt = now;
    return true;
  }

  #remind(): void {
    const step = this.#progress.steps[this.#progress.current];
    if (step?.state !== 'running') return;
    const now = this.#io.clock.now();
    const note = step.note === undefined ? '' : `: ${step.note}`;
    this.#say(`still waiting (${elapsed(now - (step.since ?? now))}): ${step.title}${note}`, now + this.#serverAhead);
  }

  #say(line: string, at: number): void {
    this.#out.write(`${this.#io.style.faint(timeOfDay(at))} ${line}\n`);
  }
}

type Lines = {
  readonly [T in OperationEvent['type']]: (
    event: Extract<OperationEvent, { readonly type: T }>,
    progress: Progress,
    style: Style,
  ) => string;
};

const complaint = (event: { readonly message: string }, _: Progress, style: Style): string => `${style.warn('!')} ${event.message}`;

const LINES: Lines = {
  'operation-started': ({ plan }, { title, steps }) => `${title}: ${count(steps.length, 'step')}, plan ${plan.digest}`,
  'step-started': ({ title, index, total }) => `[${index + 1}/${total}] ${title}`,
  'step-note': ({ message }, _, style) => `        ${style.faint(message)}`,
  'step-finished': ({ title, already, tookMs }, progress, style) =>
    `${placeOf(progress)} ${style.good(already ? 'already done' : 'done')}  ${title} (${elapsed(tookMs)})`,
  'step-failed': ({ title, message }, progress, style) => `${placeOf(progress)} ${style.bad('failed')}  ${title}: ${message}`,
  warning: complaint,
  'stop-deferred': complaint,
  stopping: complaint,
  'operation-finished': ({ result }, progress) => `${result.outcome}: ${doneCount(progress)} of ${count(progress.steps.length, 'step')}`,
};

/** `[3/6]` */
function placeOf({ current, steps }: Progress): string {
  return `[${current + 1}/${steps.length}]`;
}

function lineOf<T extends OperationEvent['type']>(
  event: Extract<OperationEvent, { readonly type: T }>,
  progress: Progress,
  style: Style,
): string {
  return LINES[event.type](inert(event), progress, style);
}

/** `11:23:46Z`: the server's, so that lines can be laid beside its events and logs. */
function timeOfDay(at: number): string {
  return `${new Date(at).toISOString().slice(11, 19)}Z`;
}
