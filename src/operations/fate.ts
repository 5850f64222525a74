import { claimsOf } from '../domain/claims.ts';
import type { Claim, Pod, StatefulSet } from '../domain/kube.ts';
import { isPodReady, isTerminating, membersOf } from '../domain/members.ts';
import { sizeOf } from '../domain/sizes.ts';
import { listOf, type Snapshot, sliceOf } from '../domain/snapshot.ts';
import { beforeAndAfter, type Difference, pathInWords } from '../domain/spec-difference.ts';
import type { Archive } from '../domain/stored.ts';
import type { Change } from '../plan/plan.ts';
import { claimsIn, podsOf } from './planned-on.ts';

/** `Running, ready, on node-1`: a Pod in a few words. */
export function podInWords(pod: Pod | undefined): string {
  if (pod === undefined) return 'missing';
  const health = isTerminating(pod) ? 'terminating' : isPodReady(pod) ? 'ready' : 'not ready';
  const place = pod.spec.nodeName === undefined ? '' : `, on ${pod.spec.nodeName}`;
  return `${pod.status.phase ?? 'unknown phase'}, ${health}${place}`;
}

/** One row a field of the Pod template that changes. */
export function fieldFates(differences: readonly Difference[]): readonly Change[] {
  return differences.map((difference) => {
    const { before, after } = beforeAndAfter(difference);
    return { kind: 'field', name: pathInWords(difference.path), before, after };
  });
}

/** One row a member; `then` is told by the operation. */
export function memberFates(
  set: StatefulSet,
  snapshot: Snapshot,
  then: (ordinal: number, pod: Pod | undefined) => string,
): readonly Change[] {
  return membersOf(set, podsOf(snapshot)).map(({ ordinal, name, pod }) => ({
    kind: 'Pod',
    name,
    before: podInWords(pod),
    after: then(ordinal, pod),
  }));
}

/** One row a claim and, where volumes may be read, its volume with the reclaim policy that decides over its data. */
export function claimFates(
  set: StatefulSet,
  snapshot: Snapshot,
  then: (ordinal: number | undefined, claim: Claim) => string,
): readonly Change[] {
  const now = claimsInWords(snapshot);
  return claimsOf(set, podsOf(snapshot), claimsIn(snapshot)).map(({ claim, ordinal }) => ({
    kind: 'PersistentVolumeClaim',
    name: claim.metadata.name,
    before: now(claim),
    after: then(ordinal, claim),
  }));
}

/** `Bound, 1Gi, volume Delete`: a PVC in a few words. */
export function claimsInWords(snapshot: Snapshot): (claim: Claim) => string {
  const volumes = new Map(listOf(snapshot, 'volumes').map((volume) => [volume.metadata.name, volume]));
  return (claim) => {
    const size = sizeOf(claim) ?? '?';
    const policy = volumes.get(claim.spec.volumeName ?? '')?.spec.persistentVolumeReclaimPolicy;
    return `${claim.status.phase ?? 'unknown phase'}, ${size}${policy === undefined ? '' : `, volume ${policy}`}`;
  };
}

/**
 * Claims that the archive promises and that are gone.
 * @param end the first ordinal that is out of range
 */
export function missingClaims({ claims }: Archive, snapshot: Snapshot, end: number): readonly Change[] {
  if (sliceOf(snapshot, 'claims').state !== 'read') return [];
  const present = new Set(claimsIn(snapshot).map(({ metadata }) => metadata.name));
  return claims
    .filter(({ name }) => !present.has(name))
    .map(({ name, ordinal }) => ({
      kind: 'PersistentVolumeClaim',
      name,
      before: 'missing',
      after: ordinal !== undefined && ordinal < end ? 'created EMPTY' : 'missing',
    }));
}
