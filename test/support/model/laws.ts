import { expect } from 'vitest';
import type { Claim, Pod, Secret } from '../../../src/domain/kube.ts';
import { isPodReady, isTerminating } from '../../../src/domain/members.ts';
import type { FoundRecord } from '../../../src/domain/stored.ts';
import type { Plan, Step } from '../../../src/plan/plan.ts';
import type { OperationResult } from '../../../src/plan/result.ts';
import { decodeRecord, HEARTBEAT_ANNOTATION, recordOnSet } from '../../../src/record/codec.ts';
import type { ModelCluster } from './cluster.ts';
import type { Foreign } from './meddling.ts';

/** The laws of every operation, told from outside: by what was there before, what the plan says, and what somebody else did. */

export const ordinalOf = ({ metadata }: Pod): number => Number(metadata.name.slice('web-'.length));
const podsIn = (cluster: ModelCluster): readonly Pod[] => cluster.list<Pod>('pods');
const claimsIn = (cluster: ModelCluster): readonly Claim[] => cluster.list<Claim>('persistentvolumeclaims');

export interface Before {
  readonly pods: readonly Pod[];
  readonly claims: readonly Claim[];
  readonly start: number;
  /** Whether the set's own policy takes claims with members that leave. */
  readonly scaledAway: boolean;
  /** Ordinals of members that could not be ready then. */
  readonly broken: ReadonlySet<number>;
}

export function lookBefore(cluster: ModelCluster): Before {
  const { ordinals, persistentVolumeClaimRetentionPolicy: policy } = cluster.set()?.spec ?? {};
  const pods = structuredClone(podsIn(cluster));
  return {
    pods,
    claims: structuredClone(claimsIn(cluster)),
    start: ordinals?.start ?? 0,
    scaledAway: policy?.whenScaled === 'Delete',
    broken: new Set(pods.filter((pod) => !isPodReady(pod)).map(ordinalOf)),
  };
}

/** Somebody else took it away: by hand, by a rollout, or by the replicas that they set. */
export function isTheirs(pod: Pod, { start }: Before, { pods, template, replicas }: Foreign): boolean {
  return pods.has(pod.metadata.uid) || template !== undefined || (replicas !== undefined && ordinalOf(pod) >= start + replicas);
}

const named = (plan: Plan, kind: 'Pod' | 'PersistentVolumeClaim', changes: RegExp): ReadonlySet<string> =>
  new Set(plan.changes.filter((line) => line.kind === kind && changes.test(line.after)).map(({ name }) => name));

/** No claim is lost, or about to be, but what the plan shows as DELETED and what somebody else has deleted. */
export function expectNoClaimLost(cluster: ModelCluster, before: Before, plan: Plan | undefined, foreign: Foreign): void {
  const doomed = plan === undefined ? new Set<string>() : named(plan, 'PersistentVolumeClaim', /^DELETED/);
  const now = new Map(claimsIn(cluster).map((claim) => [claim.metadata.name, claim.metadata]));
  const lost = before.claims.filter(({ metadata: { name, uid } }) => {
    const ordinal = Number(name.slice('data-web-'.length));
    // They scaled down a set whose policy takes the claims along.
    const byThem = foreign.claims.has(name) || (before.scaledAway && ordinal >= before.start + (foreign.replicas ?? Infinity));
    return !doomed.has(name) && !byThem && (now.get(name)?.uid !== uid || now.get(name)?.deletionTimestamp !== undefined);
  });
  expect(
    lost.map(({ metadata }) => metadata.name),
    'claims that are lost',
  ).toEqual([]);
}

/** "Done and verified" is not said over a record that somebody took off, or a claim that they deleted, where that could be seen. */
export function expectSeen({ claims }: Before, plan: Plan | undefined, foreign: Foreign): void {
  expect(foreign.record).not.toBe('between writes');
  expect(foreign.created).toBeUndefined();
  const doomed = plan === undefined ? new Set<string>() : named(plan, 'PersistentVolumeClaim', /^DELETED/);
  const overlooked = claims.filter(({ metadata: { name } }) => foreign.claims.get(name) === 'between writes' && !doomed.has(name));
  expect(
    overlooked.map(({ metadata }) => metadata.name),
    'claims whose deletion was not noticed',
  ).toEqual([]);
}

const SENTENCES: readonly (readonly [RegExp, (cluster: ModelCluster, names: readonly string[], before: Before) => boolean])[] = [
  [
    /^(?:all \d+ Pods are|the only Pod is|\d+ (?:new )?Pods? (?:is|are)) Ready: (.*)$/,
    (cluster, names) => names.every((name) => isWell(cluster, name)),
  ],
  [/^\d+ Pods? (?:is|are) deleted: (.*)$/, (cluster, names) => !podsIn(cluster).some(({ metadata }) => names.includes(metadata.name))],
  [
    /^\d+ PVCs? (?:is|are) deleted: (.*)$/,
    (cluster, names, { claims }) =>
      kept(
        cluster,
        claims.filter(({ metadata }) => names.includes(metadata.name)),
      ) === 0,
  ],
  [/^(\d+) PVCs? unchanged/, (cluster, [number], { claims }) => kept(cluster, claims) >= Number(number)],
  [
    /^\d+ PVCs? (?:was|were) created: (.*)$/,
    (cluster, names) => names.every((name) => claimsIn(cluster).some(({ metadata }) => metadata.name === name)),
  ],
  [/^StatefulSet web is deleted and has not come back$/, (cluster) => cluster.set() === undefined],
  [
    /^no PVC will be garbage-collected/,
    (cluster) => claimsIn(cluster).every(({ metadata }) => (metadata.ownerReferences ?? []).length === 0),
  ],
];

