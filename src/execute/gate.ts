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

/**
 * Asks until the answer is well, or the step's time is over; what is asked `once` has one answer. Other clients' changes of the set
 * end it as they end a wait.
 * @throws StoppedError with what came back at last; ChangedError where the Pod is not there
 */
export async function passGate(step: Step, action: GateAction, ports: ExecutePorts, foreign: ForeignChanges): Promise<void> {
  const { clock, sink, stop, world } = ports;
  const deadline = clock.now() + step.timeoutMs;
  const what = action.do === 'hook' ? 'hook' : 'gate';
  for (;;) {
    foreign.check(world.current());
    const { holds, said } = await attempt(action, Math.min(ATTEMPT_MS, deadline - clock.now()), ports);
    if (stop.aborted) throw stopReason(stop);
    if (holds) return;
    if (action.do === 'hook' || clock.now() + PAUSE_MS >= deadline)
      throw new StoppedError('hopeless', `${what} ${gateInWords(action.gate)} did not pass for Pod ${action.pod}: ${said}`);
    sink.emit({ type: 'step-note', id: step.id, message: `${said}; asking again`, at: ports.serverNow() });
    await clock.sleep(PAUSE_MS, stop).catch(() => undefined);
    if (stop.aborted) throw stopReason(stop);
  }
}

async function attempt(
  { gate, pod }: GateAction,
  patienceMs: number,
  ports: ExecutePorts,
): Promise<{ readonly holds: boolean; readonly said: string }> {
  const { clock, stop, world } = ports;
  const over = new AbortController();
  const late = new AbortController();
  const ended = AbortSignal.any([stop, late.signal]);
  clock.sleep(Math.max(1, patienceMs), over.signal).then(
    () => late.abort(new Error('late')),
    () => undefined,
  );
  try {
    return await ports.askGate(gate, { pod, container: containerOf(pod, world.current()) }, ended);
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
