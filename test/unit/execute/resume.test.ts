import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../src/domain/errors.ts';
import type { Claim, StatefulSet } from '../../../src/domain/kube.ts';
import { encodeArchive } from '../../../src/record/archive.ts';
import type { ModelCluster } from '../../support/model/cluster.ts';
import { type Driver, driverOf } from '../../support/model/drive.ts';
import { running, settle } from '../../support/model/running-set.ts';

/** Going on and going back after a SIGKILL, one cursor at a time: what the random laws do not reach. */

class Crash extends Error {}

/** SIGKILL right before, or right after, the first write that matches. */
function crashAt(cluster: ModelCluster, at: RegExp, when: 'before' | 'after'): void {
  cluster.onWrite = (moment, what) => {
    if (moment !== when || !at.test(what)) return;
    cluster.onWrite = () => {
      throw new Crash();
    };
    throw new Crash();
  };
}

async function crashed(work: Promise<unknown>, cluster: ModelCluster): Promise<void> {
  await expect(work).rejects.toThrow(Crash);
  cluster.onWrite = () => {};
}

const claims = (cluster: ModelCluster): readonly string[] =>
  cluster.list<Claim>('persistentvolumeclaims').map(({ metadata }) => metadata.name);
const SECRETS = '/api/v1/namespaces/prod/secrets';
const indexRecord = (cluster: ModelCluster): { kind: string; phase: string; cursor: string } | undefined => {
  const data = (cluster.objects.get(`${SECRETS}/sts-safe.web`) as { data?: Record<string, string> } | undefined)?.data?.['record'];
  return data === undefined ? undefined : JSON.parse(Buffer.from(data, 'base64').toString('utf8'));
};
const bob = { user: 'bob', host: 'there', pid: 2 };

const stranger = {
  metadata: { name: 'web-0', ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'x', uid: 'x', controller: true }] },
  spec: { containers: [] },
  status: {},
};

function withService(cluster: ModelCluster): void {
  cluster.create('/api/v1/namespaces/prod/services', { metadata: { name: 'web' }, spec: { clusterIP: 'None', selector: { app: 'web' } } });
}

describe('a delete that goes on', () => {
  it('--delete-claims: killed after a PVC was deleted, deletes the others', async () => {
    const cluster = running(3);
    crashAt(cluster, /DELETE .*persistentvolumeclaims\/data-web-1/, 'after');
    await crashed(driverOf(cluster).run({ operation: 'delete', options: { deleteClaims: true } }), cluster);
    expect(await driverOf(cluster, bob).run({ operation: 'delete', options: { deleteClaims: true } })).toMatchObject({ exitCode: 0 });
    expect(claims(cluster)).toEqual([]);
    expect(indexRecord(cluster)).toBeUndefined();
  });

  it('--delete-claims: leaves a PVC that came after the consent', async () => {
    const cluster = running(2);
    crashAt(cluster, /DELETE .*persistentvolumeclaims\/data-web-1/, 'before');
    await crashed(driverOf(cluster).run({ operation: 'delete', options: { deleteClaims: true } }), cluster);
    cluster.create('/api/v1/namespaces/prod/persistentvolumeclaims', {
      metadata: { name: 'data-web-7' },
      spec: {},
      status: { phase: 'Bound' },
    });
    expect(await driverOf(cluster, bob).run({ operation: 'delete', options: { deleteClaims: true } })).toMatchObject({ exitCode: 0 });
    expect(claims(cluster)).toEqual(['data-web-7']);
  });

  it('--with-service: killed after the Service was deleted, closes the record', async () => {
    const cluster = running(2);
    withService(cluster);
    crashAt(cluster, /DELETE .*services\/web/, 'after');
    await crashed(driverOf(cluster).run({ operation: 'delete', options: { withService: true } }), cluster);
    expect(await driverOf(cluster, bob).run({ operation: 'delete', options: { withService: true } })).toMatchObject({ exitCode: 0 });
    expect(indexRecord(cluster)).toBeUndefined();
  });
});

describe('a delete with --save-to', () => {
  it('goes on from a machine that has not got the file', async () => {
    const cluster = running(2);
    crashAt(cluster, /DELETE .*statefulsets/, 'before');
    await crashed(driverOf(cluster).run({ operation: 'delete', saveTo: 'web.json' }), cluster);
    expect(await driverOf(cluster, bob).run({ operation: 'delete', saveTo: 'web.json' })).toMatchObject({ exitCode: 0 });
  });
});

