import type {
  Autoscaler,
  Claim,
  ContainerStatus,
  ControllerRevision,
  DisruptionBudget,
  KubeObject,
  Namespace,
  Node,
  ObjectMeta,
  Pod,
  PodSpec,
  ResourceQuota,
  ScaledObject,
  Service,
  StatefulSet,
  StatefulSetSpec,
  StorageClass,
  Volume,
} from '../../src/domain/kube.ts';
import { memberName, ordinalsOf, replicasOf, startOf } from '../../src/domain/naming.ts';
import { type Reading, read } from '../../src/domain/reading.ts';
import type { SliceName, Slices, Snapshot } from '../../src/domain/snapshot.ts';
import type { Archive, ArchivedClaim, OperationRecord, StoredState } from '../../src/domain/stored.ts';
import type { Intent } from '../../src/findings/check.ts';

/**
 * Small builders for unit tests: a healthy StatefulSet `web` of 3 in namespace `prod`, its Pods and claims, and a
 * snapshot of any of them. Everything has a sane default; a test says only what it is about.
 */

export const NAMESPACE = 'prod';

/** The API server's time in every snapshot. */
export const NOW = Date.parse('2026-06-01T12:00:00Z');

export const SECOND = 1;
export const MINUTE = 60;
export const HOUR = 3600;
export const DAY = 86_400;

/** RFC 3339, this many seconds before NOW (negative: after). */
export function ago(seconds: number): string {
  return new Date(NOW - seconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** Raw JSON may hold more than the types name: anything extra is passed through. */
type Loose<T> = Partial<T> & Readonly<Record<string, unknown>>;

export function metaOf(kind: string, name: string, over: Partial<ObjectMeta> = {}): ObjectMeta {
  return { name, namespace: NAMESPACE, uid: `uid-${kind}-${name}`, resourceVersion: '100', creationTimestamp: ago(30 * DAY), ...over };
}

export interface SetOptions {
  readonly name?: string;
  readonly replicas?: number;
  readonly metadata?: Partial<ObjectMeta>;
  readonly spec?: Loose<StatefulSetSpec>;
  /** Merged into spec.template.spec. */
  readonly template?: Loose<PodSpec>;
  readonly status?: Partial<StatefulSet['status']>;
}

/** `web` with 3 members, one claim template `data`, observed, every member at the one revision `web-a`. */
export function setOf(over: SetOptions = {}): StatefulSet {
  const name = over.name ?? 'web';
  const replicas = over.replicas ?? 3;
  const revision = `${name}-a`;
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: metaOf('statefulset', name, { generation: 1, labels: { app: name }, annotations: {}, ...over.metadata }),
    spec: {
      replicas,
      serviceName: name,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { terminationGracePeriodSeconds: 30, containers: [{ name: 'main', image: 'registry.example/main:1' }], ...over.template },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { storageClassName: 'fast', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      ],
      podManagementPolicy: 'OrderedReady',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      ...over.spec,
    },
    status: {
      observedGeneration: over.metadata?.generation ?? 1,
      replicas,
      readyReplicas: replicas,
      availableReplicas: replicas,
      currentReplicas: replicas,
      updatedReplicas: replicas,
      currentRevision: revision,
      updateRevision: revision,
      ...over.status,
    },
  };
}

export interface PodOptions {
  /** Full ControllerRevision name; default the set's updateRevision. */
  readonly revision?: string;
  readonly ready?: boolean;
  /** Seconds since the Ready condition last changed; default an hour. */
  readonly readySince?: number;
  readonly phase?: string;
  /** Deleted this long ago in seconds, with 30 s of grace: deletionTimestamp = then + 30 s. */
  readonly terminatingFor?: number;
  readonly restarts?: number;
  /** state.waiting.reason of the container: `CrashLoopBackOff`, `ImagePullBackOff` … Implies not ready. */
  readonly waiting?: string;
  readonly node?: string;
  readonly metadata?: Partial<ObjectMeta>;
  readonly spec?: Loose<PodSpec>;
  readonly status?: Partial<Pod['status']>;
}

function containerOf(over: PodOptions, ready: boolean): ContainerStatus {
  return {
    name: 'main',
    ready,
    restartCount: over.restarts ?? 0,
    state: over.waiting === undefined ? { running: { startedAt: ago(HOUR) } } : { waiting: { reason: over.waiting } },
  };
}

function podMeta(set: StatefulSet, name: string, over: PodOptions): ObjectMeta {
  const terminating =
    over.terminatingFor === undefined ? {} : { deletionTimestamp: ago(over.terminatingFor - 30), deletionGracePeriodSeconds: 30 };
  return metaOf('pod', name, {
    labels: { ...set.spec.template.metadata?.labels, 'controller-revision-hash': over.revision ?? set.status.updateRevision ?? '' },
    ownerReferences: [ownerOf(set)],
    ...terminating,
    ...over.metadata,
  });
}

function podStatus(over: PodOptions): Pod['status'] {
  const ready = over.ready ?? over.waiting === undefined;
  return {
    phase: over.phase ?? 'Running',
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: ago(over.readySince ?? HOUR) }],
    containerStatuses: [containerOf(over, ready)],
    ...over.status,
  };
}

