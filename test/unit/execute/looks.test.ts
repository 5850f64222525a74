import { describe, expect, it } from 'vitest';
import type { Claim } from '../../../src/domain/kube.ts';
import type { ModelCluster } from '../../support/model/cluster.ts';
import { type Driver, driverOf } from '../../support/model/drive.ts';
import { killedAt } from '../../support/model/killed.ts';
import { running } from '../../support/model/running-set.ts';

/** What is read again before a step, although watches show it, and what is not. */

const INDEX = '/api/v1/namespaces/prod/secrets/sts-safe.web';

/** Single objects that this run reads, and how often it reads the set before a step. */
async function readsOf(
  cluster: ModelCluster,
  driver: Driver,
  request: Parameters<Driver['run']>[0],
): Promise<readonly [number, ...string[]]> {
  cluster.gets.length = 0;
  driver.freshLooks = 0;
  expect(await driver.run(request)).toMatchObject({ exitCode: 0 });
  return [driver.freshLooks, ...cluster.gets.map((path) => path.replace(/.*\/prod\//, ''))];
}

describe('what the server tests with the write', () => {
  it('is read by nobody: neither the set nor our own index', async () => {
    const cluster = running(3);
    const driver = driverOf(cluster);
    const isAgain = (read: string | number): boolean => String(read).startsWith('statefulsets/') || read === 'secrets/sts-safe.web';
    for (const request of [{ operation: 'scale', options: { replicas: 2 } }, { operation: 'delete' }, { operation: 'restore' }] as const) {
      const [looks, ...read] = await readsOf(cluster, driver, request);
      // The plan's own look, and no more; but the creation, which cannot be interrupted, begins on a server that answers.
      expect([looks, ...read.filter(isAgain)]).toEqual([request.operation === 'restore' ? 1 : 0, 'secrets/sts-safe.web']);
    }
  });

  it('is read when it has changed since: the index that another client has written', async () => {
    const cluster = running(3);
    const driver = driverOf(cluster);
    expect(await driver.run({ operation: 'scale', options: { replicas: 2 } })).toMatchObject({ exitCode: 0 });
    driver.afterConsent = () => void cluster.store(INDEX, { ...cluster.objects.get(INDEX) });
    expect(await driver.run({ operation: 'scale', options: { replicas: 1 } })).toMatchObject({ exitCode: 0 });
    cluster.objects.delete(INDEX);
    driver.afterConsent = () => void cluster.create('/api/v1/namespaces/prod/secrets', { metadata: { name: 'sts-safe.web' } });
    const { message } = await driver.run({ operation: 'scale', options: { replicas: 2 } }).catch((error: Error) => error);
    expect(message).toContain('sts-safe.web.1 is the archive of another operation');
  });
});

describe('what no server tests', () => {
  it('is read: that there is no set, before each PVC is deleted', async () => {
    const cluster = running(2);
    const [looks] = await readsOf(cluster, driverOf(cluster), { operation: 'delete', options: { deleteClaims: true } });
    expect(looks).toBe(2);
    expect(cluster.list<Claim>('persistentvolumeclaims')).toEqual([]);
  });

  it('is read: the set, by whoever resumes', async () => {
    const cluster = running(3);
    await killedAt(cluster, /DELETE .*statefulsets/, 'before', async () => await driverOf(cluster).run({ operation: 'delete' }));
    const [looks] = await readsOf(cluster, driverOf(cluster), { operation: 'delete' });
    expect(looks).toBe(1);
  });
});
