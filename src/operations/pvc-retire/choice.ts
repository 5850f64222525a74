import { CannotError } from '../../domain/errors.ts';
import type { Claim } from '../../domain/kube.ts';
import { listOf, type Snapshot } from '../../domain/snapshot.ts';
import { RETIRE_FINALIZER } from '../../domain/volume-marks.ts';
import { lookAtPvcs } from '../../pvcs/look.ts';
import type { Pvc } from '../../pvcs/pvc.ts';
import { isFree, retiredVolumes } from '../retired-volumes.ts';
import type { RetireOptions } from './options.ts';

/** What is to be retired, and what is so already. */
export interface Choice {
  readonly pvcs: readonly Pvc[];
  /** PVCs that are gone, whose volume is not reserved yet: another client removed our finalizer. */
  readonly unreserved: readonly string[];
  readonly already: readonly string[];
}

/** @throws CannotError for a name that is no PVC's and was none */
export function chosenPvcs(snapshot: Snapshot, { names, deletedSets, excess }: RetireOptions): Choice {
  const { items } = lookAtPvcs(snapshot);
  const byName = new Map(items.map((pvc) => [pvc.name, pvc]));
  const classes = new Set([...(deletedSets === true ? ['set-deleted'] : []), ...(excess === true ? ['excess'] : [])]);
  const gone = names.filter((name) => !byName.has(name));
  const missing = gone.find((name) => retiredVolumes(snapshot, name).length === 0);
  if (missing !== undefined) throw new CannotError(`PVC ${missing} not found in namespace ${snapshot.target.namespace}`);
  const unreserved = gone.filter((name) =>
    retiredVolumes(snapshot, name).some((one) => isFree(one) && one.volume.spec.claimRef?.uid !== undefined),
  );
  return {
    pvcs: items.filter((pvc) => names.includes(pvc.name) || classes.has(pvc.class) || (classes.size > 0 && isBegun(pvc, snapshot))),
    unreserved,
    already: gone.filter((name) => !unreserved.includes(name)),
  };
}

/** Its deletion cannot be called back: to finish is what keeps its data for the name. */
export function isBegun({ uid }: Pick<Pvc, 'uid'>, snapshot: Snapshot): boolean {
  const claim = claimOf(uid, snapshot);
  return claim?.metadata.deletionTimestamp !== undefined && (claim.metadata.finalizers ?? []).includes(RETIRE_FINALIZER);
}

export function claimOf(uid: string, snapshot: Snapshot): Claim | undefined {
  return listOf(snapshot, 'claims').find(({ metadata }) => metadata.uid === uid);
}