/** A member's Pod: Running, Ready for an hour, controlled by the set, at its updateRevision, with its claims mounted. */
export function podOf(set: StatefulSet, ordinal: number, over: PodOptions = {}): Pod {
  const name = memberName(set.metadata.name, ordinal);
  const volumes = (set.spec.volumeClaimTemplates ?? []).map(({ metadata }) => ({
    name: metadata.name,
    persistentVolumeClaim: { claimName: `${metadata.name}-${name}` },
  }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: podMeta(set, name, over),
    spec: {
      nodeName: over.node ?? `node-${ordinal}`,
      hostname: name,
      subdomain: set.spec.serviceName ?? '',
      ...set.spec.template.spec,
      volumes,
      ...over.spec,
    },
    status: podStatus(over),
  };
}

/** The reference by which a set controls a Pod, or any other owner a claim. */
export function ownerOf(owner: {
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly metadata: { readonly name: string; readonly uid: string };
}) {
  return {
    apiVersion: owner.apiVersion ?? 'apps/v1',
    kind: owner.kind ?? 'StatefulSet',
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

export interface ClaimOptions {
  /** Name of the claim template; default `data`. */
  readonly template?: string;
  readonly phase?: string;
  readonly terminating?: boolean;
  readonly metadata?: Partial<ObjectMeta>;
  readonly spec?: Partial<Claim['spec']>;
  readonly status?: Partial<Claim['status']>;
}

/** A Bound claim of one member, without owner references. */
export function claimOf(set: StatefulSet, ordinal: number, over: ClaimOptions = {}): Claim {
  const name = `${over.template ?? 'data'}-${memberName(set.metadata.name, ordinal)}`;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: metaOf('claim', name, {
      labels: { ...set.spec.selector.matchLabels },
      finalizers: ['kubernetes.io/pvc-protection'],
      ...(over.terminating === true ? { deletionTimestamp: ago(MINUTE) } : {}),
      ...over.metadata,
    }),
    spec: {
      volumeName: `pv-${name}`,
      storageClassName: 'fast',
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
      ...over.spec,
    },
    status: { phase: over.phase ?? 'Bound', capacity: { storage: '1Gi' }, ...over.status },
  };
}

/** All in-range Pods of a set, healthy; `over` by ordinal says what is different about one, `undefined` leaves it out. */
export function podsOf(set: StatefulSet, over: Readonly<Record<number, PodOptions | undefined>> = {}): readonly Pod[] {
  return ordinalsOf(set)
    .filter((ordinal) => !(ordinal in over) || over[ordinal] !== undefined)
    .map((ordinal) => podOf(set, ordinal, over[ordinal] ?? {}));
}

/** All claims of a set's in-range members; `over` as in podsOf. */
export function claimsFor(set: StatefulSet, over: Readonly<Record<number, ClaimOptions | undefined>> = {}): readonly Claim[] {
  return ordinalsOf(set)
    .filter((ordinal) => !(ordinal in over) || over[ordinal] !== undefined)
    .map((ordinal) => claimOf(set, ordinal, over[ordinal] ?? {}));
}

/** The PersistentVolume of a claim, Bound, reclaim policy Delete as dynamically provisioned ones have. */
export function volumeOf(claim: Claim, over: { readonly spec?: Partial<Volume['spec']>; readonly phase?: string } = {}): Volume {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: metaOf('pv', claim.spec.volumeName ?? `pv-${claim.metadata.name}`),
    spec: {
      persistentVolumeReclaimPolicy: 'Delete',
      storageClassName: 'fast',
      capacity: { storage: '1Gi' },
      claimRef: { namespace: NAMESPACE, name: claim.metadata.name, uid: claim.metadata.uid },
      ...over.spec,
    },
    status: { phase: over.phase ?? 'Bound' },
  };
}

/** A PersistentVolume made by hand that waits for a PVC: 1Gi, ReadWriteOnce, of no class. */
export function waitingVolume(name: string, spec: Partial<Volume['spec']> = {}, over: Partial<ObjectMeta> = {}): Volume {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: metaOf('pv', name, over),
    spec: { persistentVolumeReclaimPolicy: 'Retain', capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], ...spec },
    status: { phase: 'Available' },
  };
}