describe('a PVC that is lost between a kill and the next command', () => {
  const DELETED = { operation: 'delete' } as const;
  const CLAIMS = '/api/v1/namespaces/prod/persistentvolumeclaims';

  async function killedHalfWay(request: Parameters<Driver['run']>[0], replicas: number): Promise<ModelCluster> {
    const cluster = running(3);
    const driver = driverOf(cluster);
    driver.afterRound = () => {
      if (cluster.set()?.spec.replicas !== replicas) return;
      cluster.onWrite = () => {
        throw new Crash();
      };
      throw new Crash();
    };
    await crashed(driver.run(request), cluster);
    return cluster;
  }

  it.each([
    ['delete', DELETED],
    ['scale', { operation: 'scale', options: { replicas: 1 } } as const],
  ])('%s says so, and goes on only when that is allowed', async (_name, request) => {
    const cluster = await killedHalfWay(request, 2);
    cluster.objects.delete(`${CLAIMS}/data-web-2`);
    const refused = await driverOf(cluster, bob).run(request);
    expect(refused).toMatchObject({ exitCode: 3, findings: [{ id: 'claim-missing', severity: 'blocks', override: 'allow' }] });
    expect(cluster.set()?.spec.replicas).toBe(2);
    expect(await driverOf(cluster, bob).run({ ...request, allow: ['claim-missing'] })).toMatchObject({ exitCode: 0 });
  });

  it('so does one that is another object now', async () => {
    const cluster = await killedHalfWay(DELETED, 2);
    cluster.objects.delete(`${CLAIMS}/data-web-2`);
    cluster.create(CLAIMS, { metadata: { name: 'data-web-2' }, spec: {}, status: { phase: 'Bound' } });
    expect(await driverOf(cluster, bob).run(DELETED)).toMatchObject({ exitCode: 3, findings: [{ id: 'claim-replaced' }] });
    expect(await driverOf(cluster, bob).run({ ...DELETED, allow: ['claim-replaced'] })).toMatchObject({ exitCode: 0 });
  });

  it('one that is not Bound any more is told of too, and one that is repaired is no trouble', async () => {
    const cluster = await killedHalfWay(DELETED, 2);
    const claim = cluster.objects.get(`${CLAIMS}/data-web-2`) as unknown as Claim;
    cluster.store(`${CLAIMS}/data-web-2`, { ...claim, status: { phase: 'Lost' } });
    expect(await driverOf(cluster, bob).run(DELETED)).toMatchObject({ exitCode: 3, findings: [{ id: 'claim-not-safe' }] });
    expect(await driverOf(cluster, bob).run({ ...DELETED, allow: ['claim-not-safe'] })).toMatchObject({ exitCode: 0 });
    cluster.store(`${CLAIMS}/data-web-2`, { ...claim, status: { phase: 'Bound' } });
    expect(await driverOf(cluster, bob).run({ operation: 'restore' })).toMatchObject({ exitCode: 0 });
  });

  const toZero = { operation: 'scale', options: { replicas: 0 } } as const;

  it.each([
    ['delete', DELETED],
    ['scale', toZero],
  ])('%s does not take away the member that keeps a PVC alive which someone deleted', async (_name, request) => {
    const cluster = await killedHalfWay(request, 2);
    const claim = cluster.objects.get(`${CLAIMS}/data-web-1`) as unknown as Claim;
    cluster.store(`${CLAIMS}/data-web-1`, { ...claim, metadata: { ...claim.metadata, deletionTimestamp: '2026-06-01T12:00:00Z' } });
    expect(await driverOf(cluster, bob).run(request)).toMatchObject({ exitCode: 3, findings: [{ id: 'claim-not-safe' }] });
    expect(cluster.set()?.spec.replicas).toBe(2);
  });

  it.each([
    ['delete', DELETED],
    ['scale', toZero],
  ])('%s removes nobody when the retention policy has become Delete in the meantime', async (_name, request) => {
    const cluster = await killedHalfWay(request, 2);
    settle(cluster);
    const policy = (whenScaled: string): void => {
      const set = cluster.set() as StatefulSet;
      const spec = { ...set.spec, persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled } };
      const metadata = { ...set.metadata, generation: (set.metadata.generation ?? 0) + 1 };
      cluster.store('/apis/apps/v1/namespaces/prod/statefulsets/web', { ...set, metadata, spec });
      settle(cluster);
    };
    policy('Delete');
    expect([3, 4]).toContain((await driverOf(cluster, bob).run(request)).exitCode);
    settle(cluster);
    expect(claims(cluster)).toEqual(['data-web-0', 'data-web-1', 'data-web-2']);
    expect(cluster.set()?.spec.replicas).toBe(2);
    policy('Retain');
    expect(await driverOf(cluster, bob).run(request)).toMatchObject({ exitCode: 0 });
    expect(claims(cluster)).toEqual(['data-web-0', 'data-web-1', 'data-web-2']);
  });
});

