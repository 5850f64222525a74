import type { Claim, OwnerReference, Pod, StatefulSet } from '../../../src/domain/kube.ts';
import type { ModelCluster } from './cluster.ts';
import { keepRevision, labelsFor, revisionFor, rollOut } from './rollout.ts';
import { newClaim, syncVolumes } from './volumes.ts';

type Raw = Record<string, unknown>;

/** One sync of kubelet, StatefulSet controller and garbage collector. */
export function round(cluster: ModelCluster): void {
  cluster.now += 1000;
  kubelet(cluster);
  controller(cluster);
  garbageCollector(cluster);
  if (cluster.options.volumes === true) syncVolumes(cluster);
}

const podKey = (cluster: ModelCluster, name: string): string => `/api/v1/namespaces/${cluster.options.target.namespace}/pods/${name}`;
const claimKey = (cluster: ModelCluster, name: string): string =>
  `/api/v1/namespaces/${cluster.options.target.namespace}/persistentvolumeclaims/${name}`;
const ordinal = (name: string): number => Number(name.slice(name.lastIndexOf('-') + 1));
const ready = (pod: Pod): boolean => pod.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
const terminating = (pod: Pod): boolean => pod.metadata.deletionTimestamp !== undefined;

function kubelet(cluster: ModelCluster): void {
  const pods = cluster.list<Pod>('pods');
  const running = pods.filter((pod) => !terminating(pod)).length;
  for (const pod of pods) {
    if (terminating(pod)) stopFurther(cluster, pod);
    else probe(cluster, pod, running);
  }
}

function stopFurther(cluster: ModelCluster, pod: Pod): void {
  const key = podKey(cluster, pod.metadata.name);
  const left = Number((pod as unknown as Raw)['left'] ?? 0) - 1;
  // Its containers have ended: the kubelet deletes it without grace, and finalizers still keep it.
  if (left < 0 && (pod.metadata.finalizers ?? []).length > 0) return ended(cluster, key, pod);
  if (left < 0) cluster.objects.delete(key);
  else cluster.store(key, { ...(pod as unknown as Raw), left });
}

function ended(cluster: ModelCluster, key: string, pod: Pod): void {
  if (pod.metadata.deletionGracePeriodSeconds === 0) return;
  cluster.store(key, {
    ...(pod as unknown as Raw),
    metadata: { ...pod.metadata, deletionGracePeriodSeconds: 0 },
    status: { phase: 'Succeeded', conditions: [{ type: 'Ready', status: 'False' }] },
  });
}

function probe(cluster: ModelCluster, pod: Pod, running: number): void {
  const { broken, quorum = 0 } = cluster.options;
  const should = broken?.includes(ordinal(pod.metadata.name)) !== true && !isBad(cluster, pod) && running >= quorum;
  if (ready(pod) === should && pod.status.phase === 'Running') return;
  const condition = { type: 'Ready', status: should ? 'True' : 'False', lastTransitionTime: new Date(cluster.now).toISOString() };
  cluster.store(podKey(cluster, pod.metadata.name), { ...(pod as unknown as Raw), status: { phase: 'Running', conditions: [condition] } });
}

function isBad({ badPods, badRevisions }: ModelCluster, { metadata: { uid, labels } }: Pod): boolean {
  return badPods.has(uid) || badRevisions.has(labels?.['controller-revision-hash'] ?? '');
}

/** stateful_set_control.go, updateStatefulSet: in-range first, then condemned, one sync. */
function controller(cluster: ModelCluster): void {
  const set = cluster.set();
  if (set === undefined) return;
  adopt(cluster, set);
  const fresh = observe(cluster, set);
  // updateStatefulSet: of one that is being deleted only the status is written.
  if (fresh.metadata.deletionTimestamp !== undefined) return;
  const ordered = fresh.spec.podManagementPolicy !== 'Parallel';
  const start = fresh.spec.ordinals?.start ?? 0;
  const replicas = fresh.spec.replicas ?? 1;
  const own = (): readonly Pod[] =>
    cluster.list<Pod>('pods').filter((pod) => pod.metadata.ownerReferences?.some(({ uid }) => uid === fresh.metadata.uid));
  if (!fillRange(cluster, fresh, own, ordered)) return;
  if (condemn(cluster, fresh, own(), start, replicas, ordered) && ordered) return;
  const members = ordinalsOf(fresh).map((index) => own().find(({ metadata }) => metadata.name === `${fresh.metadata.name}-${index}`));
  rollOut(cluster, fresh, members, (name) => podKey(cluster, name));
}

