import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Claim, Pod, Secret } from '../../../src/domain/kube.ts';
import type { ModelCluster } from '../../support/model/cluster.ts';
import { driverOf } from '../../support/model/drive.ts';
import { indexOf } from '../../support/model/killed.ts';
import { expectNothingOpen, recordsIn } from '../../support/model/laws.ts';
import { setArb, worldOf } from '../../support/model/random-set.ts';
import { running } from '../../support/model/running-set.ts';

/** What finalizers of others hold: a wait ends within seconds, names it, and the same command finishes once it is gone. */

const SET = '/apis/apps/v1/namespaces/prod/statefulsets/web';
const CLAIMS = '/api/v1/namespaces/prod/persistentvolumeclaims';
const PODS = '/api/v1/namespaces/prod/pods';
const hold = ['example.com/hold'];
const deleteAll = { operation: 'delete', options: { deleteClaims: true }, allow: [], stepTimeoutMs: 600_000 } as const;
const claimsOf = (cluster: ModelCluster) => cluster.list<Claim>('persistentvolumeclaims').map(({ metadata }) => metadata.name);

/** Runs, and says how long it took by the model's clock. */
async function timed(cluster: ModelCluster, request: Parameters<ReturnType<typeof driverOf>['run']>[0]) {
  const began = cluster.now;
  const result = await driverOf(cluster).run(request);
  return { ...result, seconds: (cluster.now - began) / 1000 };
}

describe('a PVC', () => {
  it('keeps no other waiting, is named, and the same command deletes it when it can', async () => {
    const cluster = running(3);
    cluster.finalize(`${CLAIMS}/data-web-1`, hold);
    const held = await timed(cluster, deleteAll);
    expect(held).toMatchObject({
      exitCode: 4,
      outcome: 'failed',
      message: expect.stringContaining(
        'PVC data-web-1 is being deleted and remains until finalizer example.com/hold (likely owner: example.com) is removed',
      ),
      done: expect.arrayContaining(['delete-claim/data-web-0', 'delete-claim/data-web-1', 'delete-claim/data-web-2']),
      remaining: ['claims-gone', 'finish'],
    });
    expect(held.seconds).toBeLessThan(60);
    expect(claimsOf(cluster)).toEqual(['data-web-1']);
    expect(indexOf(cluster).record).toMatchObject({ kind: 'delete', phase: 'stopped' });
    expect(await timed(cluster, deleteAll)).toMatchObject({ exitCode: 4 });
    cluster.finalize(`${CLAIMS}/data-web-1`, []);
    expect(await timed(cluster, deleteAll)).toMatchObject({
      exitCode: 0,
      verified: expect.arrayContaining([expect.stringMatching(/data-web-1/)]),
    });
    expect(claimsOf(cluster)).toEqual([]);
    expectNothingOpen(cluster);
  });

  it('whose object changes is waited for: its owner is at work', async () => {
    const cluster = running(1);
    cluster.finalize(`${CLAIMS}/data-web-0`, hold);
    const driver = driverOf(cluster);
    let rounds = 0;
    driver.afterRound = () => {
      const claim = cluster.objects.get(`${CLAIMS}/data-web-0`);
      if ((claim?.['metadata'] as Claim['metadata'] | undefined)?.deletionTimestamp === undefined) return;
      if (++rounds < 20) cluster.store(`${CLAIMS}/data-web-0`, claim ?? {});
      else cluster.finalize(`${CLAIMS}/data-web-0`, []);
    };
    expect(await driver.run(deleteAll)).toMatchObject({ exitCode: 0 });
  });
});

describe('the StatefulSet', () => {
  it('is waited for no longer than its owner needs, and what was written is listed', async () => {
    const cluster = running(2);
    cluster.finalize(SET, hold);
    const driver = driverOf(cluster);
    expect(await driver.run({ operation: 'delete', dryRun: 'client' })).toMatchObject({
      findings: expect.arrayContaining([expect.objectContaining({ id: 'set-finalizer' })]),
    });
    const held = await timed(cluster, { operation: 'delete', stepTimeoutMs: 600_000 });
    expect(held).toMatchObject({ exitCode: 4, started: 'delete-set', remaining: ['delete-set', 'finish'] });
    expect(held.message).toContain('StatefulSet web is being deleted and remains until finalizer example.com/hold');
    expect(held.seconds).toBeLessThan(40);
    cluster.finalize(SET, []);
    expect(await driverOf(cluster).run({ operation: 'delete' })).toMatchObject({ exitCode: 0 });
    expect(await driverOf(cluster).run({ operation: 'restore' })).toMatchObject({ exitCode: 0 });
  });
});

