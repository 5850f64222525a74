import { claimsOf, dangerousOwners, otherClaimants, retentionOf } from '../../domain/claims.ts';
import type { Claim, Pod, StatefulSet } from '../../domain/kube.ts';
import { claimNames } from '../../domain/naming.ts';
import { sizeOf } from '../../domain/sizes.ts';
import { listOf, type Snapshot, sliceOf } from '../../domain/snapshot.ts';
import type { MemberStatus } from './members.ts';

export interface ClaimStatus {
  readonly name: string;
  /** `missing` when the set will make it and it is not there. */
  readonly phase: string;
  readonly uid?: string;
  readonly volume?: string;
  readonly capacity?: string;
  readonly storageClass?: string;
  readonly terminating: boolean;
  /** What could cost its data: an owner that takes it along, another set that uses the same name. */
  readonly hazards: readonly string[];
}

/** The namespace's claims by name; undefined when they could not be read. */
export function claimsByName(snapshot: Snapshot): ReadonlyMap<string, Claim> | undefined {
  const reading = sliceOf(snapshot, 'claims');
  return reading.state === 'read' ? new Map(reading.value.map((claim) => [claim.metadata.name, claim])) : undefined;
}

/** Claims that the templates name for this ordinal; without a set, those that the Pod mounts. Empty when unreadable. */
export function claimsOfMember(
  set: StatefulSet | undefined,
  { ordinal, pod }: { readonly ordinal: number; readonly pod: Pod | undefined },
  claims: ReadonlyMap<string, Claim> | undefined,
  snapshot: Snapshot,
): readonly ClaimStatus[] {
  if (claims === undefined) return [];
  const names = set === undefined ? mountedBy(pod) : claimNames(set, ordinal);
  return names.map((name) => {
    const claim = claims.get(name);
    return claim === undefined ? { name, phase: 'missing', terminating: false, hazards: [] } : claimStatus(claim, set, snapshot);
  });
}

function mountedBy(pod: Pod | undefined): readonly string[] {
  return (pod?.spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
}

/** Claims of the set that no listed member has. */
export function spareClaims(set: StatefulSet | undefined, members: readonly MemberStatus[], snapshot: Snapshot): readonly ClaimStatus[] {
  const listed = new Set(members.flatMap(({ claims }) => claims.map(({ name }) => name)));
  return ownClaims(set, snapshot)
    .filter(({ metadata }) => !listed.has(metadata.name))
    .map((claim) => claimStatus(claim, set, snapshot));
}

/** Without a set, what the archive knows by name and UID. */
function ownClaims(set: StatefulSet | undefined, snapshot: Snapshot): readonly Claim[] {
  const claims = listOf(snapshot, 'claims');
  if (set !== undefined) return claimsOf(set, listOf(snapshot, 'pods'), claims).map(({ claim }) => claim);
  const stored = sliceOf(snapshot, 'stored');
  const archive = stored.state === 'read' && stored.value.archive?.state === 'valid' ? stored.value.archive.archive : undefined;
  const uids = new Set(archive?.claims.map(({ uid }) => uid));
  return claims.filter(({ metadata }) => uids.has(metadata.uid));
}

function claimStatus(claim: Claim, set: StatefulSet | undefined, snapshot: Snapshot): ClaimStatus {
  const { spec, status, metadata } = claim;
  const capacity = sizeOf(claim);
  return {
    name: metadata.name,
    uid: metadata.uid,
    phase: status.phase ?? 'Unknown',
    terminating: metadata.deletionTimestamp !== undefined,
    hazards: set === undefined ? [] : hazardsOf(claim, set, snapshot),
    ...(spec.volumeName === undefined ? {} : { volume: spec.volumeName }),
    ...(capacity === undefined ? {} : { capacity }),
    ...(spec.storageClassName === undefined ? {} : { storageClass: spec.storageClassName }),
  };
}

/** Semantics, signatures 22 and 23. */
function hazardsOf(claim: Claim, set: StatefulSet, snapshot: Snapshot): readonly string[] {
  const { whenDeleted, whenScaled } = retentionOf(set);
  const owners = dangerousOwners(claim, set).map(({ kind, name }) => `deleted with ${kind} ${name}`);
  const policy = owners.length === 0 && whenDeleted === 'Delete' ? ['deleted with the StatefulSet (whenDeleted)'] : [];
  const scaled = whenScaled === 'Delete' ? ['deleted on scale-down (whenScaled)'] : [];
  const shared = otherClaimants(claim, set, listOf(snapshot, 'sets')).map(({ metadata }) => `shared with StatefulSet ${metadata.name}`);
  return [...owners, ...policy, ...scaled, ...shared];
}
