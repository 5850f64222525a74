import type { Clock } from '../domain/clock.ts';
import { defaultContainer } from '../domain/containers.ts';
import { ApiError, ChangedError, StoppedError } from '../domain/errors.ts';
import { listOf, type Snapshot } from '../domain/snapshot.ts';
import type { GateAction } from '../plan/action.ts';
import { gateInWords } from '../plan/gate.ts';
import type { Step } from '../plan/plan.ts';
import type { ForeignChanges } from './foreign.ts';
import type { ExecutePorts } from './ports.ts';
import { stopReason } from './wait.ts';

/** Longest time for one answer, milliseconds. */
const ATTEMPT_MS = 30_000;
/** Between two questions, milliseconds. No watch tells of what a command would say. */
const PAUSE_MS = 2000;

type Answer = Awaited<ReturnType<ExecutePorts['askGate']>>;

/** How a gate is asked: one loop for steps of plans and of runbooks. */
export interface Asking {
  readonly clock: Clock;
  /** Aborted to end it at once. */
  readonly stop: AbortSignal;
  /** By the clock, milliseconds: the last answer is not awaited for longer. */
  readonly deadline: number;
  /** A hook has one answer. */
  readonly once?: boolean;
  /** Before each question; what it throws ends the loop. */
  readonly before?: () => void;
  /** What came back, before it is asked again. */
  readonly again: (said: string) => void;
}

/**
 * Asks until the answer is well, or the time is over.
 * @returns undefined when it is well, else what came back at last
 * @throws the reason of `stop`
 */
export async function askUntilWell(
  question: (signal: AbortSignal) => Promise<Answer>,
  { clock, stop, deadline, once = false, before, again }: Asking,
): Promise<string | undefined> {
  for (;;) {
    before?.();
    const { holds, said } = await attempt(question, Math.min(ATTEMPT_MS, deadline - clock.now()), clock, stop);
    stop.throwIfAborted();
    if (holds) return undefined;
    if (once || clock.now() + PAUSE_MS >= deadline) return said;
    again(said);
    await clock.sleep(PAUSE_MS, stop).catch(() => undefined);
    stop.throwIfAborted();
  }
}

/**
 * Asks until the answer is well, or the step's time is over; what is asked `once` has one answer. Other clients' changes of the set
 * end it as they end a wait.
 * @throws StoppedError with what came back at last; ChangedError where the Pod is not there
 */
export async function passGate(step: Step, action: GateAction, ports: ExecutePorts, foreign: ForeignChanges): Promise<void> {
  const { clock, sink, stop, world } = ports;
  const { gate, pod } = action;
  const question = (signal: AbortSignal) => ports.askGate(gate, { pod, container: containerOf(pod, world.current()) }, signal);
  const said = await askUntilWell(question, {
    clock,
    stop,
    deadline: clock.now() + step.timeoutMs,
    once: action.do === 'hook',
    before: () => foreign.check(world.current()),
    again: (message) => sink.emit({ type: 'step-note', id: step.id, message: `${message}; asking again`, at: ports.serverNow() }),
  }).catch((error: unknown) => {
    throw stop.aborted ? stopReason(stop) : error;
  });
  if (said === undefined) return;
  const what = action.do === 'hook' ? 'hook' : 'gate';
  throw new StoppedError('hopeless', `${what} ${gateInWords(gate)} did not pass for Pod ${pod}: ${said}`);
}

async function attempt(
  question: (signal: AbortSignal) => Promise<Answer>,
  patienceMs: number,
  clock: Clock,
  stop: AbortSignal,
): Promise<Answer> {
  const over = new AbortController();
  const late = new AbortController();
  const ended = AbortSignal.any([stop, late.signal]);
  clock.sleep(Math.max(1, patienceMs), over.signal).then(
    () => late.abort(new Error('late')),
    () => undefined,
  );
  try {
    return await question(ended);
  } catch (error) {
    if (!ended.aborted && !(error instanceof ApiError)) throw error;
    return { holds: false, said: error instanceof ApiError ? error.message : `no answer within ${Math.ceil(patienceMs / 1000)}s` };
  } finally {
    over.abort();
  }
}

/** @throws ChangedError where there is no such Pod: who would have to answer is gone */
function containerOf(name: string, snapshot: Snapshot): string {
  const pod = listOf(snapshot, 'pods').find(({ metadata }) => metadata.name === name);
  if (pod === undefined) throw new ChangedError(`Pod ${name} is not there`);
  return defaultContainer(pod);
}
