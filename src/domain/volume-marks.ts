import type { Claim, Json, KubeObject, Volume } from './kube.ts';

/**
 * What this program writes on PersistentVolumes: a label by which one list finds them, and an annotation of the same key with
 * what has to outlive the command (law 5).
 */
export const PROTECTED = 'sts-safe.dev/protected';
export const RETIRED = 'sts-safe.dev/retired';

/** Keeps the name of a PVC that is being retired taken, until its volume is reserved for that name. */
export const RETIRE_FINALIZER = 'sts-safe.dev/retire';

/** Who, when and why, as the execution adds it to a mark. */
export interface Stamp {
  /** user@host */
  readonly by?: string;
  /** RFC 3339, server's clock. */
  readonly at?: string;
  readonly reason?: string;
}

/** On a PVC: it is to be retired when its time is over. */
export const QUARANTINED = 'sts-safe.dev/quarantined';

export interface QuarantineMark extends Stamp {
  /** UID and generation of the StatefulSet that generates its name; empty and 0 where there is none. */
  readonly set: string;
  readonly generation: number;
}

/** Undefined where its label is gone: that is how it is taken back. */
export function quarantineMarkOf(claim: Claim): QuarantineMark | undefined {
  const mark = claim.metadata.labels?.[QUARANTINED] === undefined ? undefined : parsed(claim, QUARANTINED);
  const isWhole = typeof mark?.['set'] === 'string' && typeof mark['generation'] === 'number';
  return isWhole ? (mark as unknown as QuarantineMark) : undefined;
}

export interface ProtectedMark extends Stamp {
  /** persistentVolumeReclaimPolicy before. */
  readonly policy: string;
}

export interface RetiredMark extends ProtectedMark {
  readonly namespace: string;
  readonly name: string;
  /** UID of the PVC that was retired. */
  readonly uid: string;
  /** The PVC as it can be created again. */
  readonly manifest: Readonly<Record<string, Json>>;
}

/** Undefined where there is none, or where it is not one that this version understands. */
export function protectedMarkOf(volume: Volume): ProtectedMark | undefined {
  const mark = parsed(volume, PROTECTED);
  return typeof mark?.['policy'] === 'string' ? (mark as unknown as ProtectedMark) : undefined;
}

export function retiredMarkOf(volume: Volume): RetiredMark | undefined {
  const mark = parsed(volume, RETIRED);
  const isWhole =
    ['policy', 'namespace', 'name', 'uid'].every((key) => typeof mark?.[key] === 'string') && typeof mark?.['manifest'] === 'object';
  return isWhole ? (mark as unknown as RetiredMark) : undefined;
}

function parsed({ metadata: { annotations } }: KubeObject, key: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(annotations?.[key] ?? 'null');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** The volume that a PVC is bound to, both ways; undefined where one of the two says otherwise. */
export function volumeOfClaim({ metadata, spec }: Claim, volumes: readonly Volume[]): Volume | undefined {
  const volume = volumes.find(({ metadata: { name } }) => name === spec.volumeName);
  return volume?.spec.claimRef?.uid === metadata.uid ? volume : undefined;
}
