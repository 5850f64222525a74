import { describe, expect, it } from 'vitest';
import type { Pod, StatefulSet } from '../../../src/domain/kube.ts';
import { isPodReady, isTerminating } from '../../../src/domain/members.ts';
import type { ModelCluster } from '../../support/model/cluster.ts';
import { type Driver, driverOf } from '../../support/model/drive.ts';
import { killedAtWrite } from '../../support/model/killed.ts';
import { expectNothingOpen, lookBefore } from '../../support/model/laws.ts';
import { changeSpec, running, settle } from '../../support/model/running-set.ts';

/** An abort heals what a rollout has broken, in the order that the controller can follow, and takes no healthy Pod beside a broken one. */

const abort = { operation: 'rollout abort', options: {} } as const;
const bob = { user: 'bob', host: 'there', pid: 2 };
const HASH = 'controller-revision-hash';
const podsOf = (cluster: ModelCluster): readonly Pod[] => cluster.list<Pod>('pods');
const podOf = (cluster: ModelCluster, name: string): Pod | undefined => podsOf(cluster).find(({ metadata }) => metadata.name === name);
const revisions = (cluster: ModelCluster): readonly string[] =>
  podsOf(cluster)
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
    .map((pod) => `${pod.metadata.labels?.[HASH] ?? ''}${isPodReady(pod) ? '' : ' not ready'}`);

interface World {
  readonly cluster: ModelCluster;
  readonly baseline: string;
  readonly bad: string;
  readonly strategy: StatefulSet['spec']['updateStrategy'];
}

/** A set of so many, and somebody rolls out another image, which is good, or never ready. */
function rolledOut(members: number, partition: number, isBad: boolean, spec: Record<string, unknown> = {}): World {
  const strategy = { type: 'RollingUpdate', rollingUpdate: { partition } };
  const cluster = running(members, { ...spec, updateStrategy: strategy });
  const set = cluster.set() as StatefulSet;
  const template = { ...set.spec.template, spec: { containers: [{ name: 'main', image: 'app:2' }] } };
  changeSpec(cluster, { template });
  settle(cluster, members, 1);
  const bad = cluster.set()?.status.updateRevision ?? '';
  if (isBad) cluster.badRevisions.add(bad);
  settle(cluster, members);
  return { cluster, baseline: set.status.updateRevision ?? '', bad, strategy };
}

function breakPods(cluster: ModelCluster, ...names: readonly string[]): void {
  for (const name of names) cluster.badPods.add(podOf(cluster, name)?.metadata.uid ?? '');
  settle(cluster, 0, 2);
}

/** Which Pods were told to end, in their order; and that no available one was while another was not. */
function watchPods({ cluster }: World, driver: Driver): readonly string[] {
  const told: string[] = [];
  const seen = new Set<string>();
  let before = new Map<string, boolean>();
  const look = (): ReadonlyMap<string, boolean> =>
    new Map(podsOf(cluster).map((pod) => [pod.metadata.name, isPodReady(pod) && !isTerminating(pod)]));
  before = new Map(look());
  driver.afterRound = () => {
    for (const pod of podsOf(cluster).filter(isTerminating)) {
      const { name, uid } = pod.metadata;
      if (seen.has(uid)) continue;
      seen.add(uid);
      told.push(name);
      const others = [...before].filter(([other]) => other !== name);
      if (before.get(name) === true)
        expect(
          others.filter(([, ready]) => !ready).map(([other]) => other),
          `down when the healthy ${name} was taken`,
        ).toEqual([]);
    }
    before = new Map(look());
  };
  return told;
}

function expectHealed({ cluster, baseline, strategy }: World): void {
  settle(cluster);
  expect(new Set(revisions(cluster))).toEqual(new Set([baseline]));
  expect(cluster.set()?.spec.updateStrategy).toEqual(strategy);
  expect(cluster.set()?.status.updateRevision).toBe(baseline);
  expectNothingOpen(cluster);
}

/** Name of the Pods that are the very ones that they were. */
const same = (cluster: ModelCluster, were: readonly Pod[]): readonly string[] =>
  were.filter(({ metadata: { name, uid } }) => podOf(cluster, name)?.metadata.uid === uid).map(({ metadata }) => metadata.name);

