import type { Plan } from '../control-plane/commands.ts';
import { kwok, nodeName } from '../control-plane/kwok.ts';
import { type Api, ApiError } from './api.ts';
import type { Definition } from './process.ts';
import { until } from './readiness.ts';
import type { Relay } from './relay.ts';

interface NodeObject {
  spec: { taints?: { key: string }[] };
  status: { conditions?: { type: string; status: string }[] };
}

const isReady = (node: NodeObject): boolean => node.status.conditions?.some((it) => it.type === 'Ready' && it.status === 'True') ?? false;

const leasePath = (name: string): string => `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${name}`;

/** Counts the starts of all nodes of a sandbox: every start gets Pod addresses that none before it gave out. */
export class Incarnations {
  #next = 0;
  take(): number {
    return this.#next++;
  }
}

/**
 * A node is a KWOK process. KWOK does not give its Lease back, however it ends, and a new process would wait for the
 * old Lease to expire, so it is deleted first; its coming back shows that the new process works.
 */
export function nodeDefinition(plan: Plan, node: number, api: Api, relay: Relay, incarnations: Incarnations): Definition {
  const name = nodeName(node);
  const lease = leasePath(name);
  return {
    name,
    command: () => kwok(plan, node, incarnations.take()),
    prepare: () => api.delete(lease).catch(unlessMissing),
    ready: async (signal) => {
      if (relay.isCut) return;
      const works = async () => {
        await api.get(lease);
        return isReady(await api.get<NodeObject>(`/api/v1/nodes/${name}`));
      };
      await until(`${name}: Ready`, works, signal);
    },
  };
}

/** A new Node carries the taint not-ready until the controllers have seen it Ready; Pods are not scheduled before. */
export async function untilSchedulable(api: Api, node: number, signal: AbortSignal): Promise<void> {
  const free = async () => {
    const found = await api.get<NodeObject>(`/api/v1/nodes/${nodeName(node)}`);
    return isReady(found) && !found.spec.taints?.length;
  };
  await until(`${nodeName(node)}: schedulable`, free, signal);
}

/** A node that was Ready at its last sign of life still is; a Lease renewed after `since` tells that its kubelet works now. */
export async function untilWorking(api: Api, node: number, since: Date, signal: AbortSignal): Promise<void> {
  const name = nodeName(node);
  const works = async () => {
    const lease = await api.get<{ spec: { renewTime: string } }>(leasePath(name));
    return new Date(lease.spec.renewTime) >= since && isReady(await api.get<NodeObject>(`/api/v1/nodes/${name}`));
  };
  await until(`${name}: Ready`, works, signal);
}

function unlessMissing(error: unknown): void {
  if (!(error instanceof ApiError && error.status === 404)) throw error;
}
