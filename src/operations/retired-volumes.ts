import type { Volume } from '../domain/kube.ts';
import { listOf, type Snapshot } from '../domain/snapshot.ts';
import { type RetiredMark, retiredMarkOf } from '../domain/volume-marks.ts';

/** A PersistentVolume that `pvc retire` keeps, and what it says on it. */
export interface RetiredVolume {
  readonly volume: Volume;
  readonly mark: RetiredMark;
}

/** Every volume that is kept for a PVC of this name. */
export function retiredVolumes(snapshot: Snapshot, name: string): readonly RetiredVolume[] {
  const { namespace } = snapshot.target;
  return listOf(snapshot, 'followedVolumes').flatMap((volume) => {
    const mark = retiredMarkOf(volume);
    return mark?.namespace === namespace && mark.name === name ? [{ volume, mark }] : [];
  });
}

/** No PVC is bound to it: it is reserved for the next one of the name, or was reserved by nobody yet. */
export function isFree({ volume, mark }: RetiredVolume): boolean {
  const { claimRef } = volume.spec;
  return claimRef?.uid === undefined || claimRef.uid === mark.uid;
}
