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

/** Progress as listr2's rows; touches only what changed, because every touch is a redraw. */
export class Picture {
  readonly #io: SinkIo;
  readonly #screen: Screen;
  readonly #rows: Row[];
  readonly #warnings: Row[] = [];
  readonly #drawn: string[] = [];
  #askedSteps: number;
  #askedWarnings = 0;

  /** @param rows one for each step of the plan. */
  constructor(io: SinkIo, screen: Screen, rows: readonly Row[]) {
    this.#io = io;
    this.#screen = screen;
    this.#rows = [...rows];
    this.#askedSteps = rows.length;
  }

  /** @param now local clock; @param sinceStart milliseconds that the operation runs. */
  draw(progress: Progress, now: number, sinceStart: number): void {
    progress.steps.forEach((step, index) => {
      const row = this.#rows[index];
      if (row !== undefined) this.#drawStep(row, step, index, now);
    });
    const { head } = this.#screen;
    head.subtasks = [...this.#visible(progress), ...this.#warnings];
    head.title$ = this.#headLine(progress, sinceStart);
    if (progress.ended !== 'no') head.state$ = this.#screen.states[HEAD_STATE[progress.ended]];
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

  #visible(progress: Progress): readonly Row[] {
    const rows = this.#io.stderr.rows ?? 24;
    const warnings = Math.min(WARNINGS, this.#warnings.length);
    const [first, last] = visibleRange(progress, Math.max(LEAST_ROWS, rows - OTHER_LINES - warnings));
    return this.#rows.slice(first, last);
  }

  #drawStep(row: Row, step: StepProgress, index: number, now: number): void {
    const title = this.#stepLine(step, now);
    const picture = `${step.state} ${title} ${step.note ?? ''}`;
    if (picture === this.#drawn[index]) return;
    this.#drawn[index] = picture;
    const state = this.#screen.states[ROW_STATE[step.state]];
    if (row.state !== state) row.state$ = state;
    if (row.title !== title) row.title$ = title;
    if (step.state === 'failed' && step.note !== undefined) row.message$ = { error: step.note };
    if (step.state === 'running' && step.note !== undefined) row.output$ = truncate(step.note, this.#columns() - MARGIN - 2);
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
