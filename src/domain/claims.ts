import type { Claim, KubeObject, OwnerReference, Pod, RetentionPolicy, StatefulSet } from './kube.ts';
import { podsNamedAfter } from './members.ts';
import { claimOrdinal, ordinalIn } from './naming.ts';

/** A claim of a set: found because the set generates its name, or because the set or one of its Pods owns it. */
export interface SetClaim {
  readonly claim: Claim;
  /** Undefined for a claim that is only owned by the set, not named after a template. */
  readonly ordinal: number | undefined;
}

/** UIDs whose deletion would garbage-collect the claim: the set, and every Pod of a member's name. */
export function owningUids(set: StatefulSet, pods: readonly Pod[]): ReadonlySet<string> {
  return new Set([set.metadata.uid, ...[...podsNamedAfter(set.metadata.name, pods).values()].map((pod) => pod.metadata.uid)]);
}

/**
 * Owner references through which the set's or a member's end would destroy the claim (KEP-1847: the controller adds
 * one to the set under whenDeleted: Delete, one to the Pod under whenScaled: Delete). A Pod reference whose Pod is
 * long gone counts too: the garbage collector takes the claim as soon as it looks (semantics, signature 21).
 */
export function dangerousOwners(claim: Claim, set: StatefulSet): readonly OwnerReference[] {
  return (claim.metadata.ownerReferences ?? []).filter(
    (owner) =>
      owner.uid === set.metadata.uid || (owner.kind === 'StatefulSet' && owner.name === set.metadata.name) || isMemberReference(owner, set),
  );
}

function isMemberReference(owner: OwnerReference, set: StatefulSet): boolean {
  return owner.kind === 'Pod' && ordinalIn(set.metadata.name, owner.name) !== undefined;
}

/**
 * Whether the garbage collector deletes the claim as soon as it looks: it has owners, and none of them is there any more. An
 * owner of another kind than Pod and StatefulSet counts as there.
 */
export function isLeftToCollector(
  { metadata: { ownerReferences = [] } }: Claim,
  set: StatefulSet | undefined,
  pods: readonly KubeObject[],
): boolean {
  const there = new Set([...pods.map(({ metadata }) => metadata.uid), ...(set === undefined ? [] : [set.metadata.uid])]);
  const isGone = ({ kind, uid, name }: OwnerReference): boolean =>
    (kind === 'Pod' || (kind === 'StatefulSet' && (set === undefined || set.metadata.name === name))) && !there.has(uid);
  return ownerReferences.length > 0 && ownerReferences.every(isGone);
}

/** Every claim of the set, also those of ordinals left from earlier scale-downs, lowest ordinal first. */
export function claimsOf(set: StatefulSet, pods: readonly Pod[], claims: readonly Claim[]): readonly SetClaim[] {
  const owners = owningUids(set, pods);
  return claims
    .map((claim) => ({ claim, ordinal: claimOrdinal(set, claim.metadata.name) }))
    .filter(
      ({ claim, ordinal }) =>
        ordinal !== undefined || (!isEphemeral(claim) && (claim.metadata.ownerReferences ?? []).some((owner) => owners.has(owner.uid))),
    )
    .sort((a, b) => (a.ordinal ?? Infinity) - (b.ordinal ?? Infinity) || a.claim.metadata.name.localeCompare(b.claim.metadata.name));
}

/**
 * The claim of a generic ephemeral volume, `<pod>-<volume>`: meant to go with its Pod, and of no use to another one, which
 * the kubelet and the scheduler refuse when its owner is not the Pod ("was not created for pod").
 */
export function isEphemeral({ metadata: { name, ownerReferences = [] } }: Claim): boolean {
  return ownerReferences.some((owner) => owner.kind === 'Pod' && owner.controller === true && name.startsWith(`${owner.name}-`));
}

/** Names of the claims that a Pod mounts, a generic ephemeral volume's `<pod>-<volume>` too. Ended and terminating Pods hold theirs as well. */
export function claimsUsedBy(pod: Pod): readonly string[] {
  return (pod.spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    if (persistentVolumeClaim !== undefined) return [persistentVolumeClaim.claimName];
    return ephemeral === undefined ? [] : [`${pod.metadata.name}-${name}`];
  });
}

/** Other sets of the namespace that generate this claim's name too: deleting or re-attaching would hit both. */
export function otherClaimants(claim: Claim, set: StatefulSet, sets: readonly StatefulSet[]): readonly StatefulSet[] {
  return sets.filter((other) => other.metadata.uid !== set.metadata.uid && claimOrdinal(other, claim.metadata.name) !== undefined);
}

/** The policy as the API defaults it (GA in 1.32; older servers do not serve the field at all). */
export function retentionOf(set: StatefulSet): Required<RetentionPolicy> {
  const policy = set.spec.persistentVolumeClaimRetentionPolicy;
  return { whenDeleted: policy?.whenDeleted ?? 'Retain', whenScaled: policy?.whenScaled ?? 'Retain' };
}
