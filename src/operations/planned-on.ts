import { claimsOf, retentionOf } from '../domain/claims.ts';
import type { Claim, Pod, StatefulSet } from '../domain/kube.ts';
import { podsNamedAfter } from '../domain/members.ts';
import { replicasOf, startOf } from '../domain/naming.ts';
import { partitionOf, strategyOf } from '../domain/revisions.ts';
import { listOf, type Snapshot } from '../domain/snapshot.ts';
import { fingerprint } from '../plan/digest.ts';
import type { BasedOn } from '../plan/plan.ts';

/** Pods and claims of a snapshot, as lists; operations have them as required evidence. */
export function podsOf(snapshot: Snapshot): readonly Pod[] {
  return listOf(snapshot, 'pods');
}

export function claimsIn(snapshot: Snapshot): readonly Claim[] {
  return listOf(snapshot, 'claims');
}

/** What a plan about this set was made on, for the digest: UIDs and the fields that were read, nothing that moves by itself. */
export function plannedOnSet(set: StatefulSet, snapshot: Snapshot): readonly BasedOn[] {
  const pods = podsOf(snapshot);
  const reclaim = reclaimsIn(snapshot);
  const members = [...podsNamedAfter(set.metadata.name, pods).values()].map((pod) => ({
    object: `pod/${pod.metadata.name}`,
    uid: pod.metadata.uid,
    fields: { finalizers: pod.metadata.finalizers ?? [] },
  }));
  const claims = claimsOf(set, pods, claimsIn(snapshot)).map(({ claim }) => ({
    object: `persistentvolumeclaim/${claim.metadata.name}`,
    uid: claim.metadata.uid,
    fields: {
      volume: claim.spec.volumeName ?? '',
      owners: (claim.metadata.ownerReferences ?? []).map((owner) => owner.uid),
      reclaim: reclaim(claim),
    },
  }));
  return [ofSet(set), ...members, ...claims];
}

/** What becomes of a claim's data when it goes: unknown where volumes may not be read (Recycle is long gone). */
export function reclaimsIn(snapshot: Snapshot): (claim: Claim) => 'Delete' | 'Retain' | 'unknown' {
  const policies = new Map(listOf(snapshot, 'volumes').map(({ metadata, spec }) => [metadata.name, spec.persistentVolumeReclaimPolicy]));
  return ({ spec }) => {
    const policy = policies.get(spec.volumeName ?? '');
    return policy === 'Delete' || policy === 'Retain' ? policy : 'unknown';
  };
}

function ofSet(set: StatefulSet): BasedOn {
  return {
    object: `statefulset/${set.metadata.name}`,
    uid: set.metadata.uid,
    fields: {
      replicas: replicasOf(set),
      start: startOf(set),
      retention: retentionOf(set),
      strategy: strategyOf(set),
      partition: partitionOf(set),
      template: fingerprint(set.spec.template),
      service: set.spec.serviceName ?? '',
      podManagementPolicy: set.spec.podManagementPolicy ?? 'OrderedReady',
      claimTemplates: (set.spec.volumeClaimTemplates ?? []).map((template) => template.metadata.name),
    },
  };
}
