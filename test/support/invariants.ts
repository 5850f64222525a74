import { expect } from 'vitest';
import type { Claim, Pod, StatefulSet } from '../../src/domain/kube.ts';
import { isPodReady, isTerminating } from '../../src/domain/members.ts';
import { replicasOf, startOf } from '../../src/domain/naming.ts';
import type { FoundRecord } from '../../src/domain/stored.ts';
import { recordOnSet } from '../../src/record/codec.ts';
import { readStored } from '../../src/record/index-secret.ts';
import type { World } from './world.ts';

/** A namespace at one moment, as far as something could be lost. */
export interface Census {
  readonly claims: ReadonlyMap<string, Claim>;
  readonly pods: ReadonlyMap<string, Pod>;
  readonly markers: ReadonlyMap<string, string>;
}

const byName = <T extends { readonly metadata: { readonly name: string } }>(objects: readonly T[]): ReadonlyMap<string, T> =>
  new Map(objects.map((object) => [object.metadata.name, object]));

export async function census(world: World): Promise<Census> {
  const [claims, pods, markers] = await Promise.all([world.claims(), world.pods(), world.markers()]);
  return { claims: byName(claims), pods: byName(pods), markers };
}

/**
 * Every claim is the same object, Bound to the same volume with the same data in it, not on its way out, and nothing that
 * is gone or going owns it. Waits for the garbage collector's turn first: a claim can still be there 240 ms before it goes.
 */
export async function assertNoClaimLost(world: World, before: Census, except: readonly string[] = []): Promise<void> {
  await world.collectorTurn();
  const after = await census(world);
  const living = new Set([...(await world.api.list<StatefulSet>(world.sets)), ...after.pods.values()].map(({ metadata }) => metadata.uid));
  for (const [name, was] of before.claims) {
    if (except.includes(name)) continue;
    const is = after.claims.get(name);
    expect(is && stateOf(is), `PVC ${name}`).toEqual(stateOf(was));
    const owners = (is?.metadata.ownerReferences ?? []).filter(({ uid, kind }) => kind !== 'ConfigMap' && !living.has(uid));
    expect(owners, `owners of PVC ${name} that are gone`).toEqual([]);
    expect(after.markers.get(name), `data of PVC ${name}`).toBe(before.markers.get(name));
  }
}

function stateOf({ metadata, spec, status }: Claim) {
  return { uid: metadata.uid, volume: spec.volumeName, phase: status.phase, going: metadata.deletionTimestamp !== undefined };
}

/** Claims that nothing owns: neither the set's nor a member's end can take them. */
export async function assertClaimsUnowned(world: World, names: readonly string[]): Promise<void> {
  const claims = byName(await world.claims());
  for (const name of names) expect([name, claims.get(name)?.metadata.ownerReferences ?? []]).toEqual([name, []]);
}

/** All other Pods are the same ones, ready as before, and nobody told them to end. */
export async function assertOnlyTouched(world: World, before: Census, touched: readonly string[]): Promise<void> {
  const after = byName(await world.pods());
  const look = (pod: Pod | undefined) => (pod === undefined ? 'gone' : { ...identityOf(pod), ready: isPodReady(pod) });
  for (const [name, was] of before.pods) {
    if (!touched.includes(name)) expect(look(after.get(name)), `Pod ${name}`).toEqual(look(was));
  }
}

/** These are the very Pods that they were, not restarted and not told to end; one that was starting may be ready by now. */
export async function assertSamePods(world: World, were: Iterable<Pod>): Promise<void> {
  const after = byName(await world.pods());
  for (const was of were) {
    const is = after.get(was.metadata.name);
    expect(is === undefined ? 'gone' : identityOf(is), `Pod ${was.metadata.name}`).toEqual(identityOf(was));
  }
}

/** What tells a Pod that was left alone from one that was replaced, restarted or told to end. */
function identityOf(pod: Pod) {
  const restarts = (pod.status.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
  return { uid: pod.metadata.uid, restarts, going: isTerminating(pod) };
}

/** The record of ours that counts: on the index if it is newer, else on the set. */
export async function recordOf(world: World, name = 'web'): Promise<FoundRecord | undefined> {
  const set = await world.findSet(name);
  const stored = await readStored(
    { get: (path) => world.api.find(path) },
    {
      namespace: world.namespace,
      name,
    },
  );
  return stored.record ?? (set && recordOnSet(set));
}

/** The record travels with the change: where its cursor is on a scale step, replicas is what that step sets. */
export async function recordAndWorldAgree(world: World, name = 'web'): Promise<void> {
  const found = await recordOf(world, name);
  if (found === undefined) return;
  expect(found.state, `record of ${name}: ${found.raw}`).toBe('valid');
  if (found.state !== 'valid') return;
  const set = await world.findSet(name);
  const [step, ordinal] = found.record.cursor.split('/');
  if (set === undefined) {
    expect(found.carrier, `without a set, the record is on the index: ${found.raw}`).toBe('index');
    return;
  }
  labelStandsBeside(found, set);
  if (step === 'scale-down') expect(replicasOf(set), `replicas at ${found.record.cursor}`).toBe(Number(ordinal) - startOf(set));
  if (step === 'scale-up') expect(replicasOf(set), `replicas at ${found.record.cursor}`).toBe(Number(ordinal) - startOf(set) + 1);
  if (step === 'hand-over' || step === 'delete-set') expect(replicasOf(set), `replicas at ${found.record.cursor}`).toBe(0);
}

function labelStandsBeside({ carrier, record: { kind } }: Extract<FoundRecord, { state: 'valid' }>, { metadata }: StatefulSet): void {
  if (carrier === 'set')
    expect(metadata.labels, 'the label beside the record').toHaveProperty(['sts-safe.dev/operation'], kind.replaceAll(' ', '-'));
}

/**
 * No record, heartbeat, or other mark of ours on the set, its Pods, claims, Services and ControllerRevisions.
 * @param copies a template was changed while a record stood on the set: the controller copies its annotations into the new revision [X]
 */
export async function nothingOfOursLeft(world: World, name = 'web', copies = false): Promise<void> {
  const set = await world.findSet(name);
  const owned = await Promise.all([world.pods(), world.claims(), world.services(), ...(copies ? [] : [world.revisions()])]);
  const objects = [...(set === undefined ? [] : [set]), ...owned.flat()];
  const marked = objects.flatMap(({ metadata }) =>
    Object.keys({ ...metadata.annotations, ...metadata.labels })
      .filter((key) => key.startsWith('sts-safe.dev/'))
      .map((key) => `${metadata.name}: ${key}`),
  );
  expect(marked).toEqual([]);
  expect(await recordOf(world, name), `an open record of ${name}`).toBeUndefined();
}