/** An HPA on a set: 2 to 10 members. */
export function hpaOf(
  target: string,
  over: { readonly name?: string; readonly metadata?: Partial<ObjectMeta>; readonly spec?: Loose<Autoscaler['spec']> } = {},
): Autoscaler {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: metaOf('hpa', over.name ?? target, over.metadata),
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: target }, minReplicas: 2, maxReplicas: 10, ...over.spec },
  };
}

/** A KEDA ScaledObject on a set. */
export function scaledObjectOf(
  target: string,
  over: {
    readonly name?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly spec?: Loose<ScaledObject['spec']>;
  } = {},
): ScaledObject {
  return {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: metaOf('scaledobject', over.name ?? target, { annotations: over.annotations ?? {} }),
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: target }, minReplicaCount: 1, ...over.spec },
  };
}

/** A PodDisruptionBudget that selects the set's Pods by their `app` label. */
export function pdbOf(target: string, spec: Partial<DisruptionBudget['spec']>, over: { readonly name?: string } = {}): DisruptionBudget {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: metaOf('pdb', over.name ?? target),
    spec: { selector: { matchLabels: { app: target } }, ...spec },
    status: { disruptionsAllowed: 1 },
  };
}

/** A Ready, schedulable node with its hostname label. */
export function nodeOf(name: string, over: { readonly metadata?: Partial<ObjectMeta>; readonly spec?: Partial<Node['spec']> } = {}): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: metaOf('node', name, { labels: { 'kubernetes.io/hostname': name }, ...over.metadata }),
    spec: { ...over.spec },
    status: { conditions: [{ type: 'Ready', status: 'True' }], nodeInfo: { bootID: `boot-${name}` } },
  };
}

export function quotaOf(
  hard: Readonly<Record<string, string>>,
  used: Readonly<Record<string, string>>,
  over: { readonly name?: string; readonly spec?: Readonly<Record<string, unknown>> } = {},
): ResourceQuota {
  const quota = {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: metaOf('quota', over.name ?? 'budget'),
    spec: { hard, ...over.spec },
    status: { hard, used },
  };
  return quota;
}

export function storageClassOf(name: string, over: { readonly metadata?: Partial<ObjectMeta> } = {}): StorageClass {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: metaOf('storageclass', name, over.metadata),
    provisioner: 'csi.example.com',
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'WaitForFirstConsumer',
  };
}

/** The namespace of every set here. */
export function namespaceOf(over: Pick<Namespace, 'status'> & { readonly metadata?: Partial<ObjectMeta> } = {}): Namespace {
  const { namespace: _none, ...metadata } = metaOf('namespace', NAMESPACE, over.metadata);
  return { metadata, status: { phase: 'Active' }, ...(over.status === undefined ? {} : { status: over.status }) };
}

/** The same on its way out. */
export function endingNamespace(): Namespace {
  return namespaceOf({ metadata: { deletionTimestamp: ago(MINUTE) }, status: { phase: 'Terminating' } });
}

/** The governing headless Service of a set. */
export function serviceOf(name: string, over: Partial<Service['spec']> = {}): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metaOf('service', name),
    spec: { clusterIP: 'None', selector: { app: name }, ports: [{ name: 'main', port: 80 }], ...over },
  };
}

export function revisionObjectOf(set: StatefulSet, name: string, revision: number): ControllerRevision {
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: metaOf('revision', name, { ownerReferences: [ownerOf(set)] }),
    revision,
  };
}

/** What `delete` of a healthy set left behind: its manifest and its claims. */
export function archiveOf(set: StatefulSet, over: Partial<Archive> = {}): Archive {
  const claims: readonly ArchivedClaim[] = ordinalsOf(set).map((ordinal) => {
    const claim = claimOf(set, ordinal);
    return { name: claim.metadata.name, uid: claim.metadata.uid, volume: `pv-${claim.metadata.name}`, ordinal };
  });
  return {
    schema: 1,
    name: `sts-safe.${set.metadata.name}.1`,
    id: 'op-1',
    operation: 'delete',
    created: ago(HOUR),
    options: {},
    allowed: [],
    manifest: JSON.parse(JSON.stringify(set)) as Archive['manifest'],
    claims,
    ...over,
  };
}

