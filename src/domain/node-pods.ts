import { claimsUsedBy } from './claims.ts';
import type { Pod, Volume, VolumeAttachment } from './kube.ts';
import { FENCE_VALUE, OUT_OF_SERVICE_TAINT } from './node-signs.ts';
import { HOSTNAME } from './scheduling.ts';
import { listOf, nodeOf, type Snapshot, sliceOf } from './snapshot.ts';

/** A volume that a Pod on the node uses, as far as volumes and attachments could be read. */
export interface NodeVolume {
  readonly claim: string;
  /** The bound PV, where it is known. */
  readonly volume?: string;
  readonly accessModes: readonly string[];
  /** Name of the VolumeAttachment to this node; none for drivers that do not attach. */
  readonly attachment?: string;
  /** More than one node may write to it at once, and nothing but its Pods keeps them from it. */
  readonly isShared: boolean;
  /** It can be used on this node alone: a replacement cannot start anywhere else. */
  readonly isLocal: boolean;
}

/** A Pod on the node, with the StatefulSet that controls it, if one does. */
export interface NodePod {
  readonly pod: Pod;
  readonly set?: string;
  readonly volumes: readonly NodeVolume[];
}

/** Pods whose end takes nothing with it: static Pods are the kubelet's own copies, and a DaemonSet has one per node. */
const BOUND_TO_NODE: readonly string[] = ['Node', 'DaemonSet'];

/** The Pods of a look's node, those of StatefulSets first, then by namespace and name. */
export function podsOnNode(snapshot: Snapshot): readonly NodePod[] {
  const volumes = new Map(
    listOf(snapshot, 'volumes').map((volume) => [`${volume.spec.claimRef?.namespace ?? ''}/${volume.spec.claimRef?.name ?? ''}`, volume]),
  );
  const attached = attachmentsOf(snapshot);
  return listOf(snapshot, 'nodePods')
    .map((pod): NodePod => {
      const namespace = pod.metadata.namespace ?? '';
      const used = claimsUsedBy(pod).map((claim) => volumeOf(claim, volumes.get(`${namespace}/${claim}`), attached));
      const set = setOf(pod);
      return { pod, volumes: used, ...(set === undefined ? {} : { set }) };
    })
    .toSorted((a, b) => Number(b.set !== undefined) - Number(a.set !== undefined) || placeOf(a).localeCompare(placeOf(b)));
}

/** The StatefulSet that controls a Pod, by name. */
export function setOf({ metadata: { ownerReferences = [] } }: Pod): string | undefined {
  return ownerReferences.find(
    ({ kind, controller, apiVersion }) => controller === true && kind === 'StatefulSet' && apiVersion.startsWith('apps/'),
  )?.name;
}

/** Whether it is of this node alone, so that nothing replaces it elsewhere. */
export function isOfNodeAlone({ metadata: { ownerReferences = [] } }: Pod): boolean {
  return ownerReferences.some(({ kind, controller }) => controller === true && BOUND_TO_NODE.includes(kind));
}

/** What is attached to the look's node, or about to be, by PV. */
export function attachmentsOf(snapshot: Snapshot): ReadonlyMap<string, VolumeAttachment> {
  const reading = sliceOf(snapshot, 'attachments');
  const node = nodeOf(snapshot.target);
  const all = reading.state === 'read' ? reading.value : [];
  return new Map(
    all.flatMap((one) => (one.spec.nodeName === node ? [[one.spec.source.persistentVolumeName ?? one.metadata.name, one] as const] : [])),
  );
}

function volumeOf(claim: string, volume: Volume | undefined, attached: ReadonlyMap<string, VolumeAttachment>): NodeVolume {
  const modes = volume?.spec.accessModes ?? [];
  const attachment = attached.get(volume?.metadata.name ?? '');
  return {
    claim,
    accessModes: modes,
    isShared: modes.includes('ReadWriteMany'),
    isLocal: volume !== undefined && isOfOneNode(volume),
    ...(volume === undefined ? {} : { volume: volume.metadata.name }),
    ...(attachment === undefined ? {} : { attachment: attachment.metadata.name }),
  };
}

/** Its required node affinity names a node: a local volume, or a directory of one. */
function isOfOneNode({ spec: { nodeAffinity } }: Volume): boolean {
  const terms = nodeAffinity?.required?.nodeSelectorTerms ?? [];
  return (
    terms.length > 0 &&
    terms.every(({ matchExpressions = [] }) => matchExpressions.some(({ key }) => /(?:^|[./])hostname$/.test(key) || key === HOSTNAME))
  );
}

const placeOf = ({ pod }: NodePod): string => `${pod.metadata.namespace ?? ''}/${pod.metadata.name}`;

/** Whether the out-of-service taint leaves it where it is. A toleration with a time-out only delays its eviction. */
export function toleratesFence({ spec: { tolerations = [] } }: Pod): boolean {
  return tolerations.some(
    ({ key, operator, value, effect, tolerationSeconds }) =>
      tolerationSeconds === undefined &&
      (effect === undefined || effect === '' || effect === 'NoExecute') &&
      (key === undefined || key === '' || key === OUT_OF_SERVICE_TAINT) &&
      (operator === 'Exists' || (key === OUT_OF_SERVICE_TAINT && value === FENCE_VALUE)),
  );
}
