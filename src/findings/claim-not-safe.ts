import { claimsOf } from '../domain/claims.ts';
import type { Claim } from '../domain/kube.ts';
import type { Check, Draft, OfSet } from './check.ts';
import { known, mergePatch, seen, subjectOf } from './draft.ts';

/**
 * A claim of the set is already on its way out, or has lost its volume. A Terminating claim lives only as long as a Pod
 * uses it (kubernetes.io/pvc-protection): stopping the member destroys it, and with reclaim policy Delete the data.
 */
export const claimNotSafe: Check<OfSet> = {
  id: 'claim-not-safe',
  title: 'A PVC of the StatefulSet is Terminating or Lost',
  meaning:
    'A PVC that is being deleted lives only as long as a Pod uses it: stopping the member destroys it, and with reclaim policy Delete the data. A Lost PVC has no volume any more.',
  remedy: 'A deletion cannot be taken back, but the volume can be kept: set its reclaim policy to Retain, now.',
  source: 'kubernetes.io/pvc-protection; pkg/controller/volume/pvcprotection',
  override: 'allow',
  needs: ['set', 'pods', 'claims'],
  run(snapshot, { set, deletesSet, leaving, restarting, destroysClaims }) {
    if (destroysClaims === true) return [];
    const isDelete = deletesSet === true || leaving === undefined;
    return claimsOf(set, known(snapshot, 'pods') ?? [], known(snapshot, 'claims') ?? []).flatMap(({ claim, ordinal }) => {
      // A scale-down, or the way back from a scale-up, takes away what its leaving members keep alive, and touches no other; so
      // does whoever replaces Pods.
      if (!isDelete && ![...(leaving ?? []), ...(restarting?.ordinals ?? [])].includes(ordinal ?? Number.NaN)) return [];
      if (claim.metadata.deletionTimestamp !== undefined) return [terminating(claim)];
      return isDelete && claim.status.phase === 'Lost' ? [lost(claim)] : [];
    });
  },
};

function terminating(claim: Claim): Draft {
  const { name, deletionTimestamp } = claim.metadata;
  return {
    grade: 'proven',
    subject: subjectOf('persistentvolumeclaim', claim),
    message: `${name} is being deleted and only lives while a Pod uses it: stopping the member destroys it`,
    evidence: [seen(`persistentvolumeclaim/${name}`, 'metadata.deletionTimestamp', deletionTimestamp)],
    remedies: keepVolume(claim),
  };
}

function lost(claim: Claim): Draft {
  const { name } = claim.metadata;
  return {
    grade: 'proven',
    subject: subjectOf('persistentvolumeclaim', claim),
    message: `${name} has lost its volume ${claim.spec.volumeName ?? ''}`.trimEnd(),
    evidence: [
      seen(`persistentvolumeclaim/${name}`, 'status.phase', 'Lost'),
      seen(`persistentvolumeclaim/${name}`, 'spec.volumeName', claim.spec.volumeName),
    ],
    remedies: [],
  };
}

/** Deletion cannot be undone; keeping the volume can. */
export function keepVolume({ spec }: Claim): Draft['remedies'] {
  if (spec.volumeName === undefined) return [];
  const patch = { spec: { persistentVolumeReclaimPolicy: 'Retain' } };
  return [mergePatch('persistentvolume', spec.volumeName, patch, 'a deletion cannot be taken back: keep the volume, now')];
}