/** An index with one archive of a deleted set. */
export function storedOf(archive: Archive, over: Partial<StoredState> = {}): StoredState {
  return {
    index: { metadata: { name: 'sts-safe.web', uid: 'uid-secret-index', resourceVersion: '7' } },
    entries: [
      {
        name: archive.name,
        operation: archive.operation,
        id: archive.id,
        created: archive.created,
        setUid: 'uid-statefulset-web',
        replicas: 3,
        setDeleted: true,
      },
    ],
    archive: { state: 'valid', archive },
    ...over,
  };
}

export function recordOf(over: Partial<OperationRecord> = {}): OperationRecord {
  return {
    schema: 1,
    id: 'op-1',
    kind: 'scale',
    phase: 'running',
    holder: { user: 'ada', host: 'laptop', pid: 4242, since: ago(5 * MINUTE) },
    cursor: 'scale-down/2',
    digest: '0123456789abcdef',
    archive: 'sts-safe.web.1',
    putBack: { replicas: 3 },
    ...over,
  };
}

type SliceInput = { readonly [K in SliceName]?: Slices[K] | Reading<Slices[K]> };

function isReading(value: object): value is Reading<never> {
  return 'state' in value;
}

/** A snapshot of exactly these slices, as plain values (read at NOW) or as readings; the others were not read. */
export function snapshotOf(slices: SliceInput, over: Partial<Omit<Snapshot, 'slices'>> = {}): Snapshot {
  const readings = Object.fromEntries(
    Object.entries(slices).map(([name, value]) => [name, isReading(value) ? value : read<unknown>(value, NOW)]),
  );
  return {
    now: NOW,
    cluster: { context: 'test', server: 'https://cluster.example:6443', identity: 'uid-kube-system', flags: ['--context', 'test'] },
    target: { namespace: NAMESPACE, name: 'web' },
    slices: readings,
    ...over,
  };
}

/** An object of which only the metadata counts, that these own. */
export function ownedObject(kind: string, name: string, ...owners: readonly Parameters<typeof ownerOf>[0][]): KubeObject {
  return { metadata: metaOf(kind, name, { ownerReferences: owners.map((owner) => ownerOf(owner)) }) };
}

/** A snapshot of a healthy set: its Pods and claims, and nobody else in the namespace; `slices` replaces any of it. */
export function worldOf(set: StatefulSet, slices: SliceInput = {}): Snapshot {
  const all = {
    set,
    namespace: namespaceOf(),
    sets: [set],
    pods: podsOf(set),
    claims: claimsFor(set),
    volumes: claimsFor(set).map((claim) => volumeOf(claim)),
    services: [serviceOf(set.spec.serviceName ?? set.metadata.name)],
    endpointSlices: [],
    nodes: ordinalsOf(set).map((ordinal) => nodeOf(`node-${ordinal}`)),
    pdbs: [],
    hpas: [],
    scaledObjects: [],
    revisions: [],
    events: [],
    quotas: [],
    storageClasses: [storageClassOf('fast')],
    configMaps: [],
    secrets: [],
    jobs: [],
    deployments: [],
    stored: { entries: [] },
    ...slices,
  };
  const whole: SliceInput = { podMetadata: all.pods, namespacePods: all.pods, clusterNodes: all.nodes, ...all };
  return snapshotOf(whole, { target: { namespace: NAMESPACE, name: set.metadata.name } });
}

const range = (start: number, count: number): readonly number[] => Array.from({ length: Math.max(0, count) }, (_, index) => start + index);

/** `scale` of a set to this many members. */
export function scaleTo(set: StatefulSet, replicas: number): Intent {
  const now = replicasOf(set);
  const start = startOf(set);
  return {
    operation: 'scale',
    scales: true,
    set,
    leaving: range(start + replicas, now - replicas),
    arriving: range(start + now, replicas - now),
    staying: range(start, Math.min(now, replicas)),
  };
}

/** `rollout start` of a set, to its own template where nothing else is said. */
export function rollOut(set: StatefulSet, over: Partial<NonNullable<Intent['rollsOut']>> = {}): Intent {
  const rollsOut = { template: set.spec.template, ...over };
  return { operation: 'rollout start', set, leaving: [], arriving: [], staying: ordinalsOf(set), rollsOut };
}

/** `delete` of a set: everybody leaves. */
export function deleteOf(set: StatefulSet): Intent {
  return { operation: 'delete', deletesSet: true, set, leaving: ordinalsOf(set), arriving: [], staying: [] };
}

/** `restore` of an archived set: everybody arrives, or is adopted. */
export function restoreOf(set: StatefulSet, over: Partial<Intent> = {}): Intent {
  return { operation: 'restore', set, leaving: [], arriving: ordinalsOf(set), staying: [], archive: archiveOf(set), ...over };
}