describe('a delete without Secrets', () => {
  it('killed when the set was gone, proves its end by the file', async () => {
    const cluster = running(2);
    const files = new Map<string, string>();
    const first = driverOf(cluster, undefined, files);
    first.denied = (needs) => needs.filter(({ resource }) => resource === 'secrets');
    crashAt(cluster, /DELETE .*statefulsets/, 'after');
    await first.run({ operation: 'delete', saveTo: 'web.json' }).catch(() => undefined);
    cluster.onWrite = () => {};
    expect(cluster.set()).toBeUndefined();
    const again = driverOf(cluster, bob, files);
    again.denied = first.denied;
    expect(await again.run({ operation: 'delete', saveTo: 'web.json' })).toMatchObject({
      exitCode: 0,
      verified: expect.arrayContaining(['2 PVCs unchanged (same UID and phase)']),
    });
    cluster.objects.delete('/api/v1/namespaces/prod/persistentvolumeclaims/data-web-1');
    expect(await again.run({ operation: 'delete', saveTo: 'web.json' })).toMatchObject({
      exitCode: 3,
      findings: [{ id: 'claim-missing' }],
    });
    await expect(again.run({ operation: 'delete', saveTo: 'other.json' })).rejects.toThrow('not found');
  });
});

describe('a restore that goes on', () => {
  const SET = '/apis/apps/v1/namespaces/prod/statefulsets/web';

  async function deletedThenKilledAtPutBack(strategy: object): Promise<ModelCluster> {
    const cluster = running(2, { updateStrategy: strategy });
    await driverOf(cluster).run({ operation: 'delete' });
    crashAt(cluster, /PATCH .*statefulsets/, 'after');
    await crashed(driverOf(cluster).run({ operation: 'restore' }), cluster);
    return cluster;
  }

  it('knows the last patch of the set as done although the server kept less of it', async () => {
    const cluster = await deletedThenKilledAtPutBack({ type: 'RollingUpdate', rollingUpdate: { partition: 5, maxUnavailable: 2 } });
    const set = cluster.set() as StatefulSet;
    const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: 5 } };
    cluster.store(SET, { ...set, spec: { ...set.spec, updateStrategy } });
    settle(cluster);
    expect(await driverOf(cluster, bob).run({ operation: 'restore' })).toMatchObject({ exitCode: 0 });
  });

  it('is not said to be taken back by cancel once its members may have started', async () => {
    const cluster = running(2);
    await driverOf(cluster).run({ operation: 'delete' });
    const driver = driverOf(cluster);
    cluster.onWrite = (moment, what) => {
      if (moment === 'after' && /PATCH .*statefulsets/.test(what)) driver.stop.abort();
    };
    const result = await driver.run({ operation: 'restore' });
    expect(result).toMatchObject({ outcome: 'stopped', resumeCommand: expect.stringContaining('sts-safe restore web') });
    expect(result.cancelCommand).toBeUndefined();
  });

  it('or made more of it', async () => {
    const cluster = await deletedThenKilledAtPutBack({ type: 'RollingUpdate' });
    const set = cluster.set() as StatefulSet;
    const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: 0, maxUnavailable: 1 } };
    cluster.store(SET, { ...set, spec: { ...set.spec, updateStrategy } });
    settle(cluster);
    expect(await driverOf(cluster, bob).run({ operation: 'restore' })).toMatchObject({ exitCode: 0 });
  });

  it('adopts as it was begun, without the flag typed again; and is not begun otherwise', async () => {
    const cluster = running(2);
    await driverOf(cluster).run({ operation: 'delete' });
    await driverOf(cluster).run({ operation: 'restore' });
    await cluster.verbs.delete(SET, { uid: cluster.set()?.metadata.uid ?? '', propagationPolicy: 'Orphan' });
    crashAt(cluster, /POST .*statefulsets/, 'after');
    await crashed(driverOf(cluster).run({ operation: 'restore', options: { adopt: true } }), cluster);
    settle(cluster);
    const other = { operation: 'restore', options: { adopt: true, archive: 'sts-safe.web.7' } } as const;
    await expect(driverOf(cluster, bob).run(other)).rejects.toThrow('no archive sts-safe.web.7');
    expect(await driverOf(cluster, bob).run({ operation: 'restore' })).toMatchObject({
      exitCode: 0,
      verified: expect.arrayContaining([expect.stringContaining('adopted and not restarted')]),
    });
  });

  it.each([0, 2])(
    'whose name another client took in the meantime (%d members) is closed by cancel, and that set is left alone',
    async (replicas) => {
      const cluster = running(2);
      await driverOf(cluster).run({ operation: 'delete' });
      crashAt(cluster, /POST .*statefulsets/, 'before');
      await crashed(driverOf(cluster).run({ operation: 'restore' }), cluster);
      cluster.create('/apis/apps/v1/namespaces/prod/statefulsets', {
        metadata: { name: 'web', namespace: 'prod' },
        spec: { replicas, selector: {}, template: { spec: { containers: [] } } },
      });
      settle(cluster);
      expect(await driverOf(cluster, bob).run({ operation: 'cancel' })).toMatchObject({ exitCode: 0 });
      expect(cluster.set()?.spec.replicas).toBe(replicas);
      expect(indexRecord(cluster)).toBeUndefined();
    },
  );

  it('knows the last patch of the set as done although someone scaled it since', async () => {
    const cluster = await deletedThenKilledAtPutBack({ type: 'RollingUpdate', rollingUpdate: { partition: 0 } });
    const set = cluster.set() as StatefulSet;
    cluster.store(SET, { ...set, spec: { ...set.spec, replicas: 3 } });
    settle(cluster);
    expect(await driverOf(cluster, bob).run({ operation: 'restore' })).toMatchObject({ exitCode: 0 });
  });

  it('goes by the archive that it was begun with, not by another one of that name', async () => {
    const cluster = running(2);
    const files = new Map<string, string>();
    await driverOf(cluster, undefined, files).run({ operation: 'delete', saveTo: './web.json' });
    // The index and the archives are lost, and numbering starts again with another archive of the first one's name.
    for (const name of ['sts-safe.web', 'sts-safe.web.1']) cluster.objects.delete(`${SECRETS}/${name}`);
    const fromFile = { operation: 'restore', options: { archive: './web.json' } } as const;
    crashAt(cluster, /POST .*statefulsets/, 'after');
    await crashed(driverOf(cluster, undefined, files).run(fromFile), cluster);
    const other = { ...JSON.parse(files.get('./web.json') ?? ''), id: 'another' };
    cluster.create(SECRETS, encodeArchive(other, 'prod', 'web'));
    await expect(driverOf(cluster, bob, files).run({ operation: 'restore' })).rejects.toThrow('is another one now');
    expect(await driverOf(cluster, bob, files).run(fromFile)).toMatchObject({ exitCode: 0 });
  });

  it('of another wish is refused', async () => {
    const cluster = running(2);
    await driverOf(cluster).run({ operation: 'delete' });
    crashAt(cluster, /POST .*statefulsets/, 'after');
    await crashed(driverOf(cluster).run({ operation: 'restore' }), cluster);
    expect(await driverOf(cluster, bob).run({ operation: 'restore', options: { adopt: true } })).toMatchObject({
      exitCode: 3,
      findings: [{ id: 'other-operation' }],
    });
    expect(await driverOf(cluster, bob).run({ operation: 'restore' })).toMatchObject({ exitCode: 0 });
  });
});

