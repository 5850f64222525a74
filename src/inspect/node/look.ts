import type { ClusterReader } from '../../cluster/api.ts';
import type { Clock } from '../../domain/clock.ts';
import { CannotError } from '../../domain/errors.ts';
import { nearMatches } from '../../domain/near.ts';
import { type Reading, unknown } from '../../domain/reading.ts';
import { listOf, type SliceName, type Snapshot, sliceOf, type Target } from '../../domain/snapshot.ts';
import { required } from '../required.ts';
import { NODE_NEEDS } from './report.ts';

/**
 * A read that has not ended so long after the server has answered about the node itself counts as unknown: somebody waits for the
 * answer in the middle of the night. How far away the server is, is no evidence.
 */
const PATIENCE_MS = 2000;

export interface NodeLookPorts {
  readonly reader: ClusterReader;
  readonly clock: Clock;
  /** Server's time, milliseconds since the epoch. */
  readonly serverNow: () => number;
}

/**
 * Reads everything about a node, in parallel: each for two seconds at most, once the server has answered about the node itself.
 * @throws CannotError where there is neither such a node nor any Pod that is bound to it, or where the whole connection fails;
 *   RefusedError where nodes may not be read
 */
export async function lookAtNode(name: string, ports: NodeLookPorts): Promise<Snapshot> {
  const { reader, serverNow } = ports;
  const target: Target = { resource: 'nodes', namespace: '', name };
  const node = reader.readSlice('node', target);
  const others = NODE_NEEDS.filter((slice) => slice !== 'node');
  const [cluster, first, ...readings] = await Promise.all([
    reader.identity(),
    node,
    ...others.map(async (slice) => [slice, await inTime(slice, target, node, ports)] as const),
  ]);
  const snapshot: Snapshot = { now: serverNow(), cluster, target, slices: { ...Object.fromEntries(readings), node: first } };
  if (listOf(snapshot, 'node').length === 0) {
    required(sliceOf(snapshot, 'node'));
    if (listOf(snapshot, 'nodePods').length === 0) throw notFound(snapshot);
  }
  return snapshot;
}

async function inTime(
  slice: SliceName,
  target: Target,
  answered: Promise<unknown>,
  { reader, clock, serverNow }: NodeLookPorts,
): Promise<Reading<unknown>> {
  const over = new AbortController();
  const waited = answered.then(() => clock.sleep(PATIENCE_MS, over.signal));
  const late = waited.then(
    () => unknown('timeout', `${slice} could not be read within ${PATIENCE_MS / 1000}s`, serverNow()),
    // The read was faster: nobody looks at this any more.
    () => unknown('not-read', '', 0),
  );
  try {
    return await Promise.race([reader.readSlice(slice, target), late]);
  } finally {
    over.abort();
  }
}

function notFound(snapshot: Snapshot): CannotError {
  const { target, cluster } = snapshot;
  const known = listOf(snapshot, 'clusterNodes').map(({ metadata }) => metadata.name);
  const near = nearMatches(target.name, known);
  const hint = near.length === 0 ? undefined : `did you mean ${near.join(', ')}?`;
  return new CannotError(`node ${target.name} not found in context ${cluster.context} (${cluster.server})`, hint);
}
