import { ApiError } from '../domain/errors.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { refsOf, writeOf } from '../plan/action.ts';
import type { Step } from '../plan/plan.ts';
import { isRejection, troubleOf } from '../record/guarded.ts';
import type { ExecutePorts } from './ports.ts';
import { settle } from './settle.ts';
import { firstUnmet, stopReason } from './wait.ts';

/**
 * The world as the watches show it, before a step (docs/adr/0013), since the server tests with the write itself what it rests on.
 * The set is read again where no server tests that, and where something does not hold: a watch may only be late.
 * @param resumed the step is the one at which another run ended: what that one has sent may still arrive
 * @throws ApiError when the server does not answer for as long as the step may take; StoppedError when the operator leaves
 */
export async function lookBefore(step: Step, resumed: boolean, ports: ExecutePorts): Promise<Snapshot> {
  const fresh = (): Promise<Snapshot> => ports.world.fresh(ports.stop);
  // What no watch follows, and a write rests on.
  if (step.rereads !== undefined && step.action.do === 'write') await ports.world.reread(step.rereads);
  // Nothing that cannot be interrupted begins on a server that has not just answered.
  if (resumed || step.section !== undefined || !isTestedByServer(step)) return await patiently(step, ports, fresh);
  const seen = await patiently(step, ports, () => settled(ports));
  return firstUnmet(step.preconditions, seen) === undefined ? seen : await patiently(step, ports, fresh);
}

/**
 * The set itself by uid, generation or resourceVersion, what is created by its name, our own Secrets by their resourceVersion. A
 * write of another object tests nothing of the set. What a Pod owns no server tests: that is told by watches, and by the lists
 * that the plan was made on.
 */
function isTestedByServer({ action, preconditions }: Step): boolean {
  const others = refsOf(writeOf(action)).some(({ resource }) => resource !== 'statefulsets');
  return !others || preconditions.every(({ is }) => !is.startsWith('set-'));
}

async function settled(ports: ExecutePorts): Promise<Snapshot> {
  await settle(ports);
  return await ports.world.caughtUp(ports.stop);
}

const PAUSE_MS = 1000;

/** A server that does not answer is waited for, as long as the step may take. */
async function patiently(step: Step, ports: ExecutePorts, look: () => Promise<Snapshot>): Promise<Snapshot> {
  const deadline = ports.clock.now() + step.timeoutMs;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof ApiError) || isRejection(error) || ports.clock.now() > deadline) throw error;
      ports.sink.emit({
        type: 'step-note',
        id: step.id,
        message: `the API server ${troubleOf(error)} (${error.message}); trying again`,
        at: ports.serverNow(),
      });
    }
    if (ports.stop.aborted) throw stopReason(ports.stop);
    await ports.clock.sleep(PAUSE_MS, ports.stop).catch(() => undefined);
    if (ports.stop.aborted) throw stopReason(ports.stop);
  }
}
