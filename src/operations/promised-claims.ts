import { claimsOf } from '../domain/claims.ts';
import type { Claim, StatefulSet } from '../domain/kube.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { ArchivedClaim } from '../domain/stored.ts';
import type { ClaimState } from '../plan/condition.ts';
import type { PlanInput } from './operation.ts';
import { claimsIn, podsOf } from './planned-on.ts';

type Keep = (ordinal: number | undefined) => boolean;

/** The claims of a set as they are now. */
export function claimStates(set: StatefulSet, snapshot: Snapshot, keep: Keep = () => true): readonly ClaimState[] {
  return claimsOf(set, podsOf(snapshot), claimsIn(snapshot))
    .filter(({ ordinal }) => keep(ordinal))
    .map(({ claim }) => ({ name: claim.metadata.name, uid: claim.metadata.uid, phase: claim.status.phase ?? '' }));
}

/**
 * The claims that must be the same objects when the operation is over (principle 4): those that it sees, and for one that
 * goes on those that were there when it began, so that a loss in between is noticed. Without those whose loss the
 * operator allowed.
 */
export function promisedClaims(input: PlanInput<unknown>, set: StatefulSet, keep: Keep = () => true): readonly ClaimState[] {
  const { snapshot, resume, allowed } = input;
  const now = new Map(claimsIn(snapshot).map((claim) => [claim.metadata.name, claim]));
  const present = claimStates(set, snapshot, keep).filter(({ name, uid }) => !isAllowed(now.get(name), uid, allowed));
  if (resume === undefined) return present;
  const archived = resume.archive.claims.filter(({ ordinal }) => keep(ordinal));
  const promised = keptPromises(archived, snapshot, allowed);
  const names = new Set(promised.map(({ name }) => name));
  return [...promised, ...present.filter(({ name }) => !names.has(name))];
}

/** Archived claims, as they must be found; those left out whose trouble was allowed by the id of its finding. */
export function keptPromises(archived: readonly ArchivedClaim[], snapshot: Snapshot, allowed: readonly string[]): readonly ClaimState[] {
  const present = new Map(claimsIn(snapshot).map((claim) => [claim.metadata.name, claim]));
  return archived
    .filter(({ name, uid }) => !isAllowed(present.get(name), uid, allowed))
    .map(({ name, uid, phase }) => ({ name, uid, phase: phase ?? present.get(name)?.status.phase ?? 'Bound' }));
}

function isAllowed(claim: Claim | undefined, uid: string, allowed: readonly string[]): boolean {
  return findingsAbout(claim, uid).some((id) => allowed.includes(id));
}

/** The findings that tell of what has become of a claim, in whichever operation. */
function findingsAbout(claim: Claim | undefined, uid: string): readonly string[] {
  if (claim === undefined) return ['claim-missing'];
  if (claim.metadata.uid !== uid) return ['claim-replaced'];
  if (claim.metadata.deletionTimestamp !== undefined) return ['claim-terminating', 'claim-not-safe'];
  return claim.status.phase === 'Lost' ? ['claim-lost', 'claim-not-safe'] : [];
}
