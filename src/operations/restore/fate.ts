import { claimsOf } from '../../domain/claims.ts';
import type { Claim, StatefulSet } from '../../domain/kube.ts';
import { isControlledBy, podsNamedAfter } from '../../domain/members.ts';
import { memberName, ordinalsOf, replicasOf } from '../../domain/naming.ts';
import { type Snapshot, sliceOf } from '../../domain/snapshot.ts';
import type { Archive } from '../../domain/stored.ts';
import type { Change } from '../../plan/plan.ts';
import { lossWithMember } from '../losses.ts';
import { claimsIn, podsOf } from '../planned-on.ts';
import type { Adoption } from './adoption.ts';

/**
 * Rows of a restore: the set, every Pod in range or running, and every PVC that was saved or that is used by one of them.
 * @param set the saved set, with the policies under which Pods leave
 */
export function restoreFate(set: StatefulSet, archive: Archive, adoption: Adoption, snapshot: Snapshot): readonly Change[] {
  const live = sliceOf(snapshot, 'set');
  const created = live.state === 'read';
  const what = `${replicasOf(set)} replicas of ${imagesOf(set)}`;
  return [
    {
      kind: 'StatefulSet',
      name: set.metadata.name,
      before: created ? `created, with ${replicasOf(live.value)} replicas` : 'not there',
      after: created ? `as archived: ${what}` : `created with ${what}`,
    },
    ...[...ordinalsOf(set), ...adoption.leaving].map((ordinal) => podFate(set, ordinal, adoption, snapshot)),
    ...claimFates(set, archive, adoption, snapshot),
  ];
}

/** What the archive would run, which may not be what ran last. */
function imagesOf({ spec }: StatefulSet): string {
  return spec.template.spec.containers.map(({ image }) => image ?? 'no image').join(', ');
}

function podFate({ metadata }: StatefulSet, ordinal: number, { leaving, restarting, revision }: Adoption, snapshot: Snapshot): Change {
  const live = sliceOf(snapshot, 'set');
  const pod = podsNamedAfter(metadata.name, podsOf(snapshot)).get(ordinal);
  const name = memberName(metadata.name, ordinal);
  const isOwn = pod !== undefined && live.state === 'read' && isControlledBy(pod, live.value.metadata.uid);
  const now = pod === undefined ? 'not there' : isOwn ? 'running' : 'running, without a set';
  const row = (then: string): Change => ({ kind: 'Pod', name, before: now, after: then });
  if (leaving.includes(ordinal)) return row('removed');
  if (pod === undefined) return row('created');
  if (restarting.includes(ordinal)) return row(`restarted, as revision ${revision ?? ''}`);
  return row(isOwn ? 'stays' : 'adopted');
}

/** Claims that were saved, and those that were not and are used by a Pod in range or one that leaves. */
function claimFates(set: StatefulSet, { claims }: Archive, { leaving }: Adoption, snapshot: Snapshot): readonly Change[] {
  const present = claimsOf(set, podsOf(snapshot), claimsIn(snapshot));
  const found = new Map(claimsIn(snapshot).map((claim) => [claim.metadata.name, claim]));
  const ordinals = new Map(present.map(({ claim, ordinal }) => [claim.metadata.name, ordinal ?? Number.NaN]));
  const saved = new Map(claims.map(({ name, uid }) => [name, uid]));
  const range = new Set(ordinalsOf(set));
  const inUse = new Set([...range, ...leaving]);
  // Of a PVC that is not there only the saved manifest tells whose it was.
  const ordinalOf = new Map([...claims.map(({ name, ordinal }) => [name, ordinal] as const), ...ordinals]);
  const others = [...ordinals].flatMap(([name, ordinal]) => (inUse.has(ordinal) && !saved.has(name) ? [name] : []));
  const leaves = (name: string): boolean => leaving.includes(ordinals.get(name) ?? Number.NaN);
  return [...saved.keys(), ...others].map((name) => {
    const claim = found.get(name);
    const isUsed = range.has(ordinalOf.get(name) ?? Number.NaN);
    return {
      kind: 'PersistentVolumeClaim',
      name,
      before: claimNow(claim, saved.get(name)),
      after: claimThen(claim, set, leaves(name), isUsed),
    };
  });
}

function claimNow(claim: Claim | undefined, saved: string | undefined): string {
  if (claim === undefined) return 'missing';
  if (saved === undefined) return 'not in the saved manifest';
  return claim.metadata.uid === saved ? 'the same object as archived' : 'another object';
}

/** What no Pod in range uses is neither attached nor created. */
function claimThen(claim: Claim | undefined, set: StatefulSet, leaves: boolean, isUsed: boolean): string {
  if (claim === undefined) return isUsed ? 'created empty' : 'not created';
  if (leaves) return lossWithMember(set, claim) ?? 'retained (unused)';
  return isUsed ? 'attached' : 'retained (unused)';
}
