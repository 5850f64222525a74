import { CannotError } from '../domain/errors.ts';
import type { StatefulSet, Volume } from '../domain/kube.ts';
import { claimOrdinal } from '../domain/naming.ts';
import { listOf, type Snapshot, sliceOf } from '../domain/snapshot.ts';

/**
 * The set that a look is about: as it is or, where it was deleted, as its saved manifest has it.
 * @throws CannotError where there is neither
 */
export function setOrSaved(snapshot: Snapshot): StatefulSet {
  const { name, namespace } = snapshot.target;
  const set = sliceOf(snapshot, 'set');
  if (set.state === 'read') return set.value;
  const saved = listOf(snapshot, 'savedSets').find((one) => one.name === name && one.namespace === namespace);
  if (saved?.deleted !== undefined) return saved.deleted.manifest as unknown as StatefulSet;
  throw new CannotError(`StatefulSet ${name} not found in namespace ${namespace}, and no saved manifest of it`);
}

/** The PersistentVolumes of a set's PVCs, by the name of the PVC: also of those that are being deleted, or are gone. */
export function volumesOf(set: StatefulSet, snapshot: Snapshot): readonly Volume[] {
  const { namespace } = snapshot.target;
  return listOf(snapshot, 'followedVolumes')
    .filter(({ spec: { claimRef } }) => claimRef?.namespace === namespace && claimOrdinal(set, claimRef.name ?? '') !== undefined)
    .toSorted((a, b) => (claimNameOf(a) < claimNameOf(b) ? -1 : 1));
}

/** Name of the PVC that a volume is for. */
export function claimNameOf({ spec }: Volume): string {
  return spec.claimRef?.name ?? '';
}
