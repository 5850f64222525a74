import { claimsOf } from '../domain/claims.ts';
import type { StatefulSet } from '../domain/kube.ts';
import { podsNamedAfter } from '../domain/members.ts';
import { memberName, ordinalsOf, replicasOf } from '../domain/naming.ts';
import { listOf, type Snapshot, sliceOf, subjectOf } from '../domain/snapshot.ts';
import { names } from '../findings/draft.ts';
import { fieldsWritten, writeOf } from '../plan/action.ts';
import type { ClaimState, Condition, ObjectIdentity, PodIdentity } from '../plan/condition.ts';
import { deletedWithPods } from '../plan/named.ts';
import type { Plan, Step } from '../plan/plan.ts';
import { nodeStatements } from './verified-node.ts';

type Is = Condition['is'];
type Of<K extends Is> = Extract<Condition, { readonly is: K }>;

/** Something that a finished plan says of the world: the condition that it rests on, and how it reads where that holds. */
export interface Statement {
  readonly condition: Condition;
  /** @param seen the look on which the condition holds */
  readonly says: (seen: Snapshot) => readonly string[];
}

/**
 * What a plan that was carried out claims of the world. All of it is judged on one look at the end, whichever run did it.
 * What others hang on comes first: the first that does not hold is the reason why.
 * @param opened the world as the last step left it: what is there by then must stay the same object
 */
export function statementsOf(plan: Plan, opened: Snapshot): readonly Statement[] {
  const conditions = plan.steps.flatMap(conditionsOf);
  const adopted = lastOf(conditions, 'pods-adopted')?.pods ?? [];
  return [
    ...setStatements(plan, conditions, opened),
    ...silent(adopted.length === 0 ? undefined : { is: 'pods-unchanged', pods: adopted }),
    ...rolledOutStatements(plan, conditions, opened),
    ...readyStatements(plan, conditions, opened),
    ...goneStatements(conditions),
    ...claimStatements(conditions, deletedWithPods(plan)),
    ...adoptedStatements(adopted),
    ...volumeStatements(plan.steps.flatMap(({ verify }) => verify)),
    ...expandedStatements(conditions),
    ...nodeStatements(plan, conditions),
  ];
}

/** PVCs of the set that were not there when the plan was made. */
export function createdInWords({ basedOn, target }: Plan, seen: Snapshot): readonly string[] {
  const set = sliceOf(seen, 'set');
  if (set.state !== 'read' || subjectOf(target).resource !== 'statefulsets') return [];
  const known = new Set(basedOn.map(({ uid }) => uid));
  const created = claimsOf(set.value, listOf(seen, 'pods'), listOf(seen, 'claims'))
    .map(({ claim }) => claim.metadata)
    .filter(({ uid }) => !known.has(uid));
  return created.length === 0
    ? []
    : [`${amount(created.length, 'PVC was', 'PVCs were')} created: ${names(created.map(({ name }) => name))}`];
}

function conditionsOf({ verify, preconditions }: Step): readonly Condition[] {
  return [...verify, ...preconditions];
}

function allOf<K extends Is>(conditions: readonly Condition[], is: K): readonly Of<K>[] {
  return conditions.filter((condition): condition is Of<K> => condition.is === is);
}

/** What several steps ask for is about the most of the plan where it is asked for last. */
function lastOf<K extends Is>(conditions: readonly Condition[], is: K): Of<K> | undefined {
  return allOf(conditions, is).at(-1);
}

const silent = (condition: Condition | undefined): readonly Statement[] => (condition === undefined ? [] : [{ condition, says: () => [] }]);

const saying = (condition: Condition, sentence: string): Statement => ({ condition, says: () => [sentence] });

/** The set is gone for good, or is as the plan left it: whatever Pods it has follow from its spec. */
function setStatements(plan: Plan, conditions: readonly Condition[], opened: Snapshot): readonly Statement[] {
  if (lastOf(conditions, 'set-gone') !== undefined)
    return [saying({ is: 'set-absent' }, `StatefulSet ${plan.target.name} is deleted and has not come back`)];
  const replicas = replicasAfter(plan, opened);
  const set = sliceOf(opened, 'set');
  if (replicas === undefined) return [];
  return silent(set.state === 'read' ? { is: 'set-unchanged', set: set.value, replicas } : { is: 'set-present' });
}

/**
 * The replicas that the plan leaves, where it is about them. Of one that resumed they may be anybody's by then, who scaled
 * after its last patch: then it is those that it found.
 */
