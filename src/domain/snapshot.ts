import type {
  Autoscaler,
  Claim,
  ControllerRevision,
  CoreEvent,
  DisruptionBudget,
  EndpointSlice,
  KinSet,
  KubeObject,
  Lease,
  Namespace,
  Node,
  Pod,
  ResourceQuota,
  ScaledObject,
  Service,
  SnapshotClass,
  StatefulSet,
  StorageClass,
  Volume,
  VolumeAttachment,
  VolumeSnapshot,
  Workload,
} from './kube.ts';
import type { NodeAnswer } from './node-signs.ts';
import { isSameRef, type ObjectRef, type Resource, refTo } from './object-ref.ts';
import type { Reading } from './reading.ts';
import type { SavedSet, StoredState } from './stored.ts';

/**
 * The closed set of things that can be read about one StatefulSet (architecture law 3). Every operation and check
 * declares the slices it needs; reading, access checks and `permissions` derive from that.
 * Lists cover the set's whole namespace unless said otherwise: a claim may be shared by two sets. What a look costs follows
 * the set, not the cluster: of Pods, nodes and events it reads those of the set.
 */
export interface Slices {
  /** The namespace itself (a user of one namespace often may not read it). */
  readonly namespace: Namespace;
  /** The set itself, raw as served. */
  readonly set: StatefulSet;
  /** Every Pod that bears a member's name, whoever owns it: released Pods lose their labels. */
  readonly pods: readonly Pod[];
  /** Metadata of every Pod of the namespace. */
  readonly podMetadata: readonly KubeObject[];
  /** All Pods of the namespace, whole: only for what the others mount, or where and how they run. */
  readonly namespacePods: readonly Pod[];
  /** All claims of the namespace; in looks at many sets those that the set could be about. */
  readonly claims: readonly Claim[];
  /** All StatefulSets of the namespace: who else generates the same claim names. */
  readonly sets: readonly StatefulSet[];
  /** PersistentVolumes of claims of the namespace, and those that wait for one (cluster-scoped: often forbidden). */
  readonly volumes: readonly Volume[];
  /** The same, followed: for operations that change PersistentVolumes. */
  readonly followedVolumes: readonly Volume[];
  readonly services: readonly Service[];
  readonly endpointSlices: readonly EndpointSlice[];
  /** Those on which Pods of `pods` run. Looks at many sets have more. */
  readonly nodes: readonly Node[];
  /** All nodes: only for where new members may start. */
  readonly clusterNodes: readonly Node[];
  /** The node that the target names, as a list of one or none; then its Lease, and the Pods that are bound to it, of all namespaces. */
  readonly node: readonly Node[];
  readonly lease: readonly Lease[];
  readonly nodePods: readonly Pod[];
  /** Of all nodes. */
  readonly attachments: readonly VolumeAttachment[];
  /** What the kubelet of that node, and the Pods of StatefulSets on it, answer through the API server. */
  readonly kubelet: NodeAnswer;
  readonly podAnswers: readonly NodeAnswer[];
  /** The StatefulSets whose Pods are on that node. */
  readonly nodeSets: readonly StatefulSet[];
  /** The Pods that now have the names of those that the node's attestation lists. */
  readonly replacements: readonly Pod[];
  readonly pdbs: readonly DisruptionBudget[];
  readonly hpas: readonly Autoscaler[];
  readonly scaledObjects: readonly ScaledObject[];
  readonly revisions: readonly ControllerRevision[];
  /** Events about the set itself, or in looks at many sets about all sets. */
  readonly events: readonly CoreEvent[];
  /** Warnings about Pods of the namespace, and about its claims. */
  readonly podEvents: readonly CoreEvent[];
  readonly claimEvents: readonly CoreEvent[];
  readonly quotas: readonly ResourceQuota[];
  readonly storageClasses: readonly StorageClass[];
  /** Of these four the metadata alone, and only of objects that have an owner: what goes with what (domain/dependents.ts). */
  readonly configMaps: readonly KubeObject[];
  readonly secrets: readonly KubeObject[];
  readonly jobs: readonly KubeObject[];
  readonly deployments: readonly KubeObject[];
  readonly snapshotClasses: readonly SnapshotClass[];
  /** VolumeSnapshots that are not ready yet. */
  readonly snapshots: readonly VolumeSnapshot[];
  /** Deployments, DaemonSets, ReplicaSets, Jobs and CronJobs whose templates name PVCs. */
  readonly workloads: readonly Workload[];
  /** Objects of custom resources that look like StatefulSets; unknown where one of these resources cannot be read. */
  readonly kin: readonly KinSet[];
  /** What is saved about the sets of the namespace, living and deleted. */
  readonly savedSets: readonly SavedSet[];
  /** Our own state about the set: the index Secret `sts-safe.<set>` and the archives it lists. */
  readonly stored: StoredState;
}

