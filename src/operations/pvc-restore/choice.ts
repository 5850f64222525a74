import { CannotError, RefusedError } from '../../domain/errors.ts';
import type { Claim, Volume } from '../../domain/kube.ts';
import { listOf, type Snapshot } from '../../domain/snapshot.ts';
import { commandLine, placeOf } from '../../plan/commandline.ts';
import { isBegun } from '../pvc-retire/choice.ts';
import { type RetiredVolume, retiredVolumes } from '../retired-volumes.ts';
import type { ClaimRestoreOptions } from './options.ts';

/** What is to be brought back, and what stands in its place. */
export interface Restoring {
  readonly name: string;
  readonly retired: RetiredVolume;
  /** The PVC of that name, as it is now. */
  readonly present?: Claim;
  /** Where that one is bound to another volume: the two are swapped. */
  readonly swap?: Swap;
}

export interface Swap {
  readonly present: Claim;
  readonly other: Volume;
}

/**
 * @throws CannotError where nothing is kept under that name; RefusedError where it is not said which, or a PVC is in the way
 */
export function restoringOf(snapshot: Snapshot, options: ClaimRestoreOptions): Restoring {
  const [name = ''] = options.names;
  const present = listOf(snapshot, 'claims').find(({ metadata }) => metadata.name === name);
  const retired = chosenVolume(snapshot, name, options, present);
  if (present === undefined) return { name, retired };
  if (isBegun(present.metadata, snapshot))
    throw new RefusedError(`PVC ${name} is being retired`, commandLine({ operation: 'pvc retire', name, options: {} }, placeOf(snapshot)));
  const { volumeName = retired.volume.metadata.name } = present.spec;
  if (volumeName === retired.volume.metadata.name) return { name, retired, present };
  const other = listOf(snapshot, 'followedVolumes').find(({ metadata }) => metadata.name === volumeName);
  if (options.swap === true && other !== undefined) return { name, retired, present, swap: { present, other } };
  const hint = `${line(snapshot, name, { pv: options.pv, swap: true })} replaces it, and retires it`;
  throw new RefusedError(`PVC ${name} exists and is bound to another PV, ${volumeName}`, hint);
}

function chosenVolume(snapshot: Snapshot, name: string, { pv }: ClaimRestoreOptions, present: Claim | undefined): RetiredVolume {
  const uid = present?.metadata.uid;
  // What is kept of the PVC that is there is what is swapped away.
  const all = retiredVolumes(snapshot, name);
  const others = all.filter(({ mark }) => mark.uid !== uid);
  const found = pv === undefined ? (others.length > 0 ? others : all) : all.filter(({ volume }) => volume.metadata.name === pv);
  const [first, ...more] = likeliest(found, uid);
  if (first === undefined) {
    const what = pv === undefined ? `no PV is retired for PVC ${name}` : `PV ${pv} is not retired for PVC ${name}`;
    throw new CannotError(`${what} in namespace ${snapshot.target.namespace}`, listLine(snapshot));
  }
  if (more.length > 0) {
    const names = found.map(({ volume }) => volume.metadata.name).join(', ');
    throw new RefusedError(`several PVs are retired for PVC ${name}: ${names}`, line(snapshot, name, { pv: first.volume.metadata.name }));
  }
  return first;
}

/** One that is bound to the PVC already, but for its policy; else the one that is reserved for the name. */
function likeliest(found: readonly RetiredVolume[], uid: string | undefined): readonly RetiredVolume[] {
  const bound = found.filter(({ volume }) => uid !== undefined && volume.spec.claimRef?.uid === uid);
  const reserved = found.filter(({ volume }) => volume.spec.claimRef?.uid === undefined);
  return [bound, reserved].find((some) => some.length === 1) ?? found;
}

function line(snapshot: Snapshot, name: string, options: Readonly<Record<string, unknown>>): string {
  return commandLine({ operation: 'pvc restore', name, options }, placeOf(snapshot));
}

function listLine(snapshot: Snapshot): string {
  return `${commandLine({ do: 'operation', operation: 'pvc list', options: { released: true } }, placeOf(snapshot))} lists what is retired`;
}