function replicasAfter({ steps, from }: Plan, opened: Snapshot): number | undefined {
  const last = steps.flatMap(replicasIn).at(-1);
  const set = sliceOf(opened, 'set');
  return last === undefined || from === undefined || set.state !== 'read' ? last : replicasOf(set.value);
}

function replicasIn({ action, preconditions }: Step): readonly number[] {
  const tested = preconditions.flatMap((one) => (one.is === 'set-is' && one.replicas !== undefined ? [one.replicas] : []));
  const written = fieldsWritten(writeOf(action)).flatMap(({ path, to }) =>
    path === '/spec/replicas' && typeof to === 'number' ? [to] : [],
  );
  return [...tested, ...written];
}

/** Those that some step waited for, and that the set still has: all of them, or those that the plan has added. */
function readyStatements(plan: Plan, conditions: readonly Condition[], opened: Snapshot): readonly Statement[] {
  const set = sliceOf(opened, 'set');
  const asked = new Set(allOf(conditions, 'members-ready').flatMap(({ ordinals }) => ordinals));
  const all = set.state === 'read' ? ordinalsOf(set.value) : [];
  const ordinals = set.state === 'read' ? all.filter((ordinal) => asked.has(ordinal)) : [...asked];
  if (ordinals.length === 0) return [];
  const pods = identities(plan.target.name, ordinals, opened);
  const known = new Set(plan.basedOn.map(({ uid }) => uid));
  const isNew = pods.every(({ uid }) => !known.has(uid));
  const sentence = `${readyWords(ordinals.length, all.length, isNew)}: ${names(ordinals.map((ordinal) => memberName(plan.target.name, ordinal)))}`;
  return [...silent({ is: 'pods-unchanged', pods }), saying({ is: 'members-ready', ordinals }, sentence)];
}

/** As far as it has come: those that run the new revision, and stay the same Pods. */
function rolledOutStatements({ target }: Plan, conditions: readonly Condition[], opened: Snapshot): readonly Statement[] {
  const set = sliceOf(opened, 'set');
  const furthest = allOf(conditions, 'rolled-out').toSorted((a, b) => a.from - b.from)[0];
  if (furthest === undefined || set.state !== 'read') return [];
  const ordinals = ordinalsOf(set.value).filter((ordinal) => ordinal >= furthest.from);
  if (ordinals.length === 0) return [];
  const pods = identities(target.name, ordinals, opened);
  const which =
    ordinals.length > 1 && ordinals.length === replicasOf(set.value)
      ? `all ${ordinals.length} Pods run`
      : `${amount(ordinals.length, 'Pod runs', 'Pods run')}`;
  const sentence = `${which} the new revision ${set.value.status.updateRevision ?? ''} and ${ordinals.length === 1 ? 'is' : 'are'} Available: ${names(pods.map(({ name }) => name))}`;
  return [...silent({ is: 'pods-unchanged', pods }), saying(furthest, sentence)];
}

function readyWords(number: number, all: number, isNew: boolean): string {
  if (number === all) return number === 1 ? 'the only Pod is Ready' : `all ${number} Pods are Ready`;
  return isNew ? `${amount(number, 'new Pod is', 'new Pods are')} Ready` : `${amount(number, 'Pod is', 'Pods are')} Ready`;
}

function identities(set: StatefulSet['metadata']['name'], ordinals: readonly number[], opened: Snapshot): readonly PodIdentity[] {
  const pods = podsNamedAfter(set, listOf(opened, 'pods'));
  return ordinals.flatMap((ordinal) => {
    const pod = pods.get(ordinal);
    return pod === undefined ? [] : [{ name: pod.metadata.name, uid: pod.metadata.uid }];
  });
}

function goneStatements(conditions: readonly Condition[]): readonly Statement[] {
  const pods = distinct(allOf(conditions, 'no-pod'));
  const claims = allOf(conditions, 'claims-gone');
  return [
    ...goneInWords('Pod', pods, pods),
    ...goneInWords(
      'PVC',
      claims.flatMap((one) => one.claims),
      claims,
    ),
  ];
}

/** One sentence for all, which holds where all their conditions do. */
function goneInWords(
  kind: 'Pod' | 'PVC',
  gone: readonly { readonly name: string }[],
  conditions: readonly Condition[],
): readonly Statement[] {
  const [first, ...others] = conditions;
  if (first === undefined) return [];
  const sentence = `${amount(gone.length, `${kind} is`, `${kind}s are`)} deleted: ${names(gone.map(({ name }) => name))}`;
  return [saying(first, sentence), ...others.flatMap(silent)];
}

