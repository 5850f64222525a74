import { ApiError } from '../domain/errors.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { writeOf } from '../plan/action.ts';
import type { Step } from '../plan/plan.ts';
import { isRejection, troubleOf } from '../record/guarded.ts';
import type { ExecutePorts } from './ports.ts';
import { settle } from './settle.ts';
import { stopReason } from './wait.ts';

/**
 * A change of the set right behind a step that has just been verified needs no read of its own: the server tests all that
 * it rests on in the same patch, and when a test fails the set is read to say what has changed (docs/adr/0007). What a Pod owns
 * no server tests: that is told by watches, and by the lists that were read when the operation began.
 */
export function isTestedByServer({ action, preconditions }: Step, isFirst: boolean): boolean {
  const write = writeOf(action);
  if (isFirst || write?.verb !== 'patch' || write.edit.kind !== 'fields') return false;
  return preconditions.every(({ is }) => is === 'set-is' || is === 'owns-only');
}

/** How the world is looked at before a step: the set is read again only where the step rests on it. */
export function lookFor(step: Step, isFirst: boolean, ports: ExecutePorts): () => Promise<Snapshot> {
  const { world, stop } = ports;
  if (isTestedByServer(step, isFirst)) return () => settled(ports);
  return isAboutClaimsAlone(step, isFirst) ? () => world.caughtUp(stop) : () => world.fresh(stop);
}

/** Behind a verified step: claims come by watch, and so do they in a fresh read, which adds the set (docs/adr/0007). */
function isAboutClaimsAlone({ action, preconditions }: Step, isFirst: boolean): boolean {
  const write = writeOf(action);
  if (isFirst || write === undefined) return false;
  const isDisowning = write.verb === 'patch' && write.edit.kind === 'disown';
  const isClosing = write.verb === 'record' && write.do === 'close' && write.carrier === 'index';
  return (isDisowning || isClosing) && preconditions.every(({ is }) => is.startsWith('claims-'));
}

async function settled(ports: ExecutePorts): Promise<Snapshot> {
  await settle(ports);
  return await ports.world.caughtUp(ports.stop);
}

const PAUSE_MS = 1000;

/** The fresh read before a step; a server that does not answer is waited for, as long as the step may take. */
export async function freshly(step: Step, ports: ExecutePorts, look: () => Promise<Snapshot>): Promise<Snapshot> {
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
