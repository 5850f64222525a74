import type { Claim, Pod, Volume } from '../../../src/domain/kube.ts';
import type { ModelCluster } from './cluster.ts';

type Raw = Record<string, unknown>;

const VOLUMES = '/api/v1/persistentvolumes';
const claims = (cluster: ModelCluster): string => `/api/v1/namespaces/${cluster.options.target.namespace}/persistentvolumeclaims`;
const PROTECTION = 'kubernetes.io/pvc-protection';

/** A PVC as the StatefulSet controller makes it. */
export function newClaim(name: string, namespace: string): Raw {
  const managedFields = [{ manager: 'kube-controller-manager', operation: 'Update', fieldsV1: { 'f:spec': { 'f:accessModes': {} } } }];
  return {
    metadata: { name, namespace, finalizers: [PROTECTION], managedFields },
    spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'fast', resources: { requests: { storage: '1Gi' } } },
    status: { phase: 'Pending' },
  };
}

/** One sync of the PV controller (pv_controller.go), the provisioner and the controller of pvc-protection. */
export function syncVolumes(cluster: ModelCluster): void {
  unprotect(cluster);
  for (const volume of cluster.list<Volume>('persistentvolumes')) syncVolume(cluster, volume);
  for (const claim of cluster.list<Claim>('persistentvolumeclaims')) syncClaim(cluster, claim);
}

/** Its finalizer is removed from what is deleted once no Pod names it; without finalizers it is gone. */
function unprotect(cluster: ModelCluster): void {
  const used = new Set(
    cluster.list<Pod>('pods').flatMap(({ spec }) => (spec.volumes ?? []).map((volume) => volume.persistentVolumeClaim?.claimName)),
  );
  for (const { metadata } of cluster.list<Claim>('persistentvolumeclaims')) {
    if (metadata.deletionTimestamp === undefined) continue;
    const { finalizers = [] } = metadata;
    const left = finalizers.filter((one) => one !== PROTECTION || used.has(metadata.name));
    if (left.length < finalizers.length) cluster.finalize(`${claims(cluster)}/${metadata.name}`, left);
  }
}

function syncVolume(cluster: ModelCluster, volume: Volume): void {
  const { claimRef, persistentVolumeReclaimPolicy: policy } = volume.spec;
  const path = `${VOLUMES}/${volume.metadata.name}`;
  const phase = (now: string): void => {
    if (volume.status.phase !== now) cluster.store(path, { ...(volume as unknown as Raw), status: { phase: now } });
  };
  const claim = cluster.objects.get(`${claims(cluster)}/${claimRef?.name ?? ''}`) as unknown as Claim | undefined;
  if (claimRef?.uid === undefined) {
    return claim !== undefined && wants(claim, volume) ? bind(cluster, volume, claim) : phase('Available');
  }
  if (claim?.metadata.uid === claimRef.uid) return phase('Bound');
  if (policy === 'Delete') return void cluster.objects.delete(path);
  return phase('Released');
}

function wants({ metadata, spec, status }: Claim, volume: Volume): boolean {
  const isFree = metadata.deletionTimestamp === undefined && [undefined, 'Pending'].includes(status.phase);
  return isFree && [undefined, volume.metadata.name].includes(spec.volumeName);
}

function bind(cluster: ModelCluster, volume: Volume, claim: Claim): void {
  const { name, namespace, uid, resourceVersion } = claim.metadata;
  cluster.store(`${VOLUMES}/${volume.metadata.name}`, {
    ...(volume as unknown as Raw),
    spec: { ...volume.spec, claimRef: { namespace, name, uid, resourceVersion } },
    status: { phase: 'Bound' },
  });
  cluster.store(`${claims(cluster)}/${name}`, {
    ...(claim as unknown as Raw),
    spec: { ...claim.spec, volumeName: volume.metadata.name },
    status: { phase: 'Bound', capacity: { storage: '1Gi' } },
  });
}

/** Bound to a volume that is not bound to it, a PVC is Lost; one that wants any is given a new, empty one. */
function syncClaim(cluster: ModelCluster, claim: Claim): void {
  const path = `${claims(cluster)}/${claim.metadata.name}`;
  if (claim.spec.volumeName === undefined) return provision(cluster, claim);
  const volume = cluster.objects.get(`${VOLUMES}/${claim.spec.volumeName}`) as unknown as Volume | undefined;
  if (claim.status.phase !== 'Bound' || volume?.spec.claimRef?.uid === claim.metadata.uid) return;
  cluster.store(path, { ...(claim as unknown as Raw), status: { phase: 'Lost' } });
}

function provision(cluster: ModelCluster, claim: Claim): void {
  if (claim.metadata.deletionTimestamp !== undefined) return;
  const name = `pvc-${claim.metadata.uid}`;
  const annotations = { 'pv.kubernetes.io/provisioned-by': 'model' };
  const spec = {
    persistentVolumeReclaimPolicy: 'Delete',
    storageClassName: 'fast',
    accessModes: ['ReadWriteOnce'],
    capacity: { storage: '1Gi' },
    claimRef: { namespace: claim.metadata.namespace, name: claim.metadata.name },
  };
  cluster.create(VOLUMES, { metadata: { name, annotations }, spec, status: { phase: 'Pending' } });
  const made = cluster.objects.get(`${VOLUMES}/${name}`) as unknown as Volume;
  bind(cluster, made, claim);
}
