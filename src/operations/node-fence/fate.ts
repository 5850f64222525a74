import type { Node } from '../../domain/kube.ts';
import { isTerminating } from '../../domain/members.ts';
import type { NodePod, NodeVolume } from '../../domain/node-pods.ts';
import { readyOf } from '../../domain/node-signs.ts';
import { listOf, type Snapshot } from '../../domain/snapshot.ts';
import type { Change } from '../../plan/plan.ts';
import type { FenceOptions } from './options.ts';

export function fateOfNode(
  { metadata: { name }, status }: Node,
  { attest, evidence }: FenceOptions,
  then: 'out of service' | 'marked',
): Change {
  const ready = readyOf({ status })?.status ?? 'Unknown';
  return { kind: 'Node', name, before: `Ready=${ready}`, after: `${then} (${attest}: ${evidence})` };
}

/** A row for the Pod, with how many of its StatefulSet are Ready without it, and one for each volume. */
export function fateOf({ pod, set, volumes }: NodePod, snapshot: Snapshot): readonly Change[] {
  const { name, namespace = '' } = pod.metadata;
  const now = isTerminating(pod) ? 'Terminating' : (pod.status.phase ?? 'Unknown');
  return [
    {
      kind: 'Pod',
      name: `${namespace}/${name}`,
      before: set === undefined ? now : `${now}, ${quorumOf(set, namespace, snapshot)}`,
      after: set === undefined ? 'deleted by force' : 'deleted by force, and created again on another node',
    },
    ...volumes.map(
      (volume): Change => ({
        kind: 'PersistentVolumeClaim',
        name: `${namespace}/${volume.claim}`,
        before: stateOf(volume),
        after: thenOf(volume),
      }),
    ),
  ];
}

/** "StatefulSet web: 2 of 3 Ready, a majority". */
export function quorumOf(name: string, namespace: string, snapshot: Snapshot): string {
  const set = listOf(snapshot, 'nodeSets').find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  if (set === undefined) return `StatefulSet ${name}`;
  const [ready, all] = [set.status.readyReplicas ?? 0, set.spec.replicas ?? 1];
  return `StatefulSet ${name}: ${ready} of ${all} Ready, ${ready * 2 > all ? 'a majority' : 'no majority'}`;
}

function stateOf({ accessModes, attachment }: NodeVolume): string {
  return [accessModes.join(',') || 'access modes unknown', attachment === undefined ? 'no VolumeAttachment' : 'attached'].join(', ');
}

function thenOf({ attachment, isLocal }: NodeVolume): string {
  if (isLocal) return 'kept; usable on this node alone';
  return attachment === undefined ? 'kept, mounted on another node' : 'kept, detached and attached to another node';
}
