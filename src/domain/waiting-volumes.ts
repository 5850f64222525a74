import type { ClaimTemplate, Volume } from './kube.ts';
import { parseQuantity } from './quantity.ts';
import { selects } from './selector.ts';

/** A PVC that is to be created. */
export interface WantedClaim {
  readonly namespace: string;
  readonly name: string;
  readonly spec: ClaimTemplate['spec'];
}

/** Older than spec.storageClassName, and still read first (component-helpers: GetPersistentVolumeClass). */
const CLASS = 'volume.beta.kubernetes.io/storage-class';

const FILESYSTEM = 'Filesystem';

/**
 * Those of the new PVCs for which no PersistentVolume waits, when each gets one in turn: the volume that is reserved for
 * it, else the smallest Available one that fits, as the controller takes them (component-helpers/storage/volume,
 * FindMatchingVolume). Where Pods can run is not asked, so node affinity is left out.
 *
 * @param volumes all that may be bound: those of other PVCs do no harm
 */
export function withoutVolume(claims: readonly WantedClaim[], volumes: readonly Volume[]): readonly WantedClaim[] {
  const free = new Set(volumes.filter(({ metadata }) => metadata.deletionTimestamp === undefined));
  return claims.filter((claim) => {
    const fitting = [...free].filter((volume) => canHold(volume, claim));
    const volume = fitting.find(({ spec }) => spec.claimRef !== undefined) ?? fitting.toSorted(bySize)[0];
    if (volume !== undefined) free.delete(volume);
    return volume === undefined;
  });
}

/** The StorageClass of a volume; empty for none. */
export function classOf({ metadata, spec }: Volume): string {
  return metadata.annotations?.[CLASS] ?? spec.storageClassName ?? '';
}

function canHold(volume: Volume, claim: WantedClaim): boolean {
  if (sizeOf(volume) < requestOf(claim) || !isOfItsForm(volume, claim.spec)) return false;
  return volume.spec.claimRef === undefined ? isForTaking(volume, claim.spec) : isReservedFor(claim, volume.spec.claimRef);
}

function isOfItsForm({ metadata, spec }: Volume, wanted: WantedClaim['spec']): boolean {
  const { accessModes = [], volumeMode = FILESYSTEM } = spec;
  return (
    volumeMode === (wanted.volumeMode ?? FILESYSTEM) &&
    (wanted.accessModes ?? []).every((mode) => accessModes.includes(mode)) &&
    (wanted.volumeName === undefined || wanted.volumeName === metadata.name)
  );
}

function isForTaking(volume: Volume, { storageClassName = '', selector }: WantedClaim['spec']): boolean {
  if (volume.status.phase !== 'Available' || classOf(volume) !== storageClassName) return false;
  return selector === undefined || selects(selector, volume.metadata.labels);
}

/** By hand: then class and labels are not compared. A uid is that of a PVC that was there before. */
function isReservedFor({ namespace, name }: WantedClaim, claimRef: NonNullable<Volume['spec']['claimRef']>): boolean {
  return claimRef.uid === undefined && claimRef.namespace === namespace && claimRef.name === name;
}

function requestOf({ spec }: WantedClaim): bigint {
  return parseQuantity(spec.resources?.requests?.['storage'] ?? '0') ?? 0n;
}

function sizeOf({ spec }: Volume): bigint {
  return parseQuantity(spec.capacity?.['storage'] ?? '0') ?? 0n;
}

function bySize(a: Volume, b: Volume): number {
  return Number(sizeOf(a) - sizeOf(b));
}