describe('rollout abort', () => {
  it('replaces the one Pod that a stuck rollout has broken', async () => {
    const world = rolledOut(3, 0, true);
    const { pods, claims } = lookBefore(world.cluster);
    const driver = driverOf(world.cluster);
    const told = watchPods(world, driver);
    expect(await driver.run(abort)).toMatchObject({
      exitCode: 0,
      done: ['archive', 'to-baseline', 'replace/2', 'all-updated', 'strategy-back', 'finish'],
    });
    expectHealed(world);
    expect(told).toEqual(['web-2']);
    expect(same(world.cluster, pods)).toEqual(['web-0', 'web-1']);
    expect(lookBefore(world.cluster).claims).toEqual(claims);
  });

  it('takes broken Pods lowest first, and the healthy canary above them last', async () => {
    const world = rolledOut(4, 1, false);
    breakPods(world.cluster, 'web-1', 'web-2');
    const driver = driverOf(world.cluster);
    const told = watchPods(world, driver);
    expect(await driver.run(abort)).toMatchObject({ exitCode: 0 });
    expectHealed(world);
    expect(told).toEqual(['web-1', 'web-2', 'web-3']);
  });

  it('takes healthy ones highest first, also of a Parallel set', async () => {
    const world = rolledOut(4, 1, false, { podManagementPolicy: 'Parallel' });
    const driver = driverOf(world.cluster);
    const told = watchPods(world, driver);
    expect(await driver.run(abort)).toMatchObject({ exitCode: 0 });
    expectHealed(world);
    expect(told).toEqual(['web-3', 'web-2', 'web-1']);
  });

  it('makes its plan again: a canary that breaks in the meantime comes before the healthy ones', async () => {
    const world = rolledOut(4, 1, false);
    const driver = driverOf(world.cluster);
    const told = watchPods(world, driver);
    const watching = driver.afterRound;
    driver.afterRound = () => {
      watching();
      const web3 = podOf(world.cluster, 'web-3');
      // While web-3 comes back, web-1 breaks.
      if (web3 !== undefined && isTerminating(web3)) world.cluster.badPods.add(podOf(world.cluster, 'web-1')?.metadata.uid ?? '');
    };
    const result = await driver.run(abort);
    expect(result).toMatchObject({ exitCode: 0 });
    expectHealed(world);
    expect(told).toEqual(['web-3', 'web-1', 'web-2']);
    expect(result.done).toEqual([
      'archive',
      'to-baseline',
      'replace/3',
      'replace/1',
      'replace/2',
      'all-updated',
      'strategy-back',
      'finish',
    ]);
  });

  it('stops where another client changes the template in the meantime', async () => {
    const world = rolledOut(3, 1, false);
    const driver = driverOf(world.cluster);
    driver.afterRound = () => {
      const { spec } = world.cluster.set() as StatefulSet;
      const [container] = spec.template.spec.containers as readonly { readonly image?: string }[];
      const isOurs = spec.updateStrategy?.type === 'OnDelete' && container?.image === undefined;
      if (isOurs) changeSpec(world.cluster, { template: { ...spec.template, spec: { containers: [{ name: 'main', image: 'app:3' }] } } });
    };
    expect(await driver.run(abort)).toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('another client has changed it since') as string,
    });
    driver.afterRound = () => {};
    expect(await driver.run({ operation: 'cancel', options: {} })).toMatchObject({ exitCode: 0 });
    expect(world.cluster.set()?.spec.updateStrategy).toEqual(world.strategy);
    expectNothingOpen(world.cluster);
  });

  it('is refused where no Pod tells what it came from, and goes where it is told', async () => {
    const world = rolledOut(2, 0, false);
    const driver = driverOf(world.cluster);
    await expect(driver.run(abort)).rejects.toThrow(/all Pods of StatefulSet web are of revision/);
    await expect(driver.run({ ...abort, options: { toRevision: 7 } })).rejects.toThrow('StatefulSet web has no revision 7; there are 1, 2');
    expect(world.cluster.log).toEqual([]);
    expect(await driver.run({ ...abort, options: { toRevision: 1 } })).toMatchObject({ exitCode: 0 });
    expectHealed(world);
  });

  it('has nothing to do where there is no rollout', async () => {
    const cluster = running(2);
    expect(await driverOf(cluster).run({ ...abort, options: { toRevision: 1 } })).toMatchObject({ exitCode: 0, outcome: 'nothing-to-do' });
    expect(cluster.log).toEqual([]);
  });

  describe.each(['rollout abort', 'cancel'])('of a rollout of ours, by %s', (operation) => {
    const begun = async (): Promise<World> => {
      const cluster = running(3);
      const set = cluster.set() as StatefulSet;
      const driver = driverOf(cluster);
      // It breaks once it has stood the test.
      driver.afterRound = () => {
        if (cluster.set()?.status.updateRevision !== set.status.updateRevision)
          cluster.badRevisions.add(cluster.set()?.status.updateRevision ?? '');
      };
      const result = await driver.run({ operation: 'rollout start', options: { image: ['main=app:2'] }, stepTimeoutMs: 5000 });
      expect(result).toMatchObject({ exitCode: 4 });
      return { cluster, baseline: set.status.updateRevision ?? '', bad: '', strategy: set.spec.updateStrategy };
    };

    it('goes back to what was archived', async () => {
      const world = await begun();
      const driver = driverOf(world.cluster, bob);
      const told = watchPods(world, driver);
      expect(await driver.run({ operation, options: {} })).toMatchObject({ exitCode: 0 });
      expectHealed(world);
      expect(told).toEqual(['web-2']);
    });

    it.each([1, 2, 3, 4, 5])('killed after write %i, it goes on by the same command', async (nth) => {
      const world = await begun();
      const isKilled = await killedAtWrite(world.cluster, nth, 'after', () => driverOf(world.cluster, bob).run({ operation, options: {} }));
      expect(isKilled).toBe(true);
      if (nth < 5) expect(await driverOf(world.cluster).run({ operation, options: {} })).toMatchObject({ exitCode: 0 });
      expectHealed(world);
    });
  });

  describe('killed at every write, and gone on with from elsewhere', () => {
    const writes = 12;
    const cases = Array.from({ length: writes }, (_, index) => index + 1).flatMap((nth) =>
      (['before', 'after'] as const).flatMap((when) => (['resume', 'cancel'] as const).map((way) => ({ nth, when, way }))),
    );

    it.each(cases)('write $nth, $when, $way', async ({ nth, when, way }) => {
      const world = rolledOut(4, 1, false);
      breakPods(world.cluster, 'web-2');
      const { pods, claims } = lookBefore(world.cluster);
      const first = driverOf(world.cluster);
      const told = watchPods(world, first);
      const isKilled = await killedAtWrite(world.cluster, nth, when, () => first.run(abort));
      settle(world.cluster, 0, 4);
      const record = first.cluster.set()?.metadata.annotations?.['sts-safe.dev/operation'];
      const second = driverOf(world.cluster, bob);
      watchPods(world, second);
      if (way === 'cancel' && record !== undefined) {
        expect(await second.run({ operation: 'cancel', options: {} })).toMatchObject({ exitCode: 0 });
        expect(world.cluster.set()?.spec.updateStrategy).toEqual(world.strategy);
        expectNothingOpen(world.cluster);
      } else if (isKilled && (record !== undefined || world.cluster.set()?.status.updateRevision !== world.baseline)) {
        expect(await second.run(abort)).toMatchObject({ exitCode: 0 });
        expectHealed(world);
      }
      expect(same(world.cluster, pods)).toContain('web-0');
      expect(told).not.toContain('web-0');
      expect(lookBefore(world.cluster).claims.map(({ metadata }) => metadata.uid)).toEqual(claims.map(({ metadata }) => metadata.uid));
    });
  });
});