describe('a cancel that comes to nothing', () => {
  it('stopped before its first write, leaves the open delete to go on with', async () => {
    const cluster = running(2);
    crashAt(cluster, /DELETE .*persistentvolumeclaims\/data-web-1/, 'before');
    await crashed(driverOf(cluster).run({ operation: 'delete', options: { deleteClaims: true } }), cluster);
    const before = indexRecord(cluster);
    expect(before).toMatchObject({ kind: 'delete' });
    const driver = driverOf(cluster, bob);
    driver.afterConsent = () => void cluster.create('/api/v1/namespaces/prod/pods', stranger);
    expect(await driver.run({ operation: 'cancel', allow: ['claim-missing'] })).toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('Pod web-0 exists'),
      // A second cancel would be refused as long as that Pod is there.
      resumeCommand: expect.stringContaining('sts-safe delete web --delete-claims'),
    });
    expect(indexRecord(cluster)).toMatchObject({ kind: 'delete', cursor: before?.cursor, phase: 'stopped' });
  });

  it('whose creation is rejected leaves a record that says how to go on', async () => {
    const cluster = running(2);
    crashAt(cluster, /DELETE .*persistentvolumeclaims\/data-web-1/, 'before');
    await crashed(driverOf(cluster).run({ operation: 'delete', options: { deleteClaims: true } }), cluster);
    reject(cluster, /POST .*statefulsets/);
    await driverOf(cluster, bob)
      .run({ operation: 'cancel', allow: ['claim-missing'] })
      .catch(() => undefined);
    cluster.onWrite = () => {};
    expect(indexRecord(cluster)).toMatchObject({ phase: 'stopped' });
    settle(cluster);
    expect(await driverOf(cluster, bob).run({ operation: 'cancel', allow: ['claim-missing'] })).toMatchObject({ exitCode: 0 });
    expect(cluster.set()?.spec.replicas).toBe(2);
  });
});

