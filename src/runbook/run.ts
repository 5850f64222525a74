import { CannotError } from '../domain/errors.ts';
import type { RunResult, StepResult } from '../plan/run-result.ts';
import { milliseconds } from './check.ts';
import { Declined, endingOf, outcomeOf, runEndedAt } from './ending.ts';
import type { Beginning, History } from './journal.ts';
import { LeftObjects } from './left.ts';
import type { RunPorts } from './ports.ts';
import { verbOf } from './read.ts';
import type { ApproveStep, OperationStep, Step } from './schema.ts';

/** Without where it is written down. */
type Ran = Omit<RunResult, 'journal' | 'resumeCommand'>;
type Ended = Pick<StepResult, 'outcome' | 'message' | 'result'>;

/**
 * Carries out the steps in order, from the first one that is not done; a failure ends the run. What a step is about to do is in
 * the journal before it is done, and that it is done only after it was verified.
 *
 * @param history of the run that this one resumes
 * @throws RefusedError where the world is no longer as that run has left it; nothing was changed then
 */
export async function runSteps(steps: readonly Step[], beginning: Beginning, history: History | undefined, ports: RunPorts): Promise<Ran> {
  const run = new Run(steps, history, ports);
  await run.verify();
  if (history === undefined) await ports.journal({ entry: 'run', schema: 1, at: timeOf(ports.now()), ...beginning });
  const result = await run.carryOut();
  if (result.outcome === 'done') await ports.journal({ entry: 'finished', at: timeOf(ports.now()) });
  return result;
}

const timeOf = (ms: number): string => new Date(ms).toISOString();

class Run {
  readonly #steps: readonly Step[];
  readonly #history: History | undefined;
  readonly #ports: RunPorts;
  readonly #left = new LeftObjects();
  /** Something may have changed, by this run or the one that it resumes. */
  #wrote: boolean;

  constructor(steps: readonly Step[], history: History | undefined, ports: RunPorts) {
    this.#steps = steps;
    this.#history = history;
    this.#ports = ports;
    this.#wrote = (history?.done.size ?? 0) > 0 || history?.open !== undefined;
    for (const step of steps) {
      const done = history?.done.get(step.name);
      if (done !== undefined && 'operation' in step) this.#left.note(step, done.mark);
    }
  }

  /** What was done is not done again, so it must still be as it was left. */
  async verify(): Promise<void> {
    const open = this.#steps.find(({ name }) => name === this.#history?.open);
    for (const step of this.#steps) {
      if (!('operation' in step) || !this.#left.isLast(step)) continue;
      // What was interrupted may have changed it: then only whether it is the same object can be told.
      const isTouched = open !== undefined && 'operation' in open && LeftObjects.isSame(open, step);
      this.#left.assertSame(step, await this.#ports.mark(step), isTouched);
    }
  }

  async carryOut(): Promise<Ran> {
    const results: StepResult[] = [];
    for (const [index, step] of this.#steps.entries()) {
      const result = await this.#one(step, index);
      results.push(result);
      this.#ports.ended(result);
      if (result.outcome === 'done' || result.outcome === 'skipped') continue;
      const rest = this.#steps
        .slice(index + 1)
        .map((of): StepResult => ({ name: of.name, verb: verbOf(of), outcome: 'not-run', message: '' }));
      return { ...runEndedAt(result, this.#wrote, this.#ports.stop), steps: [...results, ...rest] };
    }
    return { outcome: 'done', exitCode: 0, message: `all ${this.#steps.length} steps are done`, steps: results };
  }

  async #one(step: Step, index: number): Promise<StepResult> {
    const { name } = step;
    const done = this.#history?.done.get(name);
    if (done !== undefined) return { name, verb: verbOf(step), outcome: 'skipped', message: done.message };
    this.#ports.begins(step, index);
    const from = this.#ports.now();
    const ended = await this.#acted(step);
    return { name, verb: verbOf(step), seconds: Math.round((this.#ports.now() - from) / 1000), ...ended };
  }

  async #acted(step: Step): Promise<Ended> {
    const { journal, now, stop } = this.#ports;
    const entry = { step: step.name, at: timeOf(now()) };
    try {
      stop.throwIfAborted();
      await this.#mayBegin(step);
      await journal({ entry: 'begun', ...entry });
      const ended = await this.#act(step);
      await this.#noted(step, ended);
      return ended;
    } catch (error) {
      const ended = endingOf(error, stop);
      await this.#noted(step, ended);
      return ended;
    }
  }

  async #noted(step: Step, { outcome, message }: Ended): Promise<void> {
    const { journal, now, mark } = this.#ports;
    const entry = { step: step.name, at: timeOf(now()), message };
    if (outcome !== 'done') {
      // Of a program that was stopped nobody knows how far it came: the step stays open.
      const isKnown = outcome !== 'stopped' || !isProgram(step);
      if (isKnown) await journal({ entry: 'failed', ...entry });
      return;
    }
    const left = 'operation' in step ? await mark(step) : undefined;
    if ('operation' in step) this.#left.note(step, left);
    await journal({ entry: 'done', ...entry, ...(left === undefined ? {} : { mark: left }) });
  }

  async #mayBegin(step: Step): Promise<void> {
    if ('operation' in step) this.#left.assertSame(step, await this.#ports.mark(step), true);
    if (this.#history?.open !== step.name || !isProgram(step)) return;
    const question = `Step ${step.name} was interrupted, and may have done its work. Run it again?`;
    if (!(await this.#ports.approve(step, question))) throw new Declined('declined');
  }

  async #act(step: Step): Promise<Ended> {
    if ('operation' in step) return await this.#operate(step);
    if ('approve' in step) return await this.#approve(step);
    const { stop, after } = this.#ports;
    using limit = step.timeout === undefined ? undefined : after(milliseconds(step.timeout));
    const signal = limit === undefined ? stop : AbortSignal.any([stop, limit.signal]);
    try {
      return { outcome: 'done', message: await this.#look(step, signal) };
    } catch (error) {
      if (limit?.signal.aborted !== true || stop.aborted) throw error;
      throw new CannotError(`not done within ${String(step.timeout)}`, undefined, error);
    }
  }

  async #look(step: Exclude<Step, OperationStep | ApproveStep>, signal: AbortSignal): Promise<string> {
    if ('wait' in step) return await this.#ports.wait(step, signal);
    if ('gate' in step) return await this.#ports.gate(step, signal);
    this.#wrote = true;
    if ('exec' in step) return await this.#ports.exec(step, signal);
    return await this.#ports.command(step, signal);
  }

  async #approve(step: ApproveStep): Promise<Ended> {
    const isGiven = await this.#ports.approve(step, step.approve);
    return isGiven ? { outcome: 'done', message: 'approved' } : { outcome: 'declined', message: 'declined' };
  }

  async #operate(step: OperationStep): Promise<Ended> {
    const result = await this.#ports.operate(step, step.timeout === undefined ? undefined : milliseconds(step.timeout));
    if (result.done.length > 0) this.#wrote = true;
    return { outcome: outcomeOf(result), message: result.message, result };
  }
}

/** Whether what it does is its author's affair: it cannot be verified, or known to bear a second time. */
function isProgram(step: Step): boolean {
  return 'exec' in step || 'command' in step;
}
