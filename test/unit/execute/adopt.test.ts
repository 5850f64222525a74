import { describe, expect, it } from 'vitest';
import type { StatefulSet } from '../../../src/domain/kube.ts';
import type { ModelCluster } from '../../support/model/cluster.ts';
import { driverOf } from '../../support/model/drive.ts';
import { running } from '../../support/model/running-set.ts';

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
