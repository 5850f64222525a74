import { describe, expect, it } from 'vitest';
import { driverOf } from '../../support/model/drive.ts';
import { running, settle } from '../../support/model/running-set.ts';

describe('delete and restore on the model', () => {
  it('removes members highest first, keeps the PVCs, and brings everything back', async () => {
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
    const cluster = running(5);
    // From now on: an OrderedReady set whose first member waits for its peers would never have started.
    cluster.options.quorum = 3;
    const deleted = await driverOf(cluster).run({ operation: 'delete' });
    expect(deleted).toMatchObject({ exitCode: 0 });
    expect(cluster.log.some((line) => line.startsWith('DELETE') && line.includes('/pods/'))).toBe(true);
  });

  it('keeps PVCs that the set owns by whenDeleted: Delete and whenScaled: Delete', async () => {
    const cluster = running(3, { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Delete' } });
    expect(cluster.owners('data-web-0')).toHaveLength(1);
    const deleted = await driverOf(cluster).run({ operation: 'delete' });
    expect(deleted).toMatchObject({ exitCode: 0 });
    settle(cluster);
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
