import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChangedError } from '../../../src/domain/errors.ts';
import type { KubeObject, Pod } from '../../../src/domain/kube.ts';
import type { OperationRequest } from '../../../src/operate/ports.ts';
import type { OperationResult } from '../../../src/plan/result.ts';
import type { ModelCluster } from '../../support/model/cluster.ts';
import { adopted, innerSet } from '../../support/model/dependents.ts';
import { type Driver, driverOf } from '../../support/model/drive.ts';
import { type SetArb, setArb, worldOf } from '../../support/model/random-set.ts';
import { settle } from '../../support/model/running-set.ts';

/** No object is destroyed that the confirmed plan did not name, whatever Pods own, and whatever they come to own on the way. */

const RESOURCES = ['statefulsets', 'pods', 'persistentvolumeclaims', 'configmaps', 'services'] as const;

const objectsIn = (cluster: ModelCluster): readonly KubeObject[] => RESOURCES.flatMap((resource) => cluster.list<KubeObject>(resource));

/** What Pods own from the beginning: by place of the Pod, counted from the first. */
const ownedArb = fc.record({
  inner: fc.subarray([0, 1, 2, 3, 4, 5]),
  ephemeral: fc.subarray([0, 1, 2, 3, 4, 5]),
  plain: fc.array(fc.subarray([0, 1, 2, 3, 4, 5], { minLength: 1, maxLength: 2 }), { maxLength: 3 }),
});
/** A PVC that a Pod comes to own after so many rounds. */
const lateArb = fc.array(fc.record({ round: fc.integer({ min: 1, max: 8 }), place: fc.nat(3) }), { maxLength: 4 });
type Asked = Pick<OperationRequest, 'operation' | 'options'>;
const askedArb: fc.Arbitrary<Asked> = fc.oneof(
  fc.record({ operation: fc.constant('scale' as const), options: fc.record({ replicas: fc.nat(5) }) }),
  fc.record({ operation: fc.constant('delete' as const), options: fc.record({ deleteClaims: fc.boolean() }) }),
);
type Owned = typeof ownedArb extends fc.Arbitrary<infer T> ? T : never;
type Late = typeof lateArb extends fc.Arbitrary<infer T> ? T : never;

function give(cluster: ModelCluster, start: number, replicas: number, { inner, ephemeral, plain }: Owned): void {
  const there = (places: readonly number[]): readonly number[] => places.filter((place) => place < replicas).map((place) => start + place);
  for (const ordinal of there(inner)) innerSet(cluster, ordinal);
  for (const ordinal of there(ephemeral)) adopted(cluster, `web-${ordinal}-scratch`, [ordinal], true);
  for (const [at, places] of plain.entries()) if (there(places).length > 0) adopted(cluster, `plain-${at}`, there(places));
}

/** UIDs of what came while its Pod was neither told to go nor out of range: that could be seen in time. */
function giveLater(driver: Driver, start: number, late: Late): ReadonlySet<string> {
  const { cluster } = driver;
  const inTime = new Set<string>();
  let round = 0;
  driver.afterRound = () => {
    round += 1;
    for (const [at, { place }] of late.filter((one) => one.round === round).entries()) {
      const pod = cluster.list<Pod>('pods').find(({ metadata }) => metadata.name === `web-${start + place}`);
      const { replicas = 0 } = cluster.set()?.spec ?? {};
      if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) continue;
      const uid = adopted(cluster, `late-${round}-${at}`, [start + place]);
      if (cluster.set() !== undefined && place < replicas) inTime.add(uid);
    }
  };
  return inTime;
}

async function ended(driver: Driver, asked: Asked, allow: readonly string[]) {
  try {
    return await driver.run({ ...asked, allow, stepTimeoutMs: 60_000 });
  } catch (error) {
    if (error instanceof ChangedError) return undefined;
    throw error;
  }
}

