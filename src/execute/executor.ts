import { ApiError, ChangedError, StoppedError } from '../domain/errors.ts';
import { type Snapshot, sliceOf } from '../domain/snapshot.ts';
import type { Asked, OperationRecord } from '../domain/stored.ts';
import type { Write } from '../plan/action.ts';
import type { Plan, Step } from '../plan/plan.ts';
import { ForeignChanges } from './foreign.ts';
import { perform } from './perform.ts';
import type { ExecutePorts, Execution } from './ports.ts';
import { unmetPrecondition } from './preconditions.ts';
import { isPutBack } from './put-back.ts';
import { settle } from './settle.ts';
import { firstUnmet, stopReason, waitFor } from './wait.ts';

/** How an execution ended. `error` is what stopped it, if anything did. */
export interface Ending {
  readonly done: readonly string[];
  readonly remaining: readonly string[];
  readonly error?: unknown;
  readonly wrote: boolean;
  /** The write of the first remaining step may have reached the server. */
  readonly sent: boolean;
}

/**
 * Carries a plan out, one guarded step at a time: fresh read, preconditions, write with the record, wait, verify. Stops
 * at the first thing that is not as planned; never re-plans. Never throws for what happens to the cluster: the ending
 * says it.
 */
export async function execute(plan: Plan, execution: Execution, ports: ExecutePorts): Promise<Ending> {
  const done = [...standsAt(plan).done];
  const first = done.length;
  const foreign = new ForeignChanges(ports.keeper, plan.operation === 'delete');
  const news = new News();
  let sent = false;
  const onSend = (): void => {
    sent = true;
  };
  try {
    for (const [index, step] of plan.steps.entries()) {
      if (index < first) continue;
      if (ports.stop.aborted) throw stopReason(ports.stop);
      const isFirst = index === first;
      const resumed = isFirst && plan.from !== undefined;
      sent = resumed;
      await runStep(step, index, { plan, execution, ports, foreign, news, isFirst, resumed, onSend });
      done.push(step.id);
    }
  } catch (error) {
    const remaining = plan.steps.map(({ id }) => id).filter((id) => !done.includes(id));
    return { done, remaining, error, wrote: ports.keeper.wrote, sent };
  } finally {
    news.tell();
  }
  return { done, remaining: [], wrote: ports.keeper.wrote, sent };
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

interface Run {
  readonly plan: Plan;
  readonly execution: Execution;
  readonly ports: ExecutePorts;
  readonly foreign: ForeignChanges;
  readonly news: News;
  /** No step of this run has been verified before it. */
  readonly isFirst: boolean;
  /** The cursor stood on this step: its write may or may not have reached the server. */
  readonly resumed: boolean;
  /** Told right before the step's write is sent. */
  readonly onSend: () => void;
}

async function runStep(step: Step, index: number, run: Run): Promise<void> {
  const { ports, plan } = run;
  const began = ports.clock.now();
  const at = (): number => ports.serverNow();
  ports.sink.emit({ type: 'step-started', id: step.id, title: step.title, index, total: plan.steps.length, at: at() });
  try {
    if (index === plan.steps.length - 1) run.news.tell();
    const fresh = await freshly(step, ports, lookFor(step, run));
    const already = step.action.do === 'write' && (await writeUnlessDone(step, step.action.write, fresh, run));
    await waitFor(step, ports, run.foreign, () => run.news.tell());
    ports.sink.emit({ type: 'step-finished', id: step.id, title: step.title, at: at(), tookMs: ports.clock.now() - began, already });
    const set = sliceOf(ports.world.current(), 'set');
    run.news.keep(() => ports.announce(step, set.state === 'read' ? set.value : undefined));
  } catch (error) {
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

/**
 * A change of the set right behind a step that has just been verified needs no read of its own: the server tests all that
 * it rests on in the same patch, and when a test fails the set is read to say what has changed (docs/adr/0007).
 */
function isTestedByServer({ action, preconditions }: Step, { isFirst }: Run): boolean {
  if (isFirst || action.do !== 'write' || action.write.kind !== 'change-set') return false;
  return preconditions.every(({ that }) => that === 'set-is');
}

/** How the world is looked at before a step: the set is read again only where the step rests on it. */
function lookFor(step: Step, run: Run): () => Promise<Snapshot> {
  const { world } = run.ports;
  if (isTestedByServer(step, run)) return () => settled(run.ports);
  return isAboutClaimsAlone(step, run) ? () => world.caughtUp() : () => world.fresh();
}

/** Behind a verified step: claims come by watch, and so do they in a fresh read, which adds the set (docs/adr/0007). */
function isAboutClaimsAlone({ action, preconditions }: Step, { isFirst }: Run): boolean {
  if (isFirst || action.do !== 'write') return false;
  const { write } = action;
  const without = write.kind === 'strip-owners' || (write.kind === 'close-record' && write.carrier === 'index');
  return without && preconditions.every((one) => one.that === 'holds' && one.condition.is.startsWith('claims-'));
}

async function settled(ports: ExecutePorts): Promise<Snapshot> {
  await settle(ports);
  return await ports.world.caughtUp();
}

/**
 * The Event about a finished step goes out when the next step's write has had its first effect: nobody waits for it, and
 * members wait for the write.
 */
class News {
  #untold: (() => void) | undefined;

  keep(tell: () => void): void {
    this.tell();
    this.#untold = tell;
  }

  tell(): void {
    this.#untold?.();
    this.#untold = undefined;
  }
}

/** A stop by the operator is no failure of the step: what it means is said with the result. */
function whyInWords(error: unknown): string {
  if (error instanceof StoppedError && error.by !== 'timeout') return 'stopped';
  return error instanceof Error ? error.message : String(error);
}

/** @returns whether the write was found done already, so that nothing was written */
async function writeUnlessDone(step: Step, write: Write, fresh: Snapshot, run: Run): Promise<boolean> {
  const { ports, plan, execution, foreign } = run;
  if (isDone(step, write, fresh, run.resumed)) {
    foreign.expect(write, fresh);
    return true;
  }
  const problem = isBegun(write, fresh, run.resumed) ? undefined : unmetPrecondition(step.preconditions, fresh);
  if (problem !== undefined && isTestedByServer(step, run)) {
    // The watch may only be late.
    return await writeUnlessDone(step, write, await freshly(step, ports, () => ports.world.fresh()), { ...run, isFirst: true });
  }
  if (problem !== undefined) throw new ChangedError(problem);
  foreign.expect(write, fresh);
  run.onSend();
  await perform(write, { ports, plan, execution, record: recordAt(plan, execution, step.id), fresh });
  return false;
}

/**
 * A change of the set travels in one patch with the record, so a resumed cursor on it proves it done. Of the others,
 * those are done whose purpose holds; the rest are safe to repeat.
 */
function isDone(step: Step, write: Write, fresh: Snapshot, resumed: boolean): boolean {
  if (write.kind === 'change-set') return resumed;
  if (write.kind === 'strip-owners' || write.kind === 'delete-set' || write.kind === 'delete-claim')
    return firstUnmet(step.verify, fresh) === undefined;
  if (write.kind === 'put-back') {
    const set = sliceOf(fresh, 'set');
    return resumed && set.state === 'read' && isPutBack(write, set.value);
  }
  return false;
}

/** A set that is there when the creation resumes is judged by the creation itself: ours, or somebody else's. */
function isBegun(write: Write, fresh: Snapshot, resumed: boolean): boolean {
  return resumed && write.kind === 'create-set' && sliceOf(fresh, 'set').state === 'read';
}

/** The record while a step runs: everything about the operation, and the step's id as its cursor. */
export function recordAt(plan: Plan, execution: Execution, cursor: string): OperationRecord {
  const { id, holder } = execution;
  return {
    schema: 1,
    id,
    kind: plan.operation,
    phase: 'running',
    holder,
    cursor,
    digest: plan.digest,
    archive: plan.archive,
    putBack: plan.putBack,
    // What goes on may have been allowed more than what began, and the archive says.
    ...(plan.operation === 'restore' || plan.operation === 'cancel' || plan.from !== undefined ? { asked: askedOf(plan, execution) } : {}),
  };
}

function askedOf({ options, allowed }: Plan, { archive }: Execution): Asked {
  return { options, allowed, ...(archive === undefined ? {} : { archiveId: archive.id }) };
}

const PAUSE_MS = 1000;

/** The fresh read before a step; a server that does not answer is waited for, as long as the step may take. */
async function freshly(step: Step, ports: ExecutePorts, look: () => Promise<Snapshot>): Promise<Snapshot> {
  const deadline = ports.clock.now() + step.timeoutMs;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof ApiError) || error.sent === 'rejected' || ports.clock.now() > deadline) throw error;
      ports.sink.emit({
        type: 'step-note',
        id: step.id,
        message: `the API server does not answer (${error.message}); trying again`,
        at: ports.serverNow(),
      });
    }
    if (ports.stop.aborted) throw stopReason(ports.stop);
    await ports.clock.sleep(PAUSE_MS, ports.stop).catch(() => undefined);
    if (ports.stop.aborted) throw stopReason(ports.stop);
  }
}
