import { foreignFinalizers } from '../domain/finalizers.ts';
import type { Claim } from '../domain/kube.ts';
import { formatQuantity, parseQuantity } from '../domain/quantity.ts';
import { sizeOf } from '../domain/sizes.ts';
import { listOf, type Snapshot } from '../domain/snapshot.ts';
import { RETIRE_FINALIZER } from '../domain/volume-marks.ts';
import { verdictOn } from './classes.ts';
import { PVC_CLASSES, type Pvc, type PvcLook, type PvcTotal } from './pvc.ts';
import { Surroundings } from './surroundings.ts';

/** Every PVC of a look, with its class: by namespace and name. Takes time in proportion to what was read. */
export function lookAtPvcs(snapshot: Snapshot): PvcLook {
  const around = new Surroundings(snapshot);
  const items = listOf(snapshot, 'claims')
    .map((claim) => pvcOf(claim, around))
    .toSorted(byPlace);
  return { items, totals: totalsOf(items), unread: around.unread() };
}

export function pvcOf(claim: Claim, around: Surroundings): Pvc {
  const { name, namespace = '', uid, creationTimestamp, deletionTimestamp } = claim.metadata;
  return {
    namespace,
    name,
    uid,
    ...verdictOn(claim, around),
    phase: deletionTimestamp === undefined ? (claim.status.phase ?? 'Pending') : 'Terminating',
    ...storageOf(claim, around),
    ...(creationTimestamp === undefined ? {} : { created: creationTimestamp }),
    hazards: hazardsOf(claim, around),
  };
}

function storageOf(claim: Claim, around: Surroundings): Pick<Pvc, 'volume' | 'reclaimPolicy' | 'size' | 'storageClass'> {
  const { volumeName, storageClassName } = claim.spec;
  const policy = around.volumeOf(claim)?.spec.persistentVolumeReclaimPolicy;
  const size = sizeOf(claim);
  return {
    ...(volumeName === undefined ? {} : { volume: volumeName }),
    ...(policy === undefined ? {} : { reclaimPolicy: policy }),
    ...(size === undefined ? {} : { size }),
    ...(storageClassName === undefined ? {} : { storageClass: storageClassName }),
  };
}

/** What could cost its data, or keep a deletion from ending. */
function hazardsOf(claim: Claim, around: Surroundings): readonly string[] {
  const { deletionTimestamp, ownerReferences = [] } = claim.metadata;
  const finalizers = foreignFinalizers(claim).filter((one) => one !== RETIRE_FINALIZER);
  const isRetiring = (claim.metadata.finalizers ?? []).includes(RETIRE_FINALIZER);
  const gone = ownerReferences.find(({ kind, uid }) => (kind === 'StatefulSet' || kind === 'Pod') && !around.isThere(uid));
  const destroys = around.volumeOf(claim)?.spec.persistentVolumeReclaimPolicy === 'Delete';
  const first = destroys ? '; first set the reclaim policy of its volume to Retain' : '';
  return [
    ...(deletionTimestamp === undefined
      ? []
      : [isRetiring ? 'it is being retired; "pvc retire" finishes that' : `it is being deleted${first}`]),
    ...(finalizers.length === 0 ? [] : [`its deletion waits for ${finalizers.join(', ')} to be removed by another controller`]),
    ...(gone === undefined || ownerReferences.some(({ uid }) => around.isThere(uid))
      ? []
      : [`it is owned by ${gone.kind} ${gone.name} of a UID that does not exist, so the garbage collector deletes it${first}`]),
  ];
}

/** By class: how many, and how much. */
export function totalsOf(items: readonly Pvc[]): readonly PvcTotal[] {
  const groups = Map.groupBy(items, (item) => item.class);
  return PVC_CLASSES.flatMap((one) => {
    const group = groups.get(one);
    if (group === undefined) return [];
    const sum = group.reduce((all, { size }) => all + (parseQuantity(size ?? '0') ?? 0n), 0n);
    return [{ class: one, count: group.length, size: formatQuantity(sum, 'binary') }];
  });
}

function byPlace(a: Pvc, b: Pvc): number {
  const [left, right] = [`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`];
  return left < right ? -1 : left > right ? 1 : 0;
}
