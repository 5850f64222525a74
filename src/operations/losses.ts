import { claimsOf, retentionOf } from '../domain/claims.ts';
import type { Claim, StatefulSet } from '../domain/kube.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { claimsIn, podsOf } from './planned-on.ts';

/**
 * What takes a claim away when its member leaves by a change of replicas alone, which nothing in the plan prevents: its own
 * deletion, which only waits for the Pod (kubernetes.io/pvc-protection), the set's policy, or a Pod that owns it (KEP-1847).
 * @returns what becomes of it, in words; undefined when it stays
 */
export function lossWithMember(set: StatefulSet, claim: Claim): string | undefined {
  const loss = lossByDeletion(claim);
  if (loss !== undefined) return loss;
  if (retentionOf(set).whenScaled === 'Delete') return 'DELETED by the set’s whenScaled policy';
  if (claim.metadata.ownerReferences?.some(({ kind }) => kind === 'Pod') === true) return 'DELETED with the member that owns it';
  return undefined;
}

/** Its own deletion alone, where the plan sees to all else. */
export function lossByDeletion({ metadata }: Claim): string | undefined {
  return metadata.deletionTimestamp === undefined ? undefined : 'LOST with its member: it is being deleted already';
}

/** Names of the claims that are lost when these members leave. */
export function lostClaims(set: StatefulSet, leaving: readonly number[], snapshot: Snapshot): ReadonlySet<string> {
  const members = new Set(leaving);
  const lost = claimsOf(set, podsOf(snapshot), claimsIn(snapshot)).filter(
    ({ claim, ordinal }) => ordinal !== undefined && members.has(ordinal) && lossWithMember(set, claim) !== undefined,
  );
  return new Set(lost.map(({ claim }) => claim.metadata.name));
}
