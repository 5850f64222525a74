import type { Node, Pod } from '../../domain/kube.ts';
import { isNodeLost } from '../../domain/lost-node.ts';
import { isPodReady, isTerminating } from '../../domain/members.ts';
import { attachmentsOf } from '../../domain/node-pods.ts';
import { attestationOf, fenceTaintOf, signsOf } from '../../domain/node-signs.ts';
import { type SliceName, type Snapshot, sliceOf } from '../../domain/snapshot.ts';
import type { Condition, PlacedPod } from '../../plan/condition.ts';
import { fails, HOLDS, type Judgement } from './judgement.ts';

const OF_NODES = ['node-silent', 'node-unready', 'node-unfenced', 'pods-off-node', 'volumes-off-node', 'pods-replaced'] as const;

type NodeCondition = Extract<Condition, { is: (typeof OF_NODES)[number] }>;

export function isOfNode(condition: Condition): condition is NodeCondition {
  return (OF_NODES as readonly Condition['is'][]).includes(condition.is);
}

export function judgeNode(condition: NodeCondition, snapshot: Snapshot): Judgement {
  switch (condition.is) {
    case 'node-silent':
      return judgeSilent(condition, snapshot);
    case 'node-unready':
      return withNode(condition.uid, snapshot, unready);
    case 'node-unfenced':
      return withNode(condition.uid, snapshot, (node) =>
        fenceTaintOf(node) === undefined && attestationOf(node) === undefined ? HOLDS : fails(`node ${node.metadata.name} is still fenced`),
      );
    case 'pods-off-node':
      return judgePodsOff(condition.pods, snapshot);
    case 'volumes-off-node':
      return judgeVolumesOff(condition.volumes, snapshot);
    case 'pods-replaced':
      return judgeReplaced(condition.pods, snapshot);
  }
}

function withNode(uid: string, snapshot: Snapshot, judgeIt: (node: Node) => Judgement): Judgement {
  const nodes = sliceOf(snapshot, 'node');
  const { name } = snapshot.target;
  if (nodes.state === 'unknown') return fails(nodes.message);
  const node = nodes.state === 'read' ? nodes.value.find(({ metadata }) => metadata.uid === uid) : undefined;
  return node === undefined ? fails(`node ${name} was deleted, or created again`) : judgeIt(node);
}

function unready(node: Node): Judgement {
  return isNodeLost(node) ? HOLDS : fails(`node ${node.metadata.name} is Ready again`);
}

/** Evidence of silence that is older says nothing of now. */
const FRESH_MS = 5000;
const ASKED: readonly SliceName[] = ['lease', 'kubelet', 'podAnswers'];

function judgeSilent({ uid, bootID }: Extract<NodeCondition, { is: 'node-silent' }>, snapshot: Snapshot): Judgement {
  return withNode(uid, snapshot, (node) => {
    if (!isNodeLost(node)) return unready(node);
    if ((node.status.nodeInfo?.bootID ?? '') !== bootID) return fails(`node ${node.metadata.name} has booted again`);
    const alive = signsOf(snapshot).find(({ grade }) => grade === 'counter');
    if (alive !== undefined) return fails(`node ${node.metadata.name} is alive: ${alive.statement}`);
    const old = ASKED.find((slice) => snapshot.now - sliceOf(snapshot, slice).at > FRESH_MS);
    return old === undefined ? HOLDS : fails(`the evidence about node ${node.metadata.name} is older than ${FRESH_MS / 1000}s`);
  });
}

function judgePodsOff(pods: readonly PlacedPod[], snapshot: Snapshot): Judgement {
  const bound = sliceOf(snapshot, 'nodePods');
  if (bound.state !== 'read') return fails(bound.state === 'unknown' ? bound.message : 'Pods cannot be listed');
  const uids = new Set(pods.map(({ uid }) => uid));
  const left = bound.value.filter(({ metadata }) => uids.has(metadata.uid));
  const [first] = left;
  if (first === undefined) return HOLDS;
  const { name, namespace = '' } = first.metadata;
  const how = isTerminating(first) ? 'is Terminating until the Pod garbage collector deletes it (every 20s)' : 'waits to be evicted';
  return fails(`${pods.length - left.length} of ${pods.length} Pods are off the node; ${namespace}/${name} ${how}`);
}

function judgeVolumesOff(volumes: readonly string[], snapshot: Snapshot): Judgement {
  const reading = sliceOf(snapshot, 'attachments');
  if (reading.state !== 'read') return fails(reading.state === 'unknown' ? reading.message : 'VolumeAttachments cannot be listed');
  const attached = attachmentsOf(snapshot);
  const left = volumes.filter((volume) => attached.has(volume));
  if (left.length === 0) return HOLDS;
  return fails(
    `${volumes.length - left.length} of ${volumes.length} volumes are detached; until PV ${left[0] ?? ''} is, no other node can attach it (Multi-Attach)`,
  );
}

function judgeReplaced(wanted: readonly PlacedPod[], snapshot: Snapshot): Judgement {
  const reading = sliceOf(snapshot, 'replacements');
  if (reading.state !== 'read') return fails(reading.state === 'unknown' ? reading.message : 'Pods cannot be read');
  const placeOf = (namespace: string | undefined, name: string): string => `${namespace ?? ''}/${name}`;
  const found = new Map(reading.value.map((pod) => [placeOf(pod.metadata.namespace, pod.metadata.name), pod]));
  const isReplaced = (pod: Pod | undefined, was: PlacedPod): boolean =>
    pod !== undefined && pod.metadata.uid !== was.uid && isPodReady(pod) && !isTerminating(pod);
  const waiting = wanted.filter((was) => !isReplaced(found.get(placeOf(was.namespace, was.name)), was));
  const [first] = waiting;
  if (first === undefined) return HOLDS;
  const now = found.get(placeOf(first.namespace, first.name));
  return fails(
    `${wanted.length - waiting.length} of ${wanted.length} replacements are Ready; ${placeOf(first.namespace, first.name)} ${stateOf(now, first)}`,
  );
}

function stateOf(pod: Pod | undefined, was: PlacedPod): string {
  if (pod === undefined) return 'is not created yet';
  if (pod.metadata.uid === was.uid) return 'is not deleted yet';
  if (pod.spec.nodeName === undefined) {
    const scheduled = pod.status.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
    return `is not scheduled${scheduled?.message === undefined ? '' : `: ${scheduled.message}`}`;
  }
  return `is ${pod.status.phase ?? 'Pending'} on node ${pod.spec.nodeName}, not Ready`;
}