describe('a cancel while the old holder is only suspended', () => {
  it.each([
    ['data-web-1', { deleteClaims: true }, `persistentvolumeclaims/data-web-1`],
    ['its Service', { withService: true }, 'services/web'],
  ])('makes the deletion of %s fail that it was about to send', async (_what, options, object) => {
    const cluster = running(2);
    withService(cluster);
    const path = `/api/v1/namespaces/prod/${object}`;
    crashAt(cluster, new RegExp(`DELETE ${path}`), 'before');
    await crashed(driverOf(cluster).run({ operation: 'delete', options }), cluster);
    const { uid, resourceVersion } = (cluster.objects.get(path) as unknown as Claim).metadata;
    expect(await driverOf(cluster, bob).run({ operation: 'cancel', allow: ['claim-missing'] })).toMatchObject({ exitCode: 0 });
    await expect(cluster.verbs.delete(path, { uid, resourceVersion })).rejects.toThrow('precondition');
    expect((cluster.objects.get(path) as unknown as Claim).metadata.annotations ?? {}).toEqual({});
  });

  it('and of a member that is back in range', async () => {
    const cluster = running(3);
    const ann = driverOf(cluster);
    ann.afterRound = () => {
      if (cluster.set()?.spec.replicas !== 2) return;
      cluster.onWrite = () => {
        throw new Crash();
      };
      throw new Crash();
    };
    await crashed(ann.run({ operation: 'scale', options: { replicas: 2 } }), cluster);
    const path = '/api/v1/namespaces/prod/pods/web-2';
    const { uid, resourceVersion } = (cluster.objects.get(path) as unknown as Claim).metadata;
    expect(await driverOf(cluster, bob).run({ operation: 'cancel' })).toMatchObject({ exitCode: 0 });
    expect((cluster.objects.get(path) as unknown as Claim).metadata.annotations ?? {}).toEqual({});
    await expect(cluster.verbs.delete(path, { uid, resourceVersion })).rejects.toThrow('precondition');
  });
});

function reject(cluster: ModelCluster, at: RegExp): void {
  cluster.onWrite = (moment, what) => {
    if (moment === 'before' && at.test(what)) throw forbidden();
  };
}

function forbidden(): ApiError {
  return new ApiError({ message: 'denied by a webhook', status: 403, reason: 'Forbidden', sent: 'rejected', request: 'POST' });
}

describe('a restore whose first write is rejected', () => {
  it('changed nothing, says so by its error, and leaves no record', async () => {
    const cluster = running(2);
    await driverOf(cluster).run({ operation: 'delete' });
    reject(cluster, /POST .*statefulsets/);
    await expect(driverOf(cluster).run({ operation: 'restore' })).rejects.toThrow('denied by a webhook');
    expect(indexRecord(cluster)).toBeUndefined();
  });
});