describe('a Pod', () => {
  it('is waited for half a minute after its containers have ended', async () => {
    const cluster = running(2);
    cluster.finalize(`${PODS}/web-1`, hold);
    const held = await timed(cluster, { operation: 'scale', options: { replicas: 1 }, stepTimeoutMs: 600_000 });
    expect(held).toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('Pod web-1 is being deleted and remains until finalizer example.com/hold'),
    });
    expect(held.seconds).toBeGreaterThan(30);
    expect(held.seconds).toBeLessThan(60);
    cluster.finalize(`${PODS}/web-1`, []);
    expect(await timed(cluster, { operation: 'scale', options: { replicas: 1 } })).toMatchObject({ exitCode: 0 });
    expectNothingOpen(cluster);
  });
});

/** Any finalizers on any objects of any set: removed after some rounds, or never. */
const finalizedArb = fc.record({
  on: fc.uniqueArray(fc.constantFrom('set', 'pod', 'claim'), { minLength: 1 }),
  which: fc.nat(5),
  /** Rounds of the controllers after which their owner removes them; more than anybody waits: not in this run. */
  after: fc.constantFrom(0, 2, 20, 10_000),
});

function pathsOf(cluster: ModelCluster, { on, which }: typeof finalizedArb extends fc.Arbitrary<infer T> ? T : never): readonly string[] {
  const [pods, claims] = [cluster.list<Pod>('pods'), cluster.list<Claim>('persistentvolumeclaims')];
  const pick = (path: string, all: readonly (Pod | Claim)[]) =>
    all
      .slice(which % Math.max(1, all.length))
      .slice(0, 1)
      .map(({ metadata }) => `${path}/${metadata.name}`);
  return on.flatMap((kind) => (kind === 'set' ? [SET] : kind === 'pod' ? pick(PODS, pods) : pick(CLAIMS, claims)));
}

/** Everything of the model that matters to a user, without the versions of objects. */
const stateOf = (cluster: ModelCluster): string =>
  JSON.stringify(
    [...cluster.objects]
      .filter(([key]) => !key.includes('/events'))
      .map(([key, object]) => [key, (object['metadata'] as Secret['metadata']).uid]),
  );

it('whatever finalizers hold: it ends soon, loses nothing, and the same command finishes when they are gone', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(setArb, finalizedArb, fc.boolean(), async (set, finalized, deleteClaims) => {
      const cluster = worldOf(set);
      const claims = claimsOf(cluster);
      const paths = pathsOf(cluster, finalized);
      for (const path of paths) cluster.finalize(path, hold);
      const request = { operation: 'delete', options: deleteClaims ? { deleteClaims } : {}, stepTimeoutMs: 3_600_000 } as const;
      const driver = driverOf(cluster);
      const free = (): void => {
        for (const path of paths) cluster.finalize(path, []);
      };
      let rounds = 0;
      driver.afterRound = () => {
        if (++rounds === finalized.after) free();
      };
      if (finalized.after === 0) free();
      const result = await driver.run(request);
      if (result.exitCode !== 0) {
        expect(result).toMatchObject({ exitCode: 4, message: expect.stringContaining('example.com/hold') });
        expect(recordsIn(cluster).length).toBeGreaterThan(0);
        if (cluster.set()?.metadata.deletionTimestamp !== undefined) {
          const before = stateOf(cluster);
          expect(await driverOf(cluster).run({ operation: 'cancel' })).toMatchObject({
            exitCode: 3,
            findings: [{ id: 'set-being-deleted' }],
          });
          expect(stateOf(cluster)).toBe(before);
        }
        free();
        expect(await driverOf(cluster).run(request)).toMatchObject({ exitCode: 0 });
      }
      expect(cluster.set()).toBeUndefined();
      expect(claimsOf(cluster)).toEqual(deleteClaims ? [] : claims);
      expectNothingOpen(cluster);
    }),
    { numRuns: 100 },
  );
});
