import type { Node, Pod } from '../domain/kube.ts';
import { evictionAt, isNodeLost } from '../domain/lost-node.ts';
import { isPodReady, isTerminating } from '../domain/members.ts';
import { roughAge } from '../domain/rough-age.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { Check, Draft, OfSet } from './check.ts';
import { known, names, seen } from './draft.ts';
import { podsAt } from './members.ts';

/**
 * A Pod of a node that is silent is "Running" in its status, is evicted at most to Terminating, and is never gone while nobody says that
 * the node is: whoever waits for it waits for ever.
 */
export const podOnLostNode: Check<OfSet> = {
  id: 'pod-on-lost-node',
  title: 'A Pod is on a node that is not Ready',
  meaning:
    'The node does not report any more. Its Pods stay in the API: after the toleration time they are told to end, and stay Terminating until the kubelet is back, or someone confirms that the node is gone. The controller creates no replacement in the meantime. The containers may still run and write: whether they do, the API server alone cannot tell.',
  remedy:
    'Run node check: it shows what still answers, and what would settle it. node fence lets the Pods go, once the machine is confirmed to be off.',
  source: 'pkg/controller/nodelifecycle/node_lifecycle_controller.go; KEP-2268; kubernetes.io: non-graceful node shutdown',
  override: 'allow',
  needs: ['set', 'pods'],
  further: {
    slices: ['nodes'],
    wanted: (snapshot, intent) => (podsOf(snapshot, intent).some((pod) => looksLost(pod, snapshot.now)) ? ['nodes'] : []),
  },
  run(snapshot, intent) {
    const lost = (known(snapshot, 'nodes') ?? []).filter(isNodeLost);
    const pods = podsOf(snapshot, intent);
    return lost.flatMap((node) => {
      const on = pods.filter(({ spec }) => spec.nodeName === node.metadata.name);
      return on.length === 0 ? [] : [draftOf(node, on, snapshot.now)];
    });
  },
};

function podsOf(snapshot: Snapshot, intent: OfSet): readonly Pod[] {
  const { leaving, staying = [] } = intent;
  return podsAt(snapshot, intent, leaving === undefined ? undefined : [...leaving, ...staying]);
}

/** Not Ready although each of its containers was when the kubelet was last heard, or past its deadline. */
function looksLost(pod: Pod, now: number): boolean {
  if (isTerminating(pod)) return Date.parse(pod.metadata.deletionTimestamp ?? '') < now;
  const statuses = pod.status.containerStatuses ?? [];
  return !isPodReady(pod) && statuses.length > 0 && statuses.every(({ ready }) => ready === true);
}

function draftOf(node: Node, pods: readonly Pod[], now: number): Draft {
  const { name } = node.metadata;
  const who = names(pods.map(({ metadata }) => metadata.name));
  const [be, keep] = pods.length === 1 ? ['is', 'it stays'] : ['are', 'they stay'];
  const ready = node.status.conditions?.find(({ type }) => type === 'Ready');
  const at = pods.flatMap((pod) => evictionAt(pod, node) ?? []).find((time) => typeof time === 'number' && time > now);
  const evicted = typeof at === 'number' ? ` (eviction in ${roughAge(at - now)})` : '';
  return {
    grade: 'proven',
    subject: { kind: 'node', name },
    message: `${who} ${be} on node ${name}, which is not Ready${evicted}: ${keep} until the node is back, or is confirmed to be gone`,
    evidence: [
      seen(`node/${name}`, 'status.conditions[Ready].status', ready?.status),
      ...pods.map((pod) => seen(`pod/${pod.metadata.name}`, 'spec.nodeName', pod.spec.nodeName)),
    ],
    remedies: [
      {
        do: 'operation',
        operation: 'node check',
        subject: { kind: 'node', name },
        options: {},
        why: 'shows whether anything still runs there',
      },
    ],
  };
}
