import type { OperationEvent } from '../../plan/events.ts';
import type { Plan } from '../../plan/plan.ts';
import { inert } from '../text.ts';

export type StepState = 'waiting' | 'running' | 'done' | 'failed' | 'stopped';

export interface StepProgress {
  readonly id: string;
  readonly title: string;
  readonly state: StepState;
  /** The latest note while it runs, or why it failed. */
  readonly note?: string;
  readonly tookMs?: number;
  /** It held already when the operation came to it. */
  readonly already?: boolean;
  /** When it began, on the local clock (differences only). */
  readonly since?: number;
}

/** What there is to see of an operation under way: a pure fold over its events. */
export interface Progress {
  readonly title: string;
  readonly steps: readonly StepProgress[];
  /** Index of the step that runs or ran last; -1 before the first. */
  readonly current: number;
  /** Warnings and deferred stops, oldest first. */
  readonly warnings: readonly string[];
  readonly ended: 'no' | 'done' | 'failed' | 'stopped';
}

export const nothingYet: Progress = { title: '', steps: [], current: -1, warnings: [], ended: 'no' };

type Of<T extends OperationEvent['type']> = Extract<OperationEvent, { readonly type: T }>;
type Folds = { readonly [T in OperationEvent['type']]: (progress: Progress, event: Of<T>, now: number) => Progress };

const warned = (progress: Progress, { message }: { readonly message: string }): Progress => ({
  ...progress,
  warnings: [...progress.warnings, message],
});

const FOLDS: Folds = {
  'operation-started': (_, { plan }) => started(plan),
  'step-started': begin,
  'step-note': (progress, { id, message }) => change(progress, id, { note: message }),
  'step-finished': (progress, event, now) => {
    const { id, title, tookMs, already } = event;
    return change(begun(progress, event, now), id, { state: 'done', tookMs, already, title });
  },
  'step-failed': (progress, event, now) =>
    change(begun(progress, event, now), event.id, { state: 'failed', note: event.message, title: event.title }),
  warning: warned,
  'stop-deferred': warned,
  stopping: warned,
  'operation-finished': (progress, { result }) => end(progress, result.outcome),
};

/** The next progress after an event. `now` is the local clock; all text is made safe here. */
export function advance<T extends OperationEvent['type']>(progress: Progress, event: Of<T>, now: number): Progress {
  return FOLDS[event.type](progress, inert(event), now);
}

function started(plan: Plan): Progress {
  const from =
    plan.from === undefined
      ? 0
      : Math.max(
          0,
          plan.steps.findIndex((step) => step.id === plan.from),
        );
  const steps = plan.steps.map(
    ({ id, title }, index): StepProgress => ({ id, title, state: index < from ? 'done' : 'waiting', already: index < from }),
  );
  return { ...nothingYet, title: `${plan.operation} ${placed(plan.target)}`, steps, current: from - 1 };
}

type StepEvent = Extract<OperationEvent, { readonly id: string; readonly title: string }>;

/** A step that finishes without having been announced (it held already) is entered first. */
function begun(progress: Progress, event: StepEvent, now: number): Progress {
  return progress.steps[progress.current]?.id === event.id ? progress : begin(progress, event, now);
}

function begin(progress: Progress, { id, title }: StepEvent, now: number): Progress {
  const at = progress.steps.findIndex((step) => step.id === id);
  const steps = at < 0 ? [...progress.steps, { id, title, state: 'running' as const }] : progress.steps;
  const current = at < 0 ? steps.length - 1 : at;
  return change({ ...progress, steps, current }, id, { state: 'running', title, since: now });
}

function change(progress: Progress, id: string, changes: Partial<StepProgress>): Progress {
  const at = progress.steps.findIndex((step) => step.id === id);
  const old = progress.steps[at];
  return old === undefined ? progress : { ...progress, steps: progress.steps.with(at, { ...old, ...changes }) };
}

function end(progress: Progress, outcome: string): Progress {
  const ended = outcome === 'stopped' || outcome === 'paused' ? 'stopped' : outcome === 'failed' ? 'failed' : 'done';
  return { ...progress, ended, steps: progress.steps.map((step) => ({ ...step, ...(ended === 'done' ? needless(step) : stopped(step)) })) };
}

/** When all is done, a step that never began was not needed any more. */
function needless({ state }: StepProgress): Partial<StepProgress> {
  return state === 'waiting' ? { state: 'done', already: true } : {};
}

function stopped({ state }: StepProgress): Partial<StepProgress> {
  return state === 'running' ? { state: 'stopped' } : {};
}

/** Steps that are over; the head line counts them. */
export function doneCount(progress: Progress): number {
  return progress.steps.filter((step) => step.state === 'done').length;
}

/**
 * The steps that fit into `rows` lines: around the current one, more of what is past than of what is to come.
 * Returns the range `[first, last)`.
 */
export function visibleRange(progress: Progress, rows: number): readonly [number, number] {
  const total = progress.steps.length;
  if (total <= rows) return [0, total];
  const room = Math.max(1, rows);
  const behind = Math.floor((room * 2) / 3);
  const first = Math.min(Math.max(0, progress.current - behind + 1), total - room);
  return [first, first + room];
}

function placed({ namespace, name }: Plan['target']): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}