/** Names that the plan says go, in its rows. */
function namedIn({ planned }: Driver): ReadonlySet<string> {
  const last = planned.at(-1);
  const rows = last?.outcome === 'plan' ? last.plan.changes : [];
  return new Set(rows.filter(({ after }) => /^(deleted|removed)/i.test(after)).map(({ kind, name }) => `${kind} ${name}`));
}

const KINDS: readonly [RegExp, readonly string[]][] = [
  [/statefulsets/, ['StatefulSet']],
  [/pods/, ['Pod']],
  [/persistentvolumeclaims/, ['PersistentVolumeClaim']],
  [/services/, ['Service']],
  [/configmaps/, ['ConfigMap']],
];

function expectOnlyNamedGone(driver: Driver, before: ReadonlyMap<string, string>, inTime: ReadonlySet<string>): void {
  const { cluster } = driver;
  const left = new Set(objectsIn(cluster).map(({ metadata }) => metadata.uid));
  const named = namedIn(driver);
  const unnamed = [...before]
    .filter(([uid]) => !left.has(uid))
    .filter(([, path]) => {
      const [, kinds = []] = KINDS.find(([resource]) => resource.test(path)) ?? [];
      return !kinds.some((kind) => named.has(`${kind} ${path.split('/').at(-1)}`));
    });
  expect(unnamed, 'destroyed, and not named by the plan').toEqual([]);
  expect(
    [...inTime].filter((uid) => !left.has(uid)),
    'destroyed, although it could be seen in time',
  ).toEqual([]);
}

function pathsByUid(cluster: ModelCluster): ReadonlyMap<string, string> {
  return new Map(
    [...cluster.objects]
      .filter(([path]) => RESOURCES.some((resource) => path.includes(`/${resource}/`)))
      .map(([path, object]) => [(object['metadata'] as { uid: string }).uid, path]),
  );
}

interface Case {
  readonly wish: SetArb;
  readonly owned: Owned;
  readonly late: Late;
  readonly asked: Asked;
  readonly allow: readonly string[];
}

/** Runs it to its end, and holds that to the law. @returns its exit code; undefined where it ended before its first write */
async function judged({ wish, owned, late, asked, allow }: Case): Promise<OperationResult['exitCode'] | undefined> {
  const { start, replicas } = wish;
  const cluster = worldOf({ ...wish, broken: [], quorum: 0, whenScaled: 'Retain' });
  give(cluster, start, replicas, owned);
  settle(cluster, replicas);
  const before = pathsByUid(cluster);
  const driver = driverOf(cluster);
  const inTime = giveLater(driver, start, late);
  const result = await ended(driver, asked, allow);
  driver.afterRound = () => {};
  settle(cluster);
  expectOnlyNamedGone(driver, before, inTime);
  const blocked = result?.findings.some(({ severity }) => severity === 'blocks') === true;
  if (blocked) expect([...before.keys()].filter((uid) => !pathsByUid(cluster).has(uid))).toEqual([]);
  if (late.length === 0) expect(result?.exitCode).toBe(blocked ? 3 : 0);
  return result?.exitCode;
}

describe('the garbage collector’s law', { timeout: 120_000 }, () => {
  it('nothing is destroyed that the confirmed plan did not name', async () => {
    const ends = new Map<unknown, number>();
    const caseArb: fc.Arbitrary<Case> = fc
      .record({ wish: setArb, owned: ownedArb, late: lateArb, asked: askedArb, allow: fc.subarray(['pod-owns-objects']) })
      .filter(({ wish, asked }) => asked.operation === 'delete' || Number(asked.options['replicas']) < wish.replicas);
    await fc.assert(
      fc.asyncProperty(caseArb, async (one) => {
        const end = await judged(one);
        ends.set(end, (ends.get(end) ?? 0) + 1);
      }),
      { numRuns: 150 },
    );
    // All three ends were come to: a law that is never put to the test holds nothing.
    expect([0, 3, 4].filter((code) => !ends.has(code))).toEqual([]);
  });
});
