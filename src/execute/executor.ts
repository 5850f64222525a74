import { StoppedError } from '../domain/errors.ts';
import type { StatefulSet } from '../domain/kube.ts';
import { isSubject, type Snapshot, sliceOf } from '../domain/snapshot.ts';
import { type Write, writeOf } from '../plan/action.ts';
import { intendedBy, type Plan, type Step } from '../plan/plan.ts';
import { isBegun, isDone } from './done.ts';
import { type Comparison, ForeignChanges } from './foreign.ts';
import { passGate } from './gate.ts';
import { type Performance, requiredSet } from './intent.ts';
import { lookBefore } from './look.ts';
import { NamespaceWatch } from './namespace-watch.ts';
import { News } from './news.ts';
import { perform } from './perform.ts';
import type { Created, ExecutePorts, Execution } from './ports.ts';
import { throwIfUnmet } from './preconditions.ts';
import { type Ending, Progress, type Reached } from './progress.ts';
import { recordAt } from './record-at.ts';
import { BrokenError, firstUnmet, stopReason, waitFor } from './wait.ts';

/**
 * Carries a plan out, one guarded step at a time: look, preconditions, write with the record, wait, verify. Stops
 * at the first thing that is not as planned; only a plan that says so is made again on the way. Never throws for what happens
 * to the cluster: the ending says it.
 */
export async function execute(plan: Plan, execution: Execution, ports: ExecutePorts): Promise<Ending> {
  const created: Created = execution.created === undefined ? {} : { uid: execution.created };
  const foreign = new ForeignChanges(ports.keeper, creates(plan) ? created : {}, baselineOf(plan, execution));
  const namespace = new NamespaceWatch(ports);
  const news = new News();
  const progress = new Progress(plan);
  try {
    for (let step = progress.next(); step !== undefined; step = progress.next()) {
      if (ports.stop.aborted) throw stopReason(ports.stop);
      const run = { plan: progress.plan, execution, ports, foreign, namespace, news, created };
      await progress.through(step, (reached) => runStep(step, { ...run, ...reached }));
      if (progress.isPaused) return { ...progress.ending(ports), paused: true };
      progress.goOnWith(ports.planAgain?.(ports.world.current()));
    }
    return progress.ending(ports);
  } catch (error) {
    return progress.ending(ports, error);
  } finally {
    news.tell();
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
  if (during.spec === 'as-written') return { since: 'our last write', isWritten: true };
  if (during.spec === 'as-begun') return { since: 'this began' };
  return { since: 'it was archived', ...(archive === undefined ? {} : { first: archive.manifest as unknown as StatefulSet }) };
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

async function runStep(step: Step, run: Run): Promise<void> {
  const { ports, plan } = run;
  const index = plan.steps.indexOf(step);
  const began = ports.clock.now();
  const at = (): number => ports.serverNow();
  ports.sink.emit({ type: 'step-started', id: step.id, title: step.title, index, total: plan.steps.length, at: at() });
  try {
    if (index === plan.steps.length - 1) run.news.tell();
    const already = await runAction(step, await lookBefore(step, run.resumed, ports), run);
    if (step.action.do === 'write') run.onWritten(step);
    // A write that nothing is left to verify of is done: what another client does next is the next step's to find.
    if (step.verify.length > 0) await waited(step, run);
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

/** Waits; what must stay true meanwhile and does not has its own write, which waits for nobody. */
async function waited(step: Step, run: Run): Promise<void> {
  const { ports, foreign, namespace, news } = run;
  try {
    await waitFor(step, ports, { foreign, namespace, onMove: () => news.tell() });
  } catch (error) {
    if (!(error instanceof BrokenError) || step.meanwhile === undefined) throw error;
    ports.sink.emit({ type: 'step-note', id: step.id, message: error.message, at: ports.serverNow() });
    await perform(step.meanwhile.otherwise, performanceOf(step, ports.world.current(), run));
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
    case 'gate':
    case 'hook':
      throwIfUnmet(step, fresh, run.execution.archive);
      await passGate(step, step.action, run.ports, run.foreign);
      return false;
    case 'wait':
      throwIfUnmet(step, fresh, run.execution.archive);
      return false;
    case 'pause':
      throwIfUnmet(step, fresh, run.execution.archive);
      if (!run.resumed) await pauseAt(step, fresh, run);
      return run.resumed;
  }
}

/** Leaves the operation to whoever resumes it. */
async function pauseAt(step: Step, fresh: Snapshot, { ports: { keeper }, plan, execution, foreign, created, onSend }: Run): Promise<void> {
  foreign.check(fresh);
  const set = requiredSet(fresh);
  onSend();
  await keeper.changeSet(set.metadata.uid, [], { ...recordAt(plan, execution, step, created), phase: 'paused' }, set);
}

/** @returns whether the write was found done already, so that nothing was written */
async function writeUnlessDone(step: Step, write: Write, fresh: Snapshot, run: Run): Promise<boolean> {
  const { ports, plan, execution, foreign } = run;
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
  await perform(write, performanceOf(step, fresh, run));
  return false;
}

function performanceOf(step: Step, fresh: Snapshot, { ports, plan, execution, created }: Run): Performance {
  const enter = (): void => (step.section === undefined ? undefined : ports.section.begin());
  return { ports, plan, execution, created, record: recordAt(plan, execution, intendedBy(step, plan), created), fresh, enter };
}