/** What was said to be verified is so still: asked two seconds later, of the world and not of the program. */
export function expectStillTrue(cluster: ModelCluster, before: Before, verified: readonly string[]): void {
  const untrue = verified.filter((sentence) => {
    const [pattern, holds] = SENTENCES.find(([one]) => one.test(sentence)) ?? [];
    if (pattern === undefined || holds === undefined) throw new Error(`no law about: ${sentence}`);
    const named =
      pattern
        .exec(sentence)?.[1]
        ?.replace(/ and \d+ more$/, '')
        .split(', ') ?? [];
    return !holds(cluster, named, before);
  });
  expect(untrue, 'sentences that are not true').toEqual([]);
}

function isWell(cluster: ModelCluster, name: string): boolean {
  const pod = podsIn(cluster).find(({ metadata }) => metadata.name === name);
  return pod !== undefined && isPodReady(pod) && !isTerminating(pod);
}

/** How many of these are the same objects, and not about to go. */
function kept(cluster: ModelCluster, claims: readonly Claim[]): number {
  const now = new Map(claimsIn(cluster).map(({ metadata }) => [metadata.uid, metadata]));
  return claims.filter(({ metadata: { uid } }) => now.get(uid) !== undefined && now.get(uid)?.deletionTimestamp === undefined).length;
}

/** Whatever the plan does not remove, and whatever it had not come to, is the same Pod as before. */
export function expectOthersUntouched(
  cluster: ModelCluster,
  before: Before,
  plan: Plan | undefined,
  foreign: Foreign,
  fewest: number,
): void {
  const removed = plan === undefined ? new Set<string>() : named(plan, 'Pod', /^removed$/);
  const now = new Map(podsIn(cluster).map((pod) => [pod.metadata.name, pod]));
  const touched = before.pods
    .filter((pod) => !isTheirs(pod, before, foreign))
    .filter((pod) => !removed.has(pod.metadata.name) || isInRange(pod, before, fewest))
    .filter(({ metadata: { name, uid } }) => {
      const is = now.get(name);
      return is?.metadata.uid !== uid || isTerminating(is);
    });
  expect(
    touched.map(({ metadata }) => metadata.name),
    'members that were touched beyond the plan',
  ).toEqual([]);
}

const isInRange = (pod: Pod, { start }: Before, replicas: number): boolean => ordinalOf(pod) >= start && ordinalOf(pod) < start + replicas;

/** Records as they are now. */
export function recordsIn(cluster: ModelCluster): readonly FoundRecord[] {
  const set = cluster.set();
  const secret = cluster.objects.get('/api/v1/namespaces/prod/secrets/sts-safe.web') as unknown as Secret | undefined;
  const raw = secret?.data?.['record'];
  const onIndex = raw === undefined ? [] : [decodeRecord(Buffer.from(raw, 'base64').toString('utf8'), 'index')];
  const onSet = set === undefined ? undefined : recordOnSet(set);
  return [...(onSet === undefined ? [] : [onSet]), ...onIndex];
}

/** Nothing of ours is left on the set and its index. */
export function expectNothingOpen(cluster: ModelCluster): void {
  expect(recordsIn(cluster)).toEqual([]);
  expect(cluster.set()?.metadata.annotations?.[HEARTBEAT_ANNOTATION]).toBeUndefined();
}

/**
 * What is told, what is recorded and what is so are one: done and remaining are the plan's steps, the record is left
 * `stopped` and stands where the last change of the set was made, and replicas is what that step says.
 */
export function expectAgreement(cluster: ModelCluster, plan: Plan, { done, remaining }: OperationResult, foreign: Foreign): void {
  const ids = plan.steps.map(({ id }) => id);
  expect([...done, ...remaining]).toEqual(ids);
  // Around the set's deletion both carry one, and the index has the newer.
  for (const found of recordsIn(cluster).slice(-1)) {
    expect(found).toMatchObject({ state: 'valid', record: { kind: plan.operation } });
    if (found.state !== 'valid') continue;
    // Who took one of two off made the older count.
    if (foreign.record === undefined) expect(found.record.phase).toBe('stopped');
    const at = ids.indexOf(found.record.cursor);
    expect(at, `cursor ${found.record.cursor}`).toBeGreaterThanOrEqual(0);
    expect(at, `cursor ${found.record.cursor}, done is ${done.join()}`).toBeLessThanOrEqual(done.length);
    const behind = plan.steps.slice(at + 1, done.length).filter(changesSet);
    if (found.carrier === 'set')
      expect(
        behind.map(({ id }) => id),
        `done, but the cursor is ${found.record.cursor}`,
      ).toEqual([]);
    const replicas = plan.steps
      .slice(0, at + 1)
      .flatMap(replicasOf)
      .at(-1);
    if (found.carrier === 'set' && replicas !== undefined && foreign.replicas === undefined)
      expect(cluster.set()?.spec.replicas, `replicas at ${found.record.cursor}`).toBe(replicas);
  }
}

const changesSet = ({ action }: Step): boolean =>
  action.do === 'write' && action.write.verb === 'patch' && action.write.edit.kind === 'fields';

function replicasOf({ action }: Step): readonly number[] {
  if (action.do !== 'write' || action.write.verb !== 'patch' || action.write.edit.kind !== 'fields') return [];
  return action.write.edit.changes.flatMap(({ path, to }) => (path === '/spec/replicas' && typeof to === 'number' ? [to] : []));
}
