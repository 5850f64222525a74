import type { Claim } from '../domain/kube.ts';
import { podsNamedAfter } from '../domain/members.ts';
import { claimOrdinal } from '../domain/naming.ts';
import { roughAge } from '../domain/rough-age.ts';
import { awaitedClaims } from './awaited-claims.ts';
import type { Check } from './check.ts';
import { count, known, kubectl, names, seen, subjectOf } from './draft.ts';

/**
 * New members get claims back that earlier ones left. What is on them is as old as the day they were left: a member may
 * come up with a state that its cluster has long moved on from.
 */
export const staleClaimsReattached: Check = {
  id: 'stale-claims-reattached',
  title: 'New members get old data',
  meaning:
    'PVCs that earlier members left are re-attached. They hold what was on them when they were left, days or years ago; a member that comes up with such a state may bring deleted records back, or be refused by its cluster.',
  remedy: 'Make sure that your software brings old replicas up to date. If not, put the old PVCs away before you scale up.',
  source: '#55045; KEP-5541 (condition Unused, alpha in 1.36)',
  override: 'allow',
  needs: ['pods', 'claims'],
  run(snapshot, intent) {
    const pods = known(snapshot, 'pods');
    if (pods === undefined) return [];
    const running = podsNamedAfter(intent.set.metadata.name, pods);
    const isUsed = (claim: Claim) => running.has(claimOrdinal(intent.set, claim.metadata.name) ?? -1);
    const stale = (awaitedClaims(snapshot, intent) ?? []).filter((claim) => isUsable(claim) && !isUsed(claim));
    if (stale.length === 0) return [];
    const ages = stale.map((claim) => `${claim.metadata.name} (${agesOf(claim, snapshot.now)})`);
    const verb = stale.length === 1 ? 'is' : 'are';
    return [
      {
        grade: 'proven',
        subject: subjectOf('statefulset', intent.set),
        message: `${count(stale.length, 'old PVC')} ${verb} re-attached with what is on ${stale.length === 1 ? 'it' : 'them'}: ${names(ages)}`,
        evidence: stale.flatMap((claim) => [
          seen(`persistentvolumeclaim/${claim.metadata.name}`, 'metadata.creationTimestamp', claim.metadata.creationTimestamp),
          seen(`persistentvolumeclaim/${claim.metadata.name}`, 'status.conditions[Unused].lastTransitionTime', unusedSince(claim)),
        ]),
        remedies: stale
          .slice(0, 1)
          .map(({ metadata }) => kubectl('describe', ['persistentvolumeclaim', metadata.name], 'what it is, and who used it last')),
      },
    ];
  },
};

/** Those that are not have findings of their own, and one that was never bound holds nothing. */
function isUsable({ metadata, status }: Claim): boolean {
  return status.phase === 'Bound' && metadata.deletionTimestamp === undefined;
}

/** KEP-5541 (alpha in 1.36): absent means unknown. */
function unusedSince({ status }: Claim): string | undefined {
  return status.conditions?.find(({ type, status: holds }) => type === 'Unused' && holds === 'True')?.lastTransitionTime;
}

function agesOf(claim: Claim, now: number): string {
  const age = (time: string | undefined) => (time === undefined ? undefined : roughAge(now - Date.parse(time)));
  const unused = age(unusedSince(claim));
  return `created ${age(claim.metadata.creationTimestamp) ?? 'an unknown time'} ago, ${unused === undefined ? 'not known since when unused' : `unused for ${unused}`}`;
}
