import { claimsUsedBy } from '../../domain/claims.ts';
import { foreignFinalizers } from '../../domain/finalizers.ts';
import type { Claim, Volume } from '../../domain/kube.ts';
import { listOf, type Snapshot, sliceOf } from '../../domain/snapshot.ts';
import type { Condition } from '../../plan/condition.ts';
import { fails, HELD_MS, HOLDS, heldBack, type Judgement } from './judgement.ts';

export type VolumeCondition = Extract<
  Condition,
  { is: 'volume-kept' | 'volume-reserved' | 'volume-bound' | 'volume-gone' | 'claim-released' }
>;

/** What is said of PersistentVolumes and of the PVCs that they are for. Followed, where an operation changes them. */
export function judgeVolumes(condition: VolumeCondition, claims: readonly Claim[], snapshot: Snapshot): Judgement {
  if (condition.is === 'claim-released') return judgeReleased(condition, claims, snapshot);
  const volumes = sliceOf(snapshot, 'followedVolumes');
  if (volumes.state !== 'read') return fails(volumes.state === 'unknown' ? volumes.message : 'PersistentVolumes cannot be listed');
  const { name, uid } = condition.volume;
  const volume = volumes.value.find(({ metadata }) => metadata.name === name && metadata.uid === uid);
  if (condition.is === 'volume-gone') return volume === undefined ? HOLDS : fails(`PV ${name} is ${volume.status.phase ?? 'in no phase'}`);
  if (volume === undefined) return fails(`PV ${name} was deleted by another client`);
  switch (condition.is) {
    case 'volume-kept': {
      const { persistentVolumeReclaimPolicy: policy = 'none' } = volume.spec;
      return policy === 'Retain' ? HOLDS : fails(`the reclaim policy of PV ${name} is ${policy}`);
    }
    case 'volume-reserved':
      return judgeReserved(volume, condition.claim);
    case 'volume-bound':
      return judgeBound(volume, condition.claim, claims);
  }
}

type Released = Extract<Condition, { is: 'claim-released' }>;

/** Nothing holds the PVC any more but our own finalizer; then it is deleted the moment that this is removed. */
function judgeReleased({ claim: { name, uid }, finalizer }: Released, claims: readonly Claim[], snapshot: Snapshot): Judgement {
  const claim = claims.find(({ metadata }) => metadata.name === name);
  if (claim === undefined || claim.metadata.uid !== uid) return HOLDS;
  const { finalizers = [], deletionTimestamp } = claim.metadata;
  if (deletionTimestamp === undefined) return fails(`PVC ${name} is not being deleted`);
  const others = finalizers.filter((one) => one !== finalizer);
  if (others.length === 0) return HOLDS;
  const user = listOf(snapshot, 'namespacePods').find((pod) => claimsUsedBy(pod).includes(name));
  // Kubernetes removes its own once no Pod uses the PVC: that is another's to end, and this is run again then.
  if (user !== undefined)
    return { ...fails(`PVC ${name} is used by Pod ${user.metadata.name}; run this again when that Pod has ended`), held: held(claim) };
  const foreign = foreignFinalizers(claim).filter((one) => one !== finalizer);
  if (foreign.length > 0) return heldBack('PVC', [withoutFinalizer(claim, finalizer)], HELD_MS);
  return fails(`PVC ${name} waits for ${others.join(', ')} to be removed`);
}

const held = ({ metadata }: Claim) => ({ as: `${metadata.uid}/${metadata.resourceVersion}`, patienceMs: HELD_MS });

function withoutFinalizer(claim: Claim, finalizer: string): Claim {
  const finalizers = (claim.metadata.finalizers ?? []).filter((one) => one !== finalizer);
  return { ...claim, metadata: { ...claim.metadata, finalizers } };
}

/** For the next PVC of this name, or that one has come already: it gets what is on the volume. */
function judgeReserved({ metadata, spec, status }: Volume, claim: { readonly namespace: string; readonly name: string }): Judgement {
  const { claimRef } = spec;
  const isFor = claimRef?.namespace === claim.namespace && claimRef.name === claim.name;
  if (!isFor) return fails(`PV ${metadata.name} is reserved for ${claimRef?.namespace ?? ''}/${claimRef?.name ?? 'no PVC'}`);
  if (status.phase === 'Bound' || (status.phase === 'Available' && claimRef.uid === undefined)) return HOLDS;
  return fails(`PV ${metadata.name} is ${status.phase ?? 'in no phase'}`);
}

/** Both say so: with a UID that is not the PVC's, a volume whose policy is Delete is destroyed (pv_controller.go). */
function judgeBound({ metadata: { name }, spec, status }: Volume, wanted: string, claims: readonly Claim[]): Judgement {
  const claim = claims.find(({ metadata }) => metadata.name === wanted);
  if (claim === undefined) return fails(`PVC ${wanted} is not created yet`);
  if (claim.metadata.deletionTimestamp !== undefined) return fails(`PVC ${wanted} is being deleted`);
  if (claim.spec.volumeName !== undefined && claim.spec.volumeName !== name)
    return fails(`PVC ${wanted} is bound to another PV, ${claim.spec.volumeName}`);
  const isBound = claim.status.phase === 'Bound' && status.phase === 'Bound' && spec.claimRef?.uid === claim.metadata.uid;
  return isBound ? HOLDS : fails(`PVC ${wanted} is ${claim.status.phase ?? 'in no phase'}, PV ${name} is ${status.phase ?? 'in no phase'}`);
}
