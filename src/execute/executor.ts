import { ApiError, ChangedError, StoppedError } from '../domain/errors.ts';
import type { Finding } from '../domain/finding.ts';
import type { StatefulSet } from '../domain/kube.ts';
import { isSubject, type Snapshot, sliceOf } from '../domain/snapshot.ts';
import { type Write, writeOf } from '../plan/action.ts';
import { intendedBy, type Plan, type Step } from '../plan/plan.ts';
import { isBegun, isDone } from './done.ts';
import { type Comparison, ForeignChanges } from './foreign.ts';
import { lookBefore } from './look.ts';
import { NamespaceWatch } from './namespace-watch.ts';
import { News } from './news.ts';
import { perform } from './perform.ts';
import type { Created, ExecutePorts, Execution } from './ports.ts';
import { throwIfUnmet } from './preconditions.ts';
import { recordAt } from './record-at.ts';
import { firstUnmet, stopReason, waitFor } from './wait.ts';

/** How an execution ended. `error` is what stopped it, if anything did. */
export interface Ending {
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
}

/**
 * Carries a plan out, one guarded step at a time: look, preconditions, write with the record, wait, verify. Stops
 * at the first thing that is not as planned; never re-plans. Never throws for what happens to the cluster: the ending
 * says it.
 */
export async function execute(plan: Plan, execution: Execution, ports: ExecutePorts): Promise<Ending> {
  const created: Created = execution.created === undefined ? {} : { uid: execution.created };
  const foreign = new ForeignChanges(ports.keeper, creates(plan) ? created : {}, baselineOf(plan, execution));
  const namespace = new NamespaceWatch(ports);
  const news = new News();
  const progress = new Progress(plan);
  try {
    for (const [index, step] of plan.steps.entries()) {
      if (!progress.isLeft(step, index)) continue;
      if (ports.stop.aborted) throw stopReason(ports.stop);
      await progress.through(step, index, (reached) =>
        runStep(step, index, { plan, execution, ports, foreign, namespace, news, created, ...reached }),
      );
    }
    return progress.ending(ports);
  } catch (error) {
    return progress.ending(ports, error);
  } finally {
    news.tell();
  }
}

/** How far an execution has come. */
class Progress {
  readonly #plan: Plan;
  readonly #first: number;
  readonly #done: string[];
  /** Groups in which a step failed, with what failed. */
  readonly #failed = new Map<string, unknown>();
  #sent = false;
  #started: string | undefined;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#done = [...standsAt(plan).done];
    this.#first = this.#done.length;
  }

  isLeft({ group }: Step, index: number): boolean {
    return index >= this.#first && (group === undefined || !this.#failed.has(group));
  }

  /**
   * Runs a step, and notes how far it came.
   * @throws what ended it, unless it is about one object of several: that keeps no other waiting
   */
  async through(step: Step, index: number, run: (reached: Reached) => Promise<void>): Promise<void> {
    const resumed = index === this.#first && this.#plan.from !== undefined;
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
      if (step.group === undefined || !(error instanceof ApiError || error instanceof ChangedError)) throw error;
      this.#failed.set(step.group, error);
    }
    this.#started = undefined;
    this.#sent = false;
  }

  ending({ keeper }: ExecutePorts, error: unknown = this.#failed.values().next().value): Ending {
    const done = this.#done;
    return {
      done,
      remaining: this.#plan.steps.map(({ id }) => id).filter((id) => !done.includes(id)),
      wrote: keeper.wrote,
      sent: this.#sent,
      ...(error === undefined ? {} : { error }),
      ...(this.#started === undefined ? {} : { started: this.#started }),
    };
  }
}

/** The way back from a restore is told whose set is there by its plan, and leaves somebody else's alone. */
function creates({ steps, target }: Plan): boolean {
  return steps.some(({ action }) => {
    const write = writeOf(action);
    return write?.verb === 'create' && isSubject(write.ref, target);
  });
}

