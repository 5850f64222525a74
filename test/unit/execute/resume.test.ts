import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../src/domain/errors.ts';
import type { Claim } from '../../../src/domain/kube.ts';
import type { ModelCluster } from '../../support/model/cluster.ts';
import { driverOf } from '../../support/model/drive.ts';
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
  cluster.create('/api/v1/namespaces/prod/services', { metadata: { name: 'web' }, spec: { clusterIP: 'None' } });
}

describe('a delete that goes on', () => {
  it('--delete-claims: killed after a claim was deleted, deletes the others', async () => {
    const cluster = running(3);
    crashAt(cluster, /DELETE .*persistentvolumeclaims\/data-web-1/, 'after');
    await crashed(driverOf(cluster).run({ operation: 'delete', options: { deleteClaims: true } }), cluster);
    expect(await driverOf(cluster, bob).run({ operation: 'delete', options: { deleteClaims: true } })).toMatchObject({ exitCode: 0 });
    expect(claims(cluster)).toEqual([]);
    expect(indexRecord(cluster)).toBeUndefined();
  });

  it('--delete-claims: leaves a claim that came after the consent', async () => {
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

describe('a cancel that comes to nothing', () => {
  it('stopped before its first write, leaves the open delete to go on with', async () => {
    const cluster = running(2);
    crashAt(cluster, /DELETE .*persistentvolumeclaims\/data-web-1/, 'before');
    await crashed(driverOf(cluster).run({ operation: 'delete', options: { deleteClaims: true } }), cluster);
    const before = indexRecord(cluster);
    expect(before).toMatchObject({ kind: 'delete' });
    const driver = driverOf(cluster, bob);
    driver.afterConsent = () => void cluster.create('/api/v1/namespaces/prod/pods', stranger);
    await expect(driver.run({ operation: 'cancel', allow: ['claim-missing'] })).rejects.toThrow('Pod web-0 exists');
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