function distinct<T extends { readonly name: string }>(named: readonly T[]): readonly T[] {
  return [...new Map(named.map((one) => [one.name, one])).values()];
}

/** @param collected what was deleted with the Pods that owned it: nothing is said of those */
function claimStatements(conditions: readonly Condition[], collected: readonly ObjectIdentity[]): readonly Statement[] {
  const kept = keptClaims(conditions);
  const unowned = lastOf(conditions, 'claims-unowned');
  return [
    ...(unowned === undefined || unowned.claims.length === 0
      ? []
      : [saying(unowned, `no ${collected.length === 0 ? 'PVC' : 'other PVC'} will be garbage-collected with the StatefulSet or its Pods`)]),
    ...(kept === undefined || kept.claims.length === 0
      ? []
      : [
          ...silent({ is: 'claims-outlast', claims: kept.claims }),
          { condition: kept, says: (seen: Snapshot) => keptInWords(kept.claims, seen) },
        ]),
  ];
}

/** What a step deletes was to be as it was until then. */
function keptClaims(conditions: readonly Condition[]): Of<'claims-unchanged'> | undefined {
  const asked = lastOf(conditions, 'claims-unchanged');
  const gone = new Set(allOf(conditions, 'claims-gone').flatMap(({ claims }) => claims.map(({ uid }) => uid)));
  return asked === undefined ? undefined : { ...asked, claims: asked.claims.filter(({ uid }) => !gone.has(uid)) };
}

/** A PVC that has become Bound has lost nothing, but is not in the same phase. */
function keptInWords(claims: readonly ClaimState[], seen: Snapshot): readonly string[] {
  const phases = new Map(listOf(seen, 'claims').map(({ metadata, status }) => [metadata.name, status.phase ?? '']));
  const same = claims.filter(({ name, phase }) => phases.get(name) === phase);
  const bound = claims.filter(({ name, phase }) => phases.get(name) !== phase);
  return [
    ...(same.length === 0 ? [] : [`${amount(same.length, 'PVC', 'PVCs')} unchanged (same UID and phase)`]),
    ...(bound.length === 0
      ? []
      : [`${amount(bound.length, 'PVC', 'PVCs')} unchanged (same UID) and Bound now: ${names(bound.map(({ name }) => name))}`]),
  ];
}

const VOLUMES_SAY = {
  'volume-kept': ['PV is retained', 'PVs are retained'],
  'volume-reserved': ['PV is reserved for its PVC', 'PVs are reserved for their PVCs'],
  'volume-bound': ['PV is bound to its PVC', 'PVs are bound to their PVCs'],
  'volume-gone': ['PV is deleted', 'PVs are deleted'],
} as const;

/** @param conditions what steps have verified: what must hold before one may be over after it */
function volumeStatements(conditions: readonly Condition[]): readonly Statement[] {
  return Object.entries(VOLUMES_SAY).flatMap(([is, [one, many]]) => {
    const all = allOf(conditions, is as keyof typeof VOLUMES_SAY);
    const volumes = [...new Map(all.map(({ volume }) => [volume.uid, volume.name])).values()];
    const [first, ...others] = all;
    if (first === undefined) return [];
    return [saying(first, `${amount(volumes.length, one, many)}: ${names(volumes)}`), ...others.flatMap(silent)];
  });
}

function expandedStatements(conditions: readonly Condition[]): readonly Statement[] {
  const [first, ...others] = allOf(conditions, 'claim-expanded');
  if (first === undefined) return [];
  const all = [first, ...others].map(({ claim: { name }, size }) => `${name} (${size})`);
  return [saying(first, `${amount(all.length, 'PVC has its size', 'PVCs have their sizes')}: ${names(all)}`), ...others.flatMap(silent)];
}

function adoptedStatements(pods: readonly PodIdentity[]): readonly Statement[] {
  if (pods.length === 0) return [];
  const who = names(pods.map(({ name }) => name));
  const sentence =
    pods.length === 1 ? `Pod ${who} was adopted and not restarted (same UID)` : `Pods ${who} were adopted and not restarted (same UIDs)`;
  return [saying({ is: 'pods-adopted', pods }, sentence)];
}

const amount = (number: number, one: string, many: string): string => `${number} ${number === 1 ? one : many}`;
