import type { Node, Taint } from '../../domain/kube.ts';
import { evictionAt, type Share, shareInZone, shareOf, zoneOf } from '../../domain/lost-node.ts';
import { isTerminating } from '../../domain/members.ts';
import { isOfNodeAlone, type NodePod, podsOnNode } from '../../domain/node-pods.ts';
import { type NodeSign, signsOf } from '../../domain/node-signs.ts';
import { MEANINGS, type NodeVerdict, settledBy, verdictOf } from '../../domain/node-verdict.ts';
import { listOf, nodeOf, type SliceName, type Snapshot, sliceOf } from '../../domain/snapshot.ts';

/** What `node check` looks at. */
export const NODE_NEEDS: readonly SliceName[] = [
  'node',
  'lease',
  'kubelet',
  'podAnswers',
  'nodePods',
  'clusterNodes',
  'volumes',
  'attachments',
];

/** Everything that was read about a node, and what it comes to. Times are the API server's. */
export interface NodeReport {
  readonly name: string;
  readonly verdict: NodeVerdict;
  readonly meaning: string;
  /** What would settle it; empty where it is settled. */
  readonly settledBy: readonly string[];
  readonly signs: readonly NodeSign[];
  readonly uid?: string;
  readonly bootID?: string;
  readonly providerID?: string;
  readonly taints: readonly Taint[];
  /** As its kubelet last reported. */
  readonly volumesInUse: readonly string[];
  /** How many nodes are not Ready, of its zone and of all: many at once are more likely cut off than lost. */
  readonly notReady?: { readonly zone?: Share & { readonly name: string }; readonly fleet: Share };
  /** Those of StatefulSets first; without static Pods and those of DaemonSets. */
  readonly pods: readonly NodePodReport[];
  /** What could not be read, a sentence each. */
  readonly unread: readonly string[];
}

export interface NodePodReport {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly set?: string;
  readonly phase: string;
  readonly terminating: boolean;
  /** When the taint manager evicts it, RFC 3339; `never` where it tolerates the taint without limit; absent where nothing says so. */
  readonly evictedAt?: string;
  readonly volumes: readonly {
    readonly claim: string;
    readonly volume?: string;
    readonly accessModes: readonly string[];
    readonly attached: boolean;
    /** It can be used on this node alone. */
    readonly local: boolean;
  }[];
}

/** Pure: the same look gives the same report. */
export function nodeReport(snapshot: Snapshot): NodeReport {
  const node = listOf(snapshot, 'node')[0];
  const signs = signsOf(snapshot);
  const verdict = verdictOf(signs);
  const notReady = notReadyOf(snapshot, node);
  return {
    name: nodeOf(snapshot.target) ?? '',
    verdict,
    meaning: MEANINGS[verdict],
    settledBy: settledBy(verdict, node?.spec.providerID),
    signs,
    ...identityOf(node),
    ...(notReady === undefined ? {} : { notReady }),
    pods: podsOnNode(snapshot)
      .filter(({ pod }) => !isOfNodeAlone(pod))
      .map((one) => podReport(one, node)),
    unread: NODE_NEEDS.flatMap((slice) => {
      const reading = sliceOf(snapshot, slice);
      return reading.state === 'unknown' ? [reading.message] : [];
    }),
  };
}

type Identity = Pick<NodeReport, 'uid' | 'bootID' | 'providerID' | 'taints' | 'volumesInUse'>;

function identityOf(node: Node | undefined): Identity {
  if (node === undefined) return { taints: [], volumesInUse: [] };
  const { metadata, spec, status } = node;
  const bootID = status.nodeInfo?.bootID;
  return {
    uid: metadata.uid,
    ...(bootID === undefined ? {} : { bootID }),
    ...(spec.providerID === undefined ? {} : { providerID: spec.providerID }),
    taints: spec.taints ?? [],
    volumesInUse: status.volumesInUse ?? [],
  };
}

function notReadyOf(snapshot: Snapshot, node: Node | undefined): NodeReport['notReady'] {
  const nodes = sliceOf(snapshot, 'clusterNodes');
  if (nodes.state !== 'read') return undefined;
  const zone = zoneOf(node);
  return {
    fleet: shareOf(nodes.value),
    ...(zone === undefined ? {} : { zone: { name: zone, ...shareInZone(node, nodes.value) } }),
  };
}

function podReport({ pod, set, volumes }: NodePod, node: Node | undefined): NodePodReport {
  const evicted = evictionAt(pod, node);
  return {
    namespace: pod.metadata.namespace ?? '',
    name: pod.metadata.name,
    uid: pod.metadata.uid,
    ...(set === undefined ? {} : { set }),
    phase: pod.status.phase ?? 'Unknown',
    terminating: isTerminating(pod),
    ...(evicted === undefined ? {} : { evictedAt: evicted === 'never' ? evicted : new Date(evicted).toISOString() }),
    volumes: volumes.map(({ claim, volume, accessModes, attachment, isLocal }) => ({
      claim,
      ...(volume === undefined ? {} : { volume }),
      accessModes,
      attached: attachment !== undefined,
      local: isLocal,
    })),
  };
}