export type SliceName = keyof Slices;

/** Where this look was taken: shown at the head of every plan and prompt (principle 9). */
export interface ClusterRef {
  readonly context: string;
  readonly server: string;
  /** UID of namespace kube-system, or the hash of the server's CA plus the namespace's UID where that may not be read. */
  readonly identity: string;
  /** The connection flags that lead here again, as words for printed commands: the context and what else was given, no secret. */
  readonly flags: readonly string[];
}

/** What a look, a plan or a result is about: a StatefulSet, unless it says otherwise. */
export interface Target {
  readonly resource?: Resource;
  /** Empty for a cluster-scoped object. */
  readonly namespace: string;
  readonly name: string;
  /** The node that evidence is read of, where that is not the object itself. */
  readonly node?: string;
}

/** The node that evidence is read of; undefined for what is about none. */
export function nodeOf({ resource, name, node }: Partial<Target>): string | undefined {
  return node ?? (resource === 'nodes' ? name : undefined);
}

/** The object that a look, a plan or a result is about. */
export function subjectOf({ resource = 'statefulsets', namespace, name }: Target): ObjectRef {
  return refTo(resource, namespace, name);
}

export interface Snapshot {
  /** The API server's own time (its Date header), milliseconds since the epoch. */
  readonly now: number;
  readonly cluster: ClusterRef;
  readonly target: Target;
  readonly slices: { readonly [K in SliceName]?: Reading<Slices[K]> };
}

/** Whether an object is the one that a look, a plan or a result is about. */
export function isSubject(ref: ObjectRef, target: Target): boolean {
  return isSameRef(ref, subjectOf(target));
}

/** A slice's reading; one that nobody asked for is unknown, never empty. */
export function sliceOf<K extends SliceName>(snapshot: Snapshot, name: K): Reading<Slices[K]> {
  const reading: Reading<Slices[K]> | undefined = snapshot.slices[name];
  return reading ?? { state: 'unknown', why: 'not-read', message: `${name} was not read`, at: snapshot.now };
}

/** An object of a look, where one of its slices holds it. */
export function objectIn(snapshot: Snapshot, { resource, name }: ObjectRef): KubeObject | undefined {
  if (resource === 'statefulsets') {
    const set = sliceOf(snapshot, 'set');
    return set.state === 'read' && set.value.metadata.name === name ? set.value : undefined;
  }
  const slice = SLICES_OF[resource as keyof typeof SLICES_OF] as (typeof SLICES_OF)[keyof typeof SLICES_OF] | undefined;
  const all: readonly KubeObject[] = slice === undefined ? [] : listOf(snapshot, slice);
  return all.find(({ metadata }) => metadata.name === name);
}

/** The slice that lists the objects of a resource. */
const SLICES_OF = {
  pods: 'pods',
  persistentvolumeclaims: 'claims',
  persistentvolumes: 'followedVolumes',
  services: 'services',
  nodes: 'node',
} as const satisfies Partial<Record<Resource, SliceName>>;

/** A list slice as a list: empty when absent or unknown, so only for slices already checked as required evidence. */
export function listOf<K extends SliceName>(snapshot: Snapshot, name: K): Slices[K] | readonly [] {
  const reading = sliceOf(snapshot, name);
  return reading.state === 'read' ? reading.value : [];
}