describe('rollout pause of what another client has begun', () => {
  it.each([
    [0, true, 2, ['web-2']],
    [1, false, 1, ['web-1', 'web-2']],
  ])('partition %i: no further Pod is updated', async (partition, isBad, held, updated) => {
    const world = rolledOut(3, partition, isBad);
    const { cluster, bad } = world;
    const driver = driverOf(cluster);
    const result = await driver.run({ operation: 'rollout pause' });
    expect(result).toMatchObject({ exitCode: 0 });
    expect(cluster.set()?.spec.updateStrategy?.rollingUpdate?.partition).toBe(held);
    settle(cluster);
    expect(
      podsOf(cluster)
        .filter((pod) => pod.metadata.labels?.[HASH] === bad)
        .map(({ metadata }) => metadata.name)
        .sort(),
    ).toEqual(updated);
    expectNothingOpen(cluster);
  });

  it('has nothing to do where none is in progress, or it is held', async () => {
    expect(await driverOf(running(2)).run({ operation: 'rollout pause' })).toMatchObject({ outcome: 'nothing-to-do' });
    const cluster = running(2, { updateStrategy: { type: 'OnDelete' } });
    await expect(driverOf(cluster).run({ operation: 'rollout pause' })).rejects.toThrow('the controller replaces no Pod by itself');
  });
});
