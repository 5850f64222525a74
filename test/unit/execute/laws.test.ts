import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Claim, Pod } from '../../../src/domain/kube.ts';
import type { ModelCluster } from '../../support/model/cluster.ts';
import { type Driver, driverOf } from '../../support/model/drive.ts';
import { killedAtWrite } from '../../support/model/killed.ts';
import { setArb, worldOf } from '../../support/model/random-set.ts';
import { settle } from '../../support/model/running-set.ts';

/** The laws, on random sets, health, interference and crashes: no plan ever breaks them. */

const claimsOf = (cluster: ModelCluster): string[] =>
  cluster
    .list<Claim>('persistentvolumeclaims')
    .map(({ metadata }) => `${metadata.name} ${metadata.uid}`)
    .sort();
const podsOf = (cluster: ModelCluster): readonly Pod[] => cluster.list<Pod>('pods');
const down = (cluster: ModelCluster): number => podsOf(cluster).filter(({ metadata }) => metadata.deletionTimestamp !== undefined).length;

function guardNeverTwoDown(driver: Driver): void {
  driver.afterRound = () => expect(down(driver.cluster)).toBeLessThanOrEqual(1);
}

describe('the laws', { timeout: 120_000 }, () => {
  it('delete: one member at a time, no PVC lost, and the set comes back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(setArb, async (set) => {
        const cluster = worldOf(set);
        const claims = claimsOf(cluster);
        const spec = structuredClone(cluster.set()?.spec);
        const driver = driverOf(cluster);
        guardNeverTwoDown(driver);
        expect(await driver.run({ operation: 'delete' })).toMatchObject({ exitCode: 0 });
        settle(cluster);
        expect(claimsOf(cluster)).toEqual(claims);
        expect(podsOf(cluster)).toEqual([]);
        Object.assign(cluster.options, { broken: [], quorum: 0 });
        driver.afterRound = () => {};
        expect(await driver.run({ operation: 'restore' })).toMatchObject({ exitCode: 0 });
        expect(cluster.set()?.spec).toEqual(spec);
        expect(claimsOf(cluster)).toEqual(claims);
      }),
      { numRuns: 150 },
    );
  });

  it('delete: killed at any write it loses no PVC, goes on by the same command, and goes back by cancel', async () => {
    await fc.assert(
      fc.asyncProperty(
        setArb,
        fc.integer({ min: 1, max: 18 }),
        fc.constantFrom('before', 'after'),
        fc.constantFrom('resume', 'cancel'),
        async (set, nth, when, way) => {
          const cluster = worldOf(set);
          const claims = claimsOf(cluster);
          const spec = structuredClone(cluster.set()?.spec);
          await killedAtWrite(cluster, nth, when, () => driverOf(cluster).run({ operation: 'delete' }));
          const held = cluster.set()?.spec.replicas;
          settle(cluster);
          expect(claimsOf(cluster)).toEqual(claims);
          expect(cluster.set()?.spec.replicas).toBe(held);
          await goOn(cluster, way, spec);
          settle(cluster);
          expect(claimsOf(cluster)).toEqual(claims);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('scale down: touches no member that stays, one at a time, and leaves no record', async () => {
    await fc.assert(
      fc.asyncProperty(setArb, fc.nat(6), async (set, to) => {
        fc.pre(to < set.replicas);
        const cluster = worldOf({ ...set, broken: [], quorum: 0, whenScaled: 'Retain' });
        const claims = claimsOf(cluster);
        const stays = podsOf(cluster).filter(({ metadata }) => Number(metadata.name.split('-')[1]) < set.start + to);
        const driver = driverOf(cluster);
        guardNeverTwoDown(driver);
        expect(await driver.run({ operation: 'scale', options: { replicas: to } })).toMatchObject({ exitCode: 0 });
        expect(
          podsOf(cluster)
            .map(({ metadata }) => metadata.uid)
            .sort(),
        ).toEqual(stays.map(({ metadata }) => metadata.uid).sort());
        expect(claimsOf(cluster)).toEqual(claims);
        expect(cluster.set()?.metadata.annotations ?? {}).toEqual({});
      }),
      { numRuns: 150 },
    );
  });

  it('stops when another client scales the set in the meantime, whatever the moment', async () => {
    await fc.assert(
      fc.asyncProperty(setArb, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 6 }), async (set, at, replicas) => {
        const cluster = worldOf(set);
        const claims = claimsOf(cluster);
        const driver = driverOf(cluster);
        let rounds = 0;
        let meddled = false;
        driver.afterRound = () => {
          const live = cluster.set();
          if (++rounds !== at || live === undefined || live.spec.replicas === replicas) return;
          meddled = true;
          const metadata = { ...live.metadata, generation: (live.metadata.generation ?? 0) + 1 };
          cluster.store('/apis/apps/v1/namespaces/prod/statefulsets/web', { ...live, metadata, spec: { ...live.spec, replicas } });
        };
        const result = await driver.run({ operation: 'delete' });
        expect(result.exitCode).toBe(meddled ? 4 : 0);
        if (meddled) expect(result.message).toMatch(/replicas/);
        settle(cluster);
        const lost = claims.filter((claim) => !claimsOf(cluster).includes(claim));
        expect(lost).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

async function goOn(cluster: ModelCluster, way: 'resume' | 'cancel', spec: unknown): Promise<void> {
  const open = isOpen(cluster);
  const driver = driverOf(cluster, { user: 'bob', host: 'there', pid: 2 });
  if (way === 'resume') return await goesOn(driver, open);
  if (!open) return;
  Object.assign(cluster.options, { broken: [], quorum: 0 });
  expect(await driver.run({ operation: 'cancel' })).toMatchObject({ exitCode: 0 });
  expect(cluster.set()?.spec).toEqual(spec);
  expect(cluster.set()?.metadata.annotations ?? {}).toEqual({});
}

async function goesOn(driver: Driver, open: boolean): Promise<void> {
  if (driver.cluster.set() === undefined && !open) return;
  expect(await driver.run({ operation: 'delete' })).toMatchObject({ exitCode: 0 });
  expect(driver.cluster.set()).toBeUndefined();
}

function isOpen(cluster: ModelCluster): boolean {
  const index = cluster.objects.get('/api/v1/namespaces/prod/secrets/sts-safe.web') as { data?: Record<string, string> } | undefined;
  return cluster.set()?.metadata.annotations?.['sts-safe.dev/operation'] !== undefined || index?.data?.['record'] !== undefined;
}
