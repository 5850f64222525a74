import { ApiError, ChangedError, StoppedError } from '../domain/errors.ts';
import type { Finding } from '../domain/finding.ts';
import type { Plan, Step } from '../plan/plan.ts';
import type { ExecutePorts } from './ports.ts';

/** How an execution ended. `error` is what stopped it, if anything did. */
export interface Ending {
  /** The plan with the steps that it has come to have. */
  readonly plan: Plan;
  readonly done: readonly string[];
  readonly remaining: readonly string[];
  readonly error?: unknown;
  readonly wrote: boolean;
  /** Warnings that the result repeats. */
  readonly told?: readonly string[];
  /** What the last look found true, when all steps were done. */
  readonly verified?: readonly string[];
  /** What the error is about, and what helps. */
  readonly findings?: readonly Finding[];
  /** The write of the first remaining step may have reached the server. */
  readonly sent: boolean;
  /** The first remaining step, where its write is made and only what verifies it is not there. */
  readonly started?: string;
  /** It ended at a pause that was asked for. */
  readonly paused?: true;
}

/** What is known of a step as it begins, and who is told how far it comes. */
export interface Reached {
  /** The cursor stood on this step: its write may or may not have reached the server. */
  readonly resumed: boolean;
  /** Told right before the step's write is sent. */
  readonly onSend: () => void;
  /** Told when it is made, or was found done. */
  readonly onWritten: (step: Step) => void;
}

/** What says nothing of other objects: its own finalizers, or its own time. That of all is looked at before the next step. */
function isOfOneObject(error: unknown): boolean {
  return (
    error instanceof ApiError ||
    error instanceof ChangedError ||
    (error instanceof StoppedError && ['hopeless', 'timeout'].includes(error.by))
  );
}

/** How far an execution has come. */
export class Progress {
  #plan: Plan;
  readonly #first: number;
  /** Index of the step whose turn it is. */
  #at: number;
  readonly #done: string[];
  /** Groups in which a step failed, with what failed. */
  readonly #failed = new Map<string, unknown>();
  #sent = false;
  #started: string | undefined;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#done = [...standsAt(plan).done];
    this.#first = this.#done.length;
    this.#at = this.#first;
  }

  get plan(): Plan {
    return this.#plan;
  }

  /** The step whose turn it is: none of a group in which one failed. */
  next(): Step | undefined {
    const { steps } = this.#plan;
    const isLeft = ({ group }: Step): boolean => group === undefined || !this.#failed.has(group);
    const left = steps.slice(this.#at).findIndex(isLeft);
    this.#at = left < 0 ? steps.length : this.#at + left;
    return steps[this.#at];
  }

  /** A pause ends the run that has just come to it, not the one that resumes there. */
  get isPaused(): boolean {
    const last = this.#at - 1;
    const action = this.#plan.steps[last]?.action;
    return action?.do === 'pause' && !(last === this.#first && this.#plan.from !== undefined);
  }

  /** What was done stays done, and what remains is what this plan says; undefined: as before. */
  goOnWith(again: Pick<Plan, 'steps'> | undefined): void {
    const { steps } = this.#plan;
    if (again === undefined || this.#at === steps.length) return;
    const behind = steps.slice(0, this.#at);
    // A wait may be needed again, later.
    const over = new Set(behind.filter(({ action }, at) => action.do === 'write' || at === this.#at - 1).map(({ id }) => id));
    this.#plan = { ...this.#plan, steps: [...behind, ...again.steps.filter(({ id }) => !over.has(id))] };
  }

  /**
   * Runs a step, and notes how far it came.
   * @throws what ended it, unless it is about one object of several: that keeps no other waiting
   */
  async through(step: Step, run: (reached: Reached) => Promise<void>): Promise<void> {
    const resumed = this.#at === this.#first && this.#plan.from !== undefined;
    this.#sent = resumed;
    const onSend = (): void => {
      this.#sent = true;
    };
    const onWritten = ({ id }: Step): void => {
      this.#started = id;
    };
    try {
      await run({ resumed, onSend, onWritten });
      this.#done.push(step.id);
    } catch (error) {
      if (step.group === undefined || !isOfOneObject(error)) throw error;
      this.#failed.set(step.group, error);
    }
    this.#at += 1;
    this.#started = undefined;
    this.#sent = false;
  }

  ending({ keeper }: ExecutePorts, error: unknown = this.#failed.values().next().value): Ending {
    const done = this.#done;
    return {
      plan: this.#plan,
      done,
      remaining: this.#plan.steps.map(({ id }) => id).filter((id) => !done.includes(id)),
      wrote: keeper.wrote,
      sent: this.#sent,
      ...(error === undefined ? {} : { error }),
      ...(this.#started === undefined ? {} : { started: this.#started }),
    };
  }
}

/** What is done and what remains before a run: one that goes on has the steps before its cursor behind it. */
export function standsAt({ steps, from }: Pick<Plan, 'steps' | 'from'>): Pick<Ending, 'done' | 'remaining'> {
  const first = Math.max(
    0,
    steps.findIndex(({ id }) => id === from),
  );
  const ids = steps.map(({ id }) => id);
  return { done: ids.slice(0, first), remaining: ids.slice(first) };
}
