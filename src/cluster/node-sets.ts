import { ApiError } from '../domain/errors.ts';
import type { Node, Pod, StatefulSet } from '../domain/kube.ts';
import { setOf } from '../domain/node-pods.ts';
import { attestationOf } from '../domain/node-signs.ts';
import { pathOf, refTo } from '../domain/object-ref.ts';
import { nodeOf, type Target } from '../domain/snapshot.ts';
import type { Connection, Transport } from './api.ts';
import { listAll } from './list.ts';
import { pooled } from './pooled.ts';
import { nodePods } from './slices/nodes.ts';
import { pods } from './slices/pods.ts';
import { sets } from './slices/sets.ts';
import { getOrUndefined } from './writes.ts';

/** Objects that are read at once. */
const AT_ONCE = 8;

/** The Pods that are bound to the target's node, of all namespaces. Rejects with ApiError. */
export async function podsOnNode(transport: Transport, target: Target): Promise<readonly Pod[]> {
  const { items } = await listAll(transport, {
    path: '/api/v1/pods',
    fieldSelector: nodePods.about?.(target),
    decode: (raw) => nodePods.decode(raw as Pod),
  });
  return items;
}

/** The StatefulSets that control these Pods of a node; what is deleted meanwhile is left out. Rejects with ApiError. */
export async function readNodeSets({ transport }: Connection, onNode: Promise<readonly Pod[]>): Promise<readonly StatefulSet[]> {
  const places = (await onNode).flatMap((pod) => {
    const set = setOf(pod);
    return set === undefined ? [] : [pathOf(refTo('statefulsets', pod.metadata.namespace ?? '', set))];
  });
  const found = await pooled([...new Set(places)], AT_ONCE, (path) => find<StatefulSet>(transport, path));
  return found.flatMap((set) => (set === undefined ? [] : [sets.decode(set)]));
}

/** The Pods that bear the names that the attestation on the target's node lists. Rejects with ApiError. */
export async function readReplacements({ transport }: Connection, target: Target): Promise<readonly Pod[]> {
  const node = await find<Node>(transport, pathOf(refTo('nodes', '', nodeOf(target) ?? '')));
  const names = (node === undefined ? undefined : attestationOf(node))?.pods ?? [];
  const found = await pooled(names, AT_ONCE, async (place) => {
    const [namespace = '', name = ''] = place.split('/');
    return await readablePod(() => find<Pod>(transport, pathOf(refTo('pods', namespace, name))));
  });
  return found.flatMap((pod) => (pod === undefined ? [] : [pods.decode(pod)]));
}

/** One that may not be read is not known to be Ready: it is waited for until the time is up, and said so. */
async function readablePod(ask: () => Promise<Pod | undefined>): Promise<Pod | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return undefined;
    throw error;
  }
}

async function find<T>(transport: Transport, path: string): Promise<T | undefined> {
  return (await getOrUndefined(transport, path)) as unknown as T | undefined;
}
