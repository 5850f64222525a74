import type { Node, Pod, Toleration } from './kube.ts';

/** Taints by which the node lifecycle controller evicts Pods of a node that it lost (semantics, section 4). */
const LOST_TAINTS: readonly string[] = ['node.kubernetes.io/unreachable', 'node.kubernetes.io/not-ready'];

/** Ready is False or Unknown. Pods of such a node stay "Running" in status.phase: nobody is there to say otherwise. */
export function isNodeLost(node: Node | undefined): boolean {
  return node !== undefined && node.status.conditions?.some(({ type, status }) => type === 'Ready' && status !== 'True') === true;
}

/**
 * When the taint manager will evict this Pod from its lost node: milliseconds since the epoch, `never` when it
 * tolerates the taint for ever, undefined when nothing says so. Eviction only marks it Terminating; without a kubelet it
 * stays so.
 */
export function evictionAt(pod: Pod, node: Node | undefined): number | 'never' | undefined {
  const taint = node?.spec.taints?.find(({ key, effect }) => LOST_TAINTS.includes(key) && effect === 'NoExecute');
  const { tolerations } = pod.spec;
  if (taint === undefined || tolerations === undefined) return undefined;
  const matching = tolerations.filter((each) => tolerates(each, taint.key));
  // The taint manager takes the shortest of those that match; one without a limit does not shorten it.
  const limits = matching.flatMap(({ tolerationSeconds }) => tolerationSeconds ?? []);
  if (matching.length > 0 && limits.length === 0) return 'never';
  const added = Date.parse(taint.timeAdded ?? '');
  return Number.isNaN(added) ? undefined : added + shortest(limits) * 1000;
}

function tolerates({ key, operator, effect }: Toleration, taint: string): boolean {
  if (effect !== undefined && effect !== '' && effect !== 'NoExecute') return false;
  return key === undefined || key === '' ? operator === 'Exists' : key === taint;
}

/** Nothing tolerates it: at once. */
function shortest(limits: readonly number[]): number {
  return limits.length === 0 ? 0 : Math.max(0, Math.min(...limits));
}

/** How many of some nodes are not Ready. */
export interface Share {
  readonly notReady: number;
  readonly all: number;
}

const ZONE = 'topology.kubernetes.io/zone';

export function zoneOf(node: Node | undefined): string | undefined {
  return node?.metadata.labels?.[ZONE];
}

export function shareOf(nodes: readonly Node[]): Share {
  return { notReady: nodes.filter(isNodeLost).length, all: nodes.length };
}

/** Of the nodes in the same zone as this one; of all where it names none. */
export function shareInZone(node: Node | undefined, nodes: readonly Node[]): Share {
  const zone = zoneOf(node);
  return shareOf(zone === undefined ? nodes : nodes.filter((one) => zoneOf(one) === zone));
}

/** `--unhealthy-zone-threshold` of the controller manager, and the nodes from which on it counts. */
const STORM = { share: 0.55, atLeast: 3 };

/**
 * Whether so many are not Ready that the cause is more likely between them and the control plane than in each: then the node
 * lifecycle controller slows or stops its evictions (node_lifecycle_controller.go, ComputeZoneState), and so should people.
 */
export function isStorm({ notReady, all }: Share): boolean {
  return notReady > 1 && (notReady === all || (notReady >= STORM.atLeast && notReady / all >= STORM.share));
}
