import { duration, elapsed } from '../duration.ts';
import { truncate } from '../text.ts';
import { doneCount, type Progress, type StepProgress, type StepState, visibleRange } from './progress.ts';
import type { Row, Screen } from './screen.ts';
import type { SinkIo } from './terminal.ts';

/** Lines that are not steps: the head, a note, the cursor's own, one spare. */
const OTHER_LINES = 4;
const LEAST_ROWS = 3;
const WARNINGS = 3;
/** Icon, indentation, and a blank column so that a full line never wraps. */
const MARGIN = 6;
/** Cells for ` 12m30s`. */
const TIME = 8;

/** Progress as listr2's rows. */
export class Picture {
  readonly #io: SinkIo;
  readonly #screen: Screen;
  readonly #rows: Row[];
  readonly #warnings: Row[] = [];
  #noted: string | undefined;
  #askedSteps: number;
  #askedWarnings = 0;

  /** @param rows one for each step of the plan. */
  constructor(io: SinkIo, screen: Screen, rows: readonly Row[]) {
    this.#io = io;
    this.#screen = screen;
    this.#rows = [...rows];
    this.#askedSteps = rows.length;
  }

  /**
   * One redraw, two when the note changed: listr2 redraws whenever a `$` setter is used, and takes notes only from a
   * row that it has drawn.
   *
   * @param now local clock
   * @param sinceStart milliseconds that the operation runs
   */
  draw(progress: Progress, now: number, sinceStart: number): void {
    const { head, states } = this.#screen;
    head.subtasks = [...this.#visible(progress, now), ...this.#warnings.slice(-WARNINGS)];
    if (progress.ended !== 'no') head.state = states[HEAD_STATE[progress.ended]];
    head.title$ = this.#headLine(progress, sinceStart);
    this.#note(progress);
  }

  /** Rows for what the plan did not foresee: warnings, and steps beyond it. Asynchronous because listr2's are. */
  async grow(progress: Progress): Promise<void> {
    const steps = progress.steps.slice(this.#askedSteps).map((step) => step.title);
    const warnings = progress.warnings.slice(this.#askedWarnings);
    if (steps.length + warnings.length === 0) return;
    this.#askedSteps += steps.length;
    this.#askedWarnings += warnings.length;
    const rows = await this.#screen.rows([...steps, ...warnings]);
    this.#rows.push(...rows.slice(0, steps.length));
    for (const row of rows.slice(steps.length)) {
      row.state$ = this.#screen.states.SKIPPED;
      this.#warnings.push(row);
    }
  }

  close(): void {
    this.#screen.close();
  }

  #visible(progress: Progress, now: number): readonly Row[] {
    const rows = this.#io.stderr.rows ?? 24;
    const warnings = Math.min(WARNINGS, this.#warnings.length);
    const [first, last] = visibleRange(progress, Math.max(LEAST_ROWS, rows - OTHER_LINES - warnings));
    return this.#rows.slice(first, last).map((row, at) => this.#dress(row, progress.steps[first + at], now));
  }

  #dress(row: Row, step: StepProgress | undefined, now: number): Row {
    if (step === undefined) return row;
    row.state = this.#screen.states[ROW_STATE[step.state]];
    row.title = this.#stepLine(step, now);
    if (step.state === 'failed' && step.note !== undefined) row.message = { error: step.note };
    return row;
  }

  #note({ steps, current }: Progress): void {
    const step = steps[current];
    if (step?.state !== 'running' || step.note === undefined || step.note === this.#noted) return;
    this.#noted = step.note;
    const row = this.#rows[current];
    if (row !== undefined) row.output$ = truncate(step.note, this.#columns() - MARGIN - 2);
  }

  #stepLine(step: StepProgress, now: number): string {
    const { style } = this.#io;
    const title = truncate(step.title, this.#columns() - MARGIN - TIME);
    if (step.state === 'running') return `${title} ${style.faint(duration(now - (step.since ?? now)))}`;
    if (step.already === true) return `${title} ${style.faint('already')}`;
    return step.tookMs === undefined ? title : `${title} ${style.faint(elapsed(step.tookMs))}`;
  }

  #headLine(progress: Progress, sinceStart: number): string {
    const { style } = this.#io;
    const counts = `${doneCount(progress)} of ${progress.steps.length} · ${duration(sinceStart)}`;
    return `${style.strong(truncate(progress.title, this.#columns() - MARGIN - counts.length))} ${style.faint(counts)}`;
  }

  #columns(): number {
    return this.#io.stderr.columns ?? this.#io.columns;
  }
}

const ROW_STATE = {
  waiting: 'WAITING',
  running: 'STARTED',
  done: 'COMPLETED',
  failed: 'FAILED',
  stopped: 'CANCELLED',
} as const satisfies Record<StepState, string>;
const HEAD_STATE = { done: 'COMPLETED', failed: 'FAILED', stopped: 'CANCELLED' } as const;
