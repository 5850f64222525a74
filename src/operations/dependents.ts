import { claimsOf, retentionOf } from '../domain/claims.ts';
import { type Dependent, dependentsOf, holdsData, isEphemeralVolume } from '../domain/dependents.ts';
import type { Claim, KubeObject, Pod, StatefulSet } from '../domain/kube.ts';
import { podsNamedAfter, releasedPods } from '../domain/members.ts';
import { memberName, replicasOf } from '../domain/naming.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { Condition, ObjectIdentity } from '../plan/condition.ts';
import type { BasedOn, Change } from '../plan/plan.ts';
import { claimsInWords } from './fate.ts';
import { claimsIn, podsOf, reclaimsIn } from './planned-on.ts';

/** What an operation's plan says of the objects that the garbage collector deletes with Pods (domain/dependents.ts). */

const KINDS = {
  statefulset: 'StatefulSet',
  persistentvolumeclaim: 'PersistentVolumeClaim',
  service: 'Service',
  pod: 'Pod',
  deployment: 'Deployment',
  job: 'Job',
  configmap: 'ConfigMap',
  secret: 'Secret',
} as const satisfies Readonly<Record<Dependent['kind'], Change['kind']>>;

/** One row an object; an ephemeral volume is called what it is. */
export function dependentFates(dependents: readonly Dependent[], snapshot: Snapshot): readonly Change[] {
  if (dependents.length === 0) return [];
  const claimNow = claimsInWords(snapshot);
  const reclaim = reclaimsIn(snapshot);
  return dependents.map((one) => {
    const { kind, name, object } = one;
    if (kind !== 'persistentvolumeclaim')
      return { kind: KINDS[kind], name, before: ownedInWords(one), after: `deleted with it${unlessKept(one)}` };
    const claim = object as Claim;
    const [now, then] = isEphemeralVolume(one)
      ? [`ephemeral volume of Pod ${one.owner.name}`, 'deleted with it']
      : [claimNow(claim), `DELETED with ${one.owner.kind} ${one.owner.name}`];
    return { kind: 'PersistentVolumeClaim', name, before: now, after: `${then}${VOLUME[reclaim(claim)]}${unlessKept(one)}` };
  });
}

function ownedInWords({ kind, object, owner }: Dependent): string {
  const replicas = kind === 'statefulset' ? `${replicasInWords(object as StatefulSet)}, ` : '';
  return `${replicas}owned by ${owner.kind} ${owner.name}`;
}

function replicasInWords(set: StatefulSet): string {
  const replicas = replicasOf(set);
  return `${replicas} ${replicas === 1 ? 'replica' : 'replicas'}`;
}

function unlessKept({ keepers: [keeper] }: Dependent): string {
  return keeper === undefined ? '' : `, unless ${keeper.kind} ${keeper.name} still owns it`;
}

const VOLUME = { Delete: ', data included', Retain: '; its volume is retained', unknown: '' } as const;

/** The rows of PVCs in which the garbage collector is not thought of, without those that it deletes. */
export function withoutDependents(fates: readonly Change[], dependents: readonly Dependent[]): readonly Change[] {
  const claims = new Set(dependents.flatMap(({ kind, name }) => (kind === 'persistentvolumeclaim' ? [name] : [])));
  return claims.size === 0 ? fates : fates.filter(({ kind, name }) => kind !== 'PersistentVolumeClaim' || !claims.has(name));
}

/** For the digest: a plan is another one where something else goes with the Pods. */
export function plannedOnDependents(dependents: readonly Dependent[]): readonly BasedOn[] {
  return dependents.map(({ kind, name, uid, owner }) => ({ object: `${kind}/${name}`, uid, fields: { deletedWith: owner.uid } }));
}

/** Names of the PVCs among them whose data somebody may count on: they are not expected to stay. */
export function dataLost(dependents: readonly Dependent[]): readonly string[] {
  return dependents.filter(holdsData).map(({ name }) => name);
}

/**
 * For each Pod of a member's name what must hold right before it is removed: nothing goes with it but what this plan names.
 * Nothing of a released Pod, which is not the set's to remove.
 *
 * @param sparesClaims the owner references of the set's PVCs are taken off first
 * @param leaves which ordinals' Pods the plan removes: what two of them own goes with the last
 * @param notIts Pods of a member's name that are not the set's: none, where it is to be created and adopts them
 */
export function ownsOnly(
  set: StatefulSet,
  snapshot: Snapshot,
  sparesClaims: boolean,
  leaves: (ordinal: number) => boolean,
  notIts: readonly Pod[] = releasedPods(set, podsOf(snapshot)),
): (ordinal: number) => readonly Condition[] {
  const claims = claimsOf(set, podsOf(snapshot), claimsIn(snapshot));
  const pods = podsNamedAfter(set.metadata.name, podsOf(snapshot));
  const released = new Set(notIts.map(({ metadata }) => metadata.uid));
  const spared = new Set(sparesClaims ? claims.map(({ claim }) => claim.metadata.uid) : []);
  // The controller makes the Pod their owner right before it deletes it (KEP-1847).
  const byPolicy = !sparesClaims && retentionOf(set).whenScaled === 'Delete';
  const claimsWith = (ordinal: number): readonly ObjectIdentity[] =>
    byPolicy ? claims.filter((one) => one.ordinal === ordinal).map(({ claim }) => identity('persistentvolumeclaim', claim)) : [];
  const removed = [...pods].filter(([ordinal, { metadata }]) => leaves(ordinal) && !released.has(metadata.uid));
  const roots = removed.flatMap(([ordinal, { metadata }]) => [metadata.uid, ...claimsWith(ordinal).map(({ uid }) => uid)]);
  const owned = ownedBy(dependentsOf(roots, snapshot, spared));
  return (ordinal) => {
    const uid = pods.get(ordinal)?.metadata.uid ?? '';
    if (released.has(uid)) return [];
    const theirs = claimsWith(ordinal);
    const named = [...theirs, ...owned([uid, ...theirs.map((claim) => claim.uid)])];
    return [{ is: 'owns-only', pod: memberName(set.metadata.name, ordinal), uid, named }];
  };
}

const identity = (kind: string, { metadata: { name, uid } }: KubeObject): ObjectIdentity => ({ kind, name, uid });

/** Of these dependents, those that some of these UIDs own, directly or through others, alone or with other owners. */
function ownedBy(dependents: readonly Dependent[]): (uids: readonly string[]) => readonly ObjectIdentity[] {
  const byOwner = Map.groupBy(
    dependents.flatMap((one) => (one.object.metadata.ownerReferences ?? []).map((owner) => ({ owner: owner.uid, one }))),
    ({ owner }) => owner,
  );
  return (uids) => {
    const found = new Map<string, ObjectIdentity>();
    const open = [...uids];
    for (let uid = open.pop(); uid !== undefined; uid = open.pop()) {
      for (const { one } of byOwner.get(uid) ?? []) {
        if (found.has(one.uid)) continue;
        found.set(one.uid, identity(one.kind, one.object));
        open.push(one.uid);
      }
    }
    return [...found.values()];
  };
}
