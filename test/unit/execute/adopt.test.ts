import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RefusedError } from '../../../src/domain/errors.ts';
import type { Claim, Pod, StatefulSet } from '../../../src/domain/kube.ts';
import type { Change } from '../../../src/plan/plan.ts';
import type { ModelCluster } from '../../support/model/cluster.ts';
import { driverOf } from '../../support/model/drive.ts';
import { expectNothingOpen } from '../../support/model/laws.ts';
import { changeSpec, running, settle } from '../../support/model/running-set.ts';

const SET = '/apis/apps/v1/namespaces/prod/statefulsets/web';

/** `kubectl delete statefulset web --cascade=orphan`. */
function orphanAll(cluster: ModelCluster): void {
  const { uid } = (cluster.set() as StatefulSet).metadata;
  cluster.remove(SET, { uid, propagationPolicy: 'Orphan' });
}

/** Scaled from the first number to the next, and so on: each leaves the archive of the number before. */
async function scaledBy(numbers: readonly number[], spec: Record<string, unknown> = {}): Promise<ModelCluster> {
  const [first = 0, ...others] = numbers;
  const cluster = running(first, spec);
  for (const replicas of others)
    expect(await driverOf(cluster).run({ operation: 'scale', options: { replicas } })).toMatchObject({ exitCode: 0 });
  return cluster;
}

