import { claimsOf, retentionOf } from '../domain/claims.ts';
import { type Dependent, dependentsOf } from '../domain/dependents.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { Intent } from './check.ts';
import { known } from './draft.ts';
import { leavingPods } from './members.ts';

/**
 * What the garbage collector removes because of this operation, beside the Pods and PVCs of the set's own that it is about: what
 * the Pods that leave, or are replaced, own, what the PVCs own that go, and what those own in their turn.
 */
export function removedWith(snapshot: Snapshot, intent: Intent): readonly Dependent[] {
  const { set, leaving, restarting, destroysClaims, sparesClaims } = intent;
  const own = claimsOf(set, known(snapshot, 'pods') ?? [], known(snapshot, 'claims') ?? []);
  const uidsOf = (claims: typeof own): readonly string[] => claims.map(({ claim }) => claim.metadata.uid);
  // What becomes of the PVCs of a member that leaves is the business of the set's own findings and rows.
  const theirs = uidsOf(own.filter(({ ordinal }) => ordinal !== undefined && leaving.includes(ordinal)));
  const deleted = destroysClaims === true ? uidsOf(own) : retentionOf(set).whenScaled === 'Delete' && sparesClaims !== true ? theirs : [];
  const spared = new Set(sparesClaims === true ? uidsOf(own) : []);
  const replaced = leavingPods(snapshot, { ...intent, leaving: restarting?.ordinals ?? [] });
  const pods = [...leavingPods(snapshot, intent), ...replaced].map(({ metadata }) => metadata.uid);
  const apart = new Set(theirs);
  return dependentsOf([...pods, ...deleted], snapshot, spared).filter(({ uid }) => !apart.has(uid));
}