/** @returns whether the controller goes past the members in range: an OrderedReady one stops at the first that is not well */
function fillRange(cluster: ModelCluster, set: StatefulSet, own: () => readonly Pod[], ordered: boolean): boolean {
  for (const index of ordinalsOf(set)) {
    const pod = own().find(({ metadata }) => metadata.name === `${set.metadata.name}-${index}`);
    if (pod === undefined) createMember(cluster, set, index);
    if (ordered && !isWell(pod)) return false;
    if (pod !== undefined) retain(cluster, set, pod, false);
  }
  return true;
}

const isWell = (pod: Pod | undefined): boolean => pod !== undefined && !terminating(pod) && ready(pod);

function ordinalsOf(set: StatefulSet): readonly number[] {
  const start = set.spec.ordinals?.start ?? 0;
  return Array.from({ length: set.spec.replicas ?? 1 }, (_, index) => start + index);
}

/** @returns whether there is any member to condemn: an OrderedReady controller does nothing else before they are gone */
function condemn(cluster: ModelCluster, set: StatefulSet, own: readonly Pod[], start: number, replicas: number, ordered: boolean): boolean {
  const outside = (pod: Pod): boolean => ordinal(pod.metadata.name) < start || ordinal(pod.metadata.name) >= start + replicas;
  const condemned = own.filter(outside).sort((a, b) => ordinal(b.metadata.name) - ordinal(a.metadata.name));
  for (const pod of condemned) retain(cluster, set, pod, true);
  const unhealthy = [...own]
    .sort((a, b) => ordinal(a.metadata.name) - ordinal(b.metadata.name))
    .find((pod) => terminating(pod) || !ready(pod));
  for (const pod of condemned) {
    if (ordered && terminating(pod)) break;
    if (ordered && !ready(pod) && unhealthy !== pod) break;
    cluster.terminate(podKey(cluster, pod.metadata.name));
    if (ordered) break;
  }
  return condemned.length > 0;
}

function adopt(cluster: ModelCluster, set: StatefulSet): void {
  for (const pod of cluster.list<Pod>('pods')) {
    const orphan = (pod.metadata.ownerReferences ?? []).length === 0;
    if (orphan && pod.metadata.name.startsWith(`${set.metadata.name}-`)) {
      cluster.store(podKey(cluster, pod.metadata.name), {
        ...(pod as unknown as Raw),
        metadata: { ...pod.metadata, ownerReferences: [controllerRef(set)] },
      });
    }
  }
}

function observe(cluster: ModelCluster, set: StatefulSet): StatefulSet {
  if (set.status?.observedGeneration === set.metadata.generation) return set;
  const key = `/apis/apps/v1/namespaces/${cluster.options.target.namespace}/statefulsets/${set.metadata.name}`;
  const updateRevision = revisionFor(set);
  const { currentRevision = updateRevision } = set.status;
  keepRevision(cluster, set, updateRevision);
  return cluster.store(key, {
    ...(set as unknown as Raw),
    status: { observedGeneration: set.metadata.generation, currentRevision, updateRevision },
  }) as unknown as StatefulSet;
}

const controllerRef = (set: StatefulSet): OwnerReference => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  name: set.metadata.name,
  uid: set.metadata.uid,
  controller: true,
});