describe('which saved manifest a restore takes', () => {
  it('none of a scale, but by its name: the error has all of them, and the command for the one that fits what runs', async () => {
    const cluster = await scaledBy([3, 2, 3]);
    orphanAll(cluster);
    const run = driverOf(cluster).run({ operation: 'restore', options: { adopt: true } });
    await expect(run).rejects.toMatchObject({
      name: 'RefusedError',
      message: expect.stringMatching(
        /is of a deletion; name one with --archive: sts-safe\.web\.2 \(scale, 2 replicas, \d+s old\), sts-safe\.web\.1 \(scale, 3 /,
      ),
      hint: 'kubectl sts-safe restore web --adopt --archive sts-safe.web.1 -n prod --context model',
    });
    expect(cluster.set()).toBeUndefined();
  });

  it('the newest of a deletion, though one of a scale is newer', async () => {
    const cluster = await scaledBy([3]);
    expect(await driverOf(cluster).run({ operation: 'delete' })).toMatchObject({ exitCode: 0 });
    expect(await driverOf(cluster).run({ operation: 'restore' })).toMatchObject({ exitCode: 0 });
    expect(await driverOf(cluster).run({ operation: 'scale', options: { replicas: 0 } })).toMatchObject({ exitCode: 0 });
    orphanAll(cluster);
    const driver = driverOf(cluster);
    await driver.run({ operation: 'restore', dryRun: 'client' });
    expect(driver.planned).toMatchObject([{ outcome: 'plan', plan: { archive: 'sts-safe.web.1' } }]);
  });
});

/** Somebody changes the template of the set that is about to be created, as a mutating admission policy does. */
function injecting(cluster: ModelCluster): void {
  const { onWrite } = cluster;
  cluster.onWrite = (when, what) => {
    onWrite(when, what);
    const set = cluster.objects.get(SET) as StatefulSet | undefined;
    if (when !== 'after' || !/POST .*statefulsets$/.test(what) || set === undefined) return;
    const metadata = { ...set.spec.template.metadata, annotations: { 'injected.example.com/at': 'create' } };
    cluster.store(SET, { ...set, spec: { ...set.spec, template: { ...set.spec.template, metadata } } });
  };
}

const identities = (cluster: ModelCluster): readonly string[] =>
  cluster.list<Pod>('pods').map(({ metadata: { name, uid, deletionTimestamp } }) => `${name} ${uid} ${deletionTimestamp ?? 'stays'}`);

describe('a template that the server has changed', () => {
  const adopting = { operation: 'restore', options: { adopt: true, archive: 'sts-safe.web.1' } } as const;

  async function held(): Promise<{ readonly cluster: ModelCluster; readonly before: readonly string[] }> {
    const cluster = await scaledBy([3, 2, 3]);
    orphanAll(cluster);
    const before = identities(cluster);
    injecting(cluster);
    const result = await driverOf(cluster).run(adopting);
    expect(result).toMatchObject({ exitCode: 4, cancelCommand: expect.stringMatching(/ cancel web /) });
    expect(result).not.toHaveProperty('resumeCommand');
    expect(result.message).toMatch(/would restart web-0, web-1, web-2; .*annotations \(added: injected\.example\.com\/at\)$/);
    settle(cluster);
    expect(identities(cluster)).toEqual(before);
    return { cluster, before };
  }

  it('is not let loose; cancel brings the Pods back to what they were, without a set', async () => {
    const { cluster, before } = await held();
    const driver = driverOf(cluster);
    expect(await driver.run({ operation: 'cancel' })).toMatchObject({ exitCode: 0 });
    expect(driver.planned.at(-1)).toMatchObject({
      plan: {
        consent: { kind: 'yes-no' },
        changes: expect.arrayContaining([expect.objectContaining({ name: 'web', after: 'deleted (--cascade=orphan)' })]),
      },
    });
    settle(cluster);
    expect([cluster.set(), identities(cluster)]).toEqual([undefined, before]);
    expectNothingOpen(cluster);
  });

  it('is restored with its restarts named and allowed, one Pod after the other', async () => {
    const { cluster } = await held();
    const driver = driverOf(cluster);
    expect(await driver.run({ operation: 'restore', options: { adopt: true } })).toMatchObject({
      exitCode: 3,
      findings: [{ id: 'adopted-pods-restart' }],
    });
    expect(await driver.run({ operation: 'restore', options: { adopt: true }, allow: ['adopted-pods-restart'] })).toMatchObject({
      exitCode: 0,
    });
    expect(cluster.set()?.spec.updateStrategy?.rollingUpdate?.partition).toBe(0);
    expectNothingOpen(cluster);
  });
});

describe('the law of adoption', { timeout: 120_000 }, () => {
  const adoptionArb = fc.record({
    saved: fc.integer({ min: 1, max: 4 }),
    runs: fc.integer({ min: 1, max: 4 }),
    whenScaled: fc.constantFrom('Retain', 'Delete'),
    isNewer: fc.boolean(),
    isInjected: fc.boolean(),
    allow: fc.subarray(['pods-beyond-archive', 'adopted-pods-restart', 'claims-deleted-on-scale-down', 'claim-not-safe']),
  });

  it('no Pod is restarted or deleted, and no PVC lost, that the plan did not name: whatever was saved, runs, and is injected', async () => {
    const ends = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(adoptionArb, async ({ saved, runs, whenScaled, isNewer, isInjected, allow }) => {
        const cluster = running(saved, { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled } });
        // Leaves an archive of `saved`, also where as many run.
        const away = saved === runs ? [saved + 1, runs] : [runs];
        for (const replicas of away)
          await driverOf(cluster).run({ operation: 'scale', options: { replicas }, allow: ['claims-deleted-on-scale-down'] });
        if (isNewer) changeSpec(cluster, { template: { ...TEMPLATE, spec: { containers: [{ name: 'main', image: 'new' }] } } });
        settle(cluster);
        orphanAll(cluster);
        const [pods, claims] = [cluster.list<Pod>('pods'), cluster.list<Claim>('persistentvolumeclaims')];
        if (isInjected) injecting(cluster);
        const driver = driverOf(cluster);
        const run = driver.run({ operation: 'restore', options: { adopt: true, archive: 'sts-safe.web.1' }, allow });
        const exitCode = await run.then(
          (result) => result.exitCode,
          (error: unknown) => (error instanceof RefusedError ? 3 : Promise.reject(error)),
        );
        settle(cluster);
        const planned = driver.planned.at(-1);
        const changes = planned?.outcome === 'plan' ? planned.plan.changes : [];
        expect(touched(cluster, 'pods', pods, named(changes, 'Pod', /^(removed|restarted)/))).toEqual([]);
        expect(touched(cluster, 'persistentvolumeclaims', claims, named(changes, 'PersistentVolumeClaim', /^DELETED/))).toEqual([]);
        ends.set(String(exitCode), (ends.get(String(exitCode)) ?? 0) + 1);
      }),
      { numRuns: 150 },
    );
    // All three kinds of endings were met: restored, refused, held.
    expect([...ends.keys()].sort()).toEqual(['0', '3', '4']);
  });
});

const TEMPLATE = { metadata: { labels: { app: 'web' } } };

const named = (changes: readonly Change[], kind: Change['kind'], then: RegExp): ReadonlySet<string> =>
  new Set(changes.flatMap((row) => (row.kind === kind && then.test(row.after) ? [row.name] : [])));

/** Names of what was there, is not the same object any more, or is being deleted, and may not be. */
function touched(
  cluster: ModelCluster,
  resource: 'pods' | 'persistentvolumeclaims',
  before: readonly (Pod | Claim)[],
  may: ReadonlySet<string>,
): readonly string[] {
  const now = new Map(cluster.list<Pod | Claim>(resource).map(({ metadata }) => [metadata.uid, metadata]));
  return before
    .filter(
      ({ metadata: { name, uid } }) => !may.has(name) && (now.get(uid) ?? { deletionTimestamp: 'gone' }).deletionTimestamp !== undefined,
    )
    .map(({ metadata }) => metadata.name);
}