/** What the set is compared with throughout, where the plan says that nobody else may change it. */
function baselineOf({ during }: Plan, { archive }: Execution): Comparison | undefined {
  if (during?.spec === undefined) return undefined;
  if (during.spec === 'as-begun') return { since: 'this began' };
  return { since: 'it was archived', ...(archive === undefined ? {} : { first: archive.manifest as unknown as StatefulSet }) };
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

/** What is known of a step as it begins, and who is told how far it comes. */
interface Reached {
  /** The cursor stood on this step: its write may or may not have reached the server. */
  readonly resumed: boolean;
  /** Told right before the step's write is sent. */
  readonly onSend: () => void;
  /** Told when it is made, or was found done. */
  readonly onWritten: (step: Step) => void;
}

interface Run extends Reached {
  readonly plan: Plan;
  readonly execution: Execution;
  readonly ports: ExecutePorts;
  readonly foreign: ForeignChanges;
  readonly namespace: NamespaceWatch;
  readonly news: News;
  readonly created: Created;
}

async function runStep(step: Step, index: number, run: Run): Promise<void> {
  const { ports, plan } = run;
  const began = ports.clock.now();
  const at = (): number => ports.serverNow();
  ports.sink.emit({ type: 'step-started', id: step.id, title: step.title, index, total: plan.steps.length, at: at() });
  try {
    if (index === plan.steps.length - 1) run.news.tell();
    const already = await runAction(step, await lookBefore(step, run.resumed, ports), run);
    if (step.action.do === 'write') run.onWritten(step);
    // A write that nothing is left to verify of is done: what another client does next is the next step's to find.
    if (step.verify.length > 0)
      await waitFor(step, ports, { foreign: run.foreign, namespace: run.namespace, onMove: () => run.news.tell() });
    ports.sink.emit({ type: 'step-finished', id: step.id, title: step.title, at: at(), tookMs: ports.clock.now() - began, already });
    const set = sliceOf(ports.world.current(), 'set');
    if (step.section === undefined || plan.steps[index + 1]?.section !== step.section) ports.section.end();
    run.news.keep(() => ports.announce(step, set.state === 'read' ? set.value : undefined));
  } catch (error) {
    ports.section.end();
    ports.sink.emit({
      type: 'step-failed',
      id: step.id,
      title: step.title,
      at: at(),
      message: whyInWords(error),
    });
    throw error;
  }
}

/** A stop by the operator is no failure of the step: what it means is said with the result. */
function whyInWords(error: unknown): string {
  if (error instanceof StoppedError && (error.by === 'interrupt' || error.by === 'terminate')) return 'stopped';
  return error instanceof Error ? error.message : String(error);
}

/**
 * The one place that knows every kind of action. Its preconditions are judged whatever its kind.
 * @returns whether it was found done already, so that nothing was written
 */
async function runAction(step: Step, fresh: Snapshot, run: Run): Promise<boolean> {
  switch (step.action.do) {
    case 'write':
      return await writeUnlessDone(step, step.action.write, fresh, run);
    case 'wait':
      throwIfUnmet(step, fresh, run.execution.archive);
      return false;
  }
}

/** @returns whether the write was found done already, so that nothing was written */
async function writeUnlessDone(step: Step, write: Write, fresh: Snapshot, run: Run): Promise<boolean> {
  const { ports, plan, execution, foreign, created } = run;
  if (isDone(step, write, fresh, run)) {
    // Whoever deleted it, our record on it is gone as well.
    if (write.verb === 'delete' && isSubject(write.ref, plan.target)) ports.keeper.forgetSet();
    foreign.expect(write, fresh);
    return true;
  }
  const isMet = isBegun(write, fresh, run.resumed) || firstUnmet(step.preconditions, fresh) === undefined;
  if (!isMet) throwIfUnmet(step, fresh, execution.archive);
  foreign.check(fresh);
  foreign.expect(write, fresh);
  run.onSend();
  const enter = (): void => (step.section === undefined ? undefined : ports.section.begin());
  await perform(write, {
    ports,
    plan,
    execution,
    created,
    record: recordAt(plan, execution, intendedBy(step, plan), created),
    fresh,
    enter,
  });
  return false;
}