function createMember(cluster: ModelCluster, set: StatefulSet, index: number): void {
  const name = `${set.metadata.name}-${index}`;
  for (const template of set.spec.volumeClaimTemplates ?? []) {
    const claim = `${template.metadata.name}-${name}`;
    const present = cluster.objects.get(claimKey(cluster, claim)) as Claim | undefined;
    // "pvc … is being deleted": no member before it is gone.
    if (present?.metadata.deletionTimestamp !== undefined) return;
    if (present !== undefined) continue;
    const path = claimKey(cluster, '').slice(0, -1);
    const bound = { metadata: { name: claim }, spec: { volumeName: `pv-${claim}` }, status: { phase: 'Bound' } };
    cluster.create(path, cluster.options.volumes === true ? newClaim(claim, cluster.options.target.namespace) : bound);
  }
  if (cluster.objects.has(podKey(cluster, name))) return;
  cluster.create(podKey(cluster, '').slice(0, -1), {
    metadata: { name, labels: labelsFor(set, index), ownerReferences: [controllerRef(set)] },
    spec: { containers: [], ...(cluster.options.volumes === true ? { volumes: volumesOf(set, name) } : {}) },
    status: { phase: 'Pending' },
  });
}

function volumesOf(set: StatefulSet, pod: string): NonNullable<Pod['spec']['volumes']> {
  return (set.spec.volumeClaimTemplates ?? []).map(({ metadata: { name } }) => ({
    name,
    persistentVolumeClaim: { claimName: `${name}-${pod}` },
  }));
}

/** Owner references by the retention policy (KEP-1847): to the set in range, to the Pod when condemned. */
function retain(cluster: ModelCluster, set: StatefulSet, pod: Pod, condemned: boolean): void {
  const policy = set.spec.persistentVolumeClaimRetentionPolicy;
  for (const template of set.spec.volumeClaimTemplates ?? []) {
    const key = claimKey(cluster, `${template.metadata.name}-${pod.metadata.name}`);
    const claim = cluster.objects.get(key) as Claim | undefined;
    if (claim === undefined) continue;
    const others = (claim.metadata.ownerReferences ?? []).filter(({ uid, kind }) => uid !== set.metadata.uid && kind !== 'Pod');
    const ours = wanted(set, pod, condemned, policy?.whenDeleted === 'Delete', policy?.whenScaled === 'Delete');
    if (JSON.stringify([...others, ...ours]) === JSON.stringify(claim.metadata.ownerReferences ?? [])) continue;
    const { ownerReferences: _, ...metadata } = claim.metadata;
    const refs = [...others, ...ours];
    cluster.store(key, { ...(claim as unknown as Raw), metadata: refs.length === 0 ? metadata : { ...metadata, ownerReferences: refs } });
  }
}

function wanted(set: StatefulSet, pod: Pod, condemned: boolean, whenDeleted: boolean, whenScaled: boolean): readonly OwnerReference[] {
  if (condemned && whenScaled) return [{ apiVersion: 'v1', kind: 'Pod', name: pod.metadata.name, uid: pod.metadata.uid }];
  if (whenDeleted) return [controllerRef(set)];
  return [];
}

/** Destroys claims and Pods all of whose owners are gone, and claims that were deleted as soon as no member uses them. */
function garbageCollector(cluster: ModelCluster): void {
  const pods = cluster.list<Pod>('pods').map(({ metadata }) => metadata.name);
  for (const { metadata } of cluster.list<Claim>('persistentvolumeclaims')) {
    const isUsed = pods.some((pod) => metadata.name.endsWith(`-${pod}`));
    if (metadata.deletionTimestamp !== undefined && !isUsed && cluster.options.volumes !== true)
      cluster.end(claimKey(cluster, metadata.name));
  }
  const alive = new Set([...cluster.objects.values()].map((object) => (object['metadata'] as { uid?: string }).uid));
  for (const [key, object] of new Map(cluster.objects)) {
    const owners = (object['metadata'] as { ownerReferences?: readonly OwnerReference[] }).ownerReferences ?? [];
    if (owners.length === 0 || owners.some(({ uid }) => alive.has(uid))) continue;
    if (key.includes('/pods/')) cluster.terminate(key);
    else cluster.end(key);
  }
}
