import { claimsOf } from '../../domain/claims.ts';
import type { Claim, StatefulSet } from '../../domain/kube.ts';
import { memberName, ordinalsOf } from '../../domain/naming.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { sliceOf } from '../../domain/snapshot.ts';
import { known } from '../draft.ts';

/** A PVC that a Pod of the set waits for, since nothing is bound to it. */
export interface AwaitedClaim {
  readonly claim: Claim;
  /** Name of its Pod. */
  readonly pod: string;
}

/** PVCs of Pods in range that are Pending, lowest ordinal first. */
export function pendingClaims(set: StatefulSet, snapshot: Snapshot): readonly AwaitedClaim[] {
  const ordinals = new Set(ordinalsOf(set));
  return claimsOf(set, known(snapshot, 'pods') ?? [], known(snapshot, 'claims') ?? []).flatMap(({ claim, ordinal }) => {
    const isAwaited = claim.status.phase === 'Pending' && claim.metadata.deletionTimestamp === undefined;
    if (!isAwaited || ordinal === undefined || !ordinals.has(ordinal)) return [];
    return [{ claim, pod: memberName(set.metadata.name, ordinal) }];
  });
}

/** Why a PVC is Pending, its class and the provisioner's events say. */
export function wantsClaimEvents(snapshot: Snapshot): boolean {
  const set = sliceOf(snapshot, 'set');
  return set.state === 'read' && pendingClaims(set.value, snapshot).length > 0;
}
