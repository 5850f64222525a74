import { describe, expect, it } from 'vitest';
import { ModelCluster } from '../../support/model/cluster.ts';
import { round } from '../../support/model/controller.ts';
import { driverOf } from '../../support/model/drive.ts';

const target = { namespace: 'prod', name: 'web' };

function running(replicas: number, spec: Record<string, unknown> = {}, options: { broken?: number[]; quorum?: number } = {}): ModelCluster {
  const cluster = new ModelCluster({ target, ...options });
  cluster.create('/apis/apps/v1/namespaces/prod/statefulsets', {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'web' },
    spec: {
      replicas,
      serviceName: 'web',
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main' }] } },
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: {} }],
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      ...spec,
    },
    status: {},
  });
  for (let index = 0; index < replicas * 4 + 6; index++) round(cluster);
  return cluster;
}

describe('delete and restore on the model', () => {
  it('removes members highest first, keeps the claims, and brings everything back', async () => {
    const cluster = running(3);
    const before = cluster.set();
    const claims = cluster.list('persistentvolumeclaims').length;
    const driver = driverOf(cluster);
    const deleted = await driver.run({ operation: 'delete' });
    expect(deleted).toMatchObject({ exitCode: 0, outcome: 'done' });
    expect(cluster.set()).toBeUndefined();
    expect(cluster.list('persistentvolumeclaims')).toHaveLength(claims);
    const restored = await driver.run({ operation: 'restore' });
    expect(restored).toMatchObject({ exitCode: 0, outcome: 'done' });
    expect(cluster.set()?.spec).toEqual(before?.spec);
    expect(cluster.set()?.metadata.annotations).toBeUndefined();
    expect(cluster.list('pods')).toHaveLength(3);
  });

  it('finishes a quorum set whose members all turn not ready', async () => {
    const cluster = running(5, {}, { quorum: 3 });
    const deleted = await driverOf(cluster).run({ operation: 'delete' });
    expect(deleted).toMatchObject({ exitCode: 0 });
    expect(cluster.log.some((line) => line.startsWith('DELETE') && line.includes('/pods/'))).toBe(true);
  });

  it('keeps claims that the set owns by whenDeleted: Delete and whenScaled: Delete', async () => {
    const cluster = running(3, { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Delete' } });
    expect(cluster.owners('data-web-0')).toHaveLength(1);
    const deleted = await driverOf(cluster).run({ operation: 'delete' });
    expect(deleted).toMatchObject({ exitCode: 0 });
    for (let index = 0; index < 5; index++) round(cluster);
    expect(cluster.list('persistentvolumeclaims')).toHaveLength(3);
  });

  it('scales down and up, and leaves nothing of ours', async () => {
    const cluster = running(4);
    const driver = driverOf(cluster);
    expect(await driver.run({ operation: 'scale', options: { replicas: 2 } })).toMatchObject({ exitCode: 0 });
    expect(cluster.list('pods')).toHaveLength(2);
    expect(await driver.run({ operation: 'scale', options: { replicas: 5 } })).toMatchObject({ exitCode: 0 });
    expect(cluster.list('pods')).toHaveLength(5);
    expect(cluster.set()?.metadata.annotations ?? {}).toEqual({});
  });
});
