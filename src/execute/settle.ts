import { replicasOf } from '../domain/naming.ts';
import { sliceOf } from '../domain/snapshot.ts';
import type { ExecutePorts } from './ports.ts';
import { nextLook } from './wait.ts';

/** Longer than the controller takes to write a status, shorter than anybody would notice. */
const PATIENCE_MS = 25;

/**
 * Lets the controller write the set's status after a member has gone. A patch of ours in between would make that write fail
 * with a conflict, and the controller waits 10 ms before it tries again (client-go's retry.DefaultBackoff), so that the next
 * member would go later, not sooner (docs/benchmarks.md). Nothing rests on it.
 */
export async function settle(ports: ExecutePorts): Promise<void> {
  const end = ports.clock.now() + PATIENCE_MS;
  while (isBehind(ports) && !ports.stop.aborted && ports.clock.now() < end) await nextLook(ports, end - ports.clock.now());
}

function isBehind({ world }: ExecutePorts): boolean {
  const set = sliceOf(world.current(), 'set');
  if (set.state !== 'read') return false;
  const wanted = replicasOf(set.value);
  return (set.value.status.replicas ?? wanted) !== wanted;
}
