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
  if (condition.is === 'volume-gone') return volume === undefined ? HOLDS : fails(`PV ${name} is ${phaseOf(volume)}`);
  return volume === undefined ? fails(`PV ${name} was deleted by another client`) : judgePresent(condition, volume, claims);
}

const phaseOf = ({ status }: Pick<Volume, 'status'> | Pick<Claim, 'status'>): string => status.phase ?? 'in no phase';

function judgePresent(condition: VolumeCondition, volume: Volume, claims: readonly Claim[]): Judgement {
  switch (condition.is) {
    case 'volume-kept': {
      const { persistentVolumeReclaimPolicy: policy = 'none' } = volume.spec;
      return policy === 'Retain' ? HOLDS : fails(`the reclaim policy of PV ${volume.metadata.name} is ${policy}`);
    }
    case 'volume-reserved':
      return judgeReserved(volume, condition.claim);
    case 'volume-bound':
      return judgeBound(volume, condition.claim, claims);
    case 'volume-gone':
    case 'claim-released':
      return HOLDS;
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
function judgeReserved(volume: Volume, claim: { readonly namespace: string; readonly name: string }): Judgement {
  const { name: pvc = 'no PVC', namespace = '', uid } = volume.spec.claimRef ?? {};
  const { name } = volume.metadata;
  if (namespace !== claim.namespace || pvc !== claim.name) return fails(`PV ${name} is reserved for ${namespace}/${pvc}`);
  const { phase } = volume.status;
  // Without a UID it is as good as Available: the PV controller only says so a moment later.
  const isHeld = phase === 'Bound' || (uid === undefined && phase !== 'Failed');
  return isHeld ? HOLDS : fails(`PV ${name} is ${phaseOf(volume)}`);
}

/** Both say so: with a UID that is not the PVC's, a volume whose policy is Delete is destroyed (pv_controller.go). */
function judgeBound(volume: Volume, wanted: string, claims: readonly Claim[]): Judgement {
  const { name } = volume.metadata;
  const claim = claims.find(({ metadata }) => metadata.name === wanted);
  if (claim === undefined) return fails(`PVC ${wanted} is not created yet`);
  if (claim.metadata.deletionTimestamp !== undefined) return fails(`PVC ${wanted} is being deleted`);
  const { volumeName = name } = claim.spec;
  if (volumeName !== name) return fails(`PVC ${wanted} is bound to another PV, ${volumeName}`);
  const isBound = [claim, volume].every(({ status }) => status.phase === 'Bound') && volume.spec.claimRef?.uid === claim.metadata.uid;
  return isBound ? HOLDS : fails(`PVC ${wanted} is ${phaseOf(claim)}, PV ${name} is ${phaseOf(volume)}`);
}
