import { describe, expect, it } from 'vitest';
import type { Claim, Pod } from '../../../src/domain/kube.ts';
import type { SliceName } from '../../../src/domain/snapshot.ts';
import type { ModelCluster } from '../../support/model/cluster.ts';
import { driverOf } from '../../support/model/drive.ts';
import { changeSpec, running, settle } from '../../support/model/running-set.ts';

/** What changes between the look and the act, and what the world looks like that nobody thinks of. */

const names = (cluster: ModelCluster): readonly string[] => cluster.list<Pod>('pods').map(({ metadata }) => metadata.name);
const claims = (cluster: ModelCluster): readonly string[] =>
  cluster.list<Claim>('persistentvolumeclaims').map(({ metadata }) => metadata.name);
const CLAIMS = '/api/v1/namespaces/prod/persistentvolumeclaims';
const POD_DELETE = /DELETE .*\/pods\//;

function claimOf(cluster: ModelCluster, name: string): Claim {
  return cluster.objects.get(`${CLAIMS}/${name}`) as unknown as Claim;
}

function setPhase(cluster: ModelCluster, name: string, phase: string): void {
  cluster.store(`${CLAIMS}/${name}`, { ...claimOf(cluster, name), status: { phase } });
}

describe('scale down', () => {
  it('removes nobody more when the retention policy becomes Delete on the way', async () => {
    const cluster = running(4, {}, { stopRounds: 6 });
    const driver = driverOf(cluster);
    driver.afterRound = () => {
      const set = cluster.set();
      if (set?.spec.replicas !== 3 || set.spec.persistentVolumeClaimRetentionPolicy?.whenScaled === 'Delete') return;
      changeSpec(cluster, { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Delete' } });
    };
    expect(await driver.run({ operation: 'scale', options: { replicas: 1 } })).toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('persistentVolumeClaimRetentionPolicy of StatefulSet web is'),
      warnings: [expect.stringContaining('while web-3 was leaving: set back to Retain')],
    });
    // And the member that was on its way out keeps its claim: only while its Pod is there that can be seen to.
    expect(cluster.set()?.spec).toMatchObject({ replicas: 3, persistentVolumeClaimRetentionPolicy: { whenScaled: 'Retain' } });
    driver.afterRound = () => {};
    settle(cluster);
    expect(claims(cluster)).toEqual(['data-web-0', 'data-web-1', 'data-web-2', 'data-web-3']);
    expect(await driver.run({ operation: 'scale', options: { replicas: 1 } })).toMatchObject({ exitCode: 0 });
  });

  it('is refused where a leaving member keeps alive a PVC that someone deleted', async () => {
    const cluster = running(3);
    const claim = claimOf(cluster, 'data-web-2');
    cluster.store(`${CLAIMS}/data-web-2`, {
      ...claim,
      metadata: { ...claim.metadata, deletionTimestamp: '2026-06-01T12:00:00Z' },
    });
    expect(await driverOf(cluster).run({ operation: 'scale', options: { replicas: 2 } })).toMatchObject({
      exitCode: 3,
      findings: [{ id: 'claim-not-safe' }],
    });
  });

  it('removes nobody when a member that stays failed behind the plan, to which a flag agreed', async () => {
    const cluster = running(3);
    const driver = driverOf(cluster);
    driver.afterConsent = () => {
      Object.assign(cluster.options, { broken: [0] });
      settle(cluster);
    };
    await expect(driver.run({ operation: 'scale', options: { replicas: 2 } })).rejects.toThrow('web-0');
    expect(cluster.set()?.spec.replicas).toBe(3);
    expect(names(cluster)).toHaveLength(3);
  });

  it('does not remove a member itself while one that stays is down', async () => {
    const cluster = running(5);
    const driver = driverOf(cluster);
    let rounds = 0;
    cluster.onWrite = (moment, what) => {
      // Right when the first member is to go, one that stays fails.
      if (moment === 'after' && what.startsWith('PATCH') && what.includes('statefulsets')) Object.assign(cluster.options, { broken: [1] });
    };
    driver.afterRound = () => {
      if (++rounds === 30) Object.assign(cluster.options, { broken: [] });
      const down = cluster.list<Pod>('pods').filter(({ metadata }) => metadata.deletionTimestamp !== undefined).length;
      if (cluster.options.broken?.length === 1 && rounds > 2) expect(down).toBe(0);
    };
    await driver.run({ operation: 'scale', options: { replicas: 4 } });
    expect(cluster.log.filter((line) => POD_DELETE.test(line))).toEqual([]);
  });

  it('takes away a broken member that is not the highest', async () => {
    const cluster = running(5);
    Object.assign(cluster.options, { broken: [3] });
    settle(cluster);
    expect(await driverOf(cluster).run({ operation: 'scale', options: { replicas: 2 } })).toMatchObject({ exitCode: 0 });
    expect(names(cluster)).toEqual(['web-0', 'web-1']);
  });

  it('goes on as it was allowed to, without the flag typed again', async () => {
    const cluster = running(4);
    Object.assign(cluster.options, { broken: [0] });
    settle(cluster);
    const driver = driverOf(cluster);
    driver.afterRound = () => {
      if (cluster.set()?.spec.replicas === 3) driver.stop.abort();
    };
    const options = { replicas: 2 };
    expect(await driver.run({ operation: 'scale', options, allow: ['unhealthy-member-stays'] })).toMatchObject({ exitCode: 4 });
    expect(await driverOf(cluster).run({ operation: 'scale', options })).toMatchObject({ exitCode: 0 });
  });
});

describe('cancel of a scale-up', () => {
  it('refuses while whenScaled: Delete would take old PVCs with the members', async () => {
    const cluster = running(2, { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Delete' } });
    cluster.create(CLAIMS, { metadata: { name: 'data-web-2' }, spec: { volumeName: 'old' }, status: { phase: 'Bound' } });
    const driver = driverOf(cluster);
    driver.afterRound = () => {
      if (names(cluster).includes('web-2')) driver.stop.abort();
    };
    expect(await driver.run({ operation: 'scale', options: { replicas: 3 } })).toMatchObject({ exitCode: 4 });
    expect(await driverOf(cluster).run({ operation: 'cancel' })).toMatchObject({
      exitCode: 3,
      findings: [{ id: 'claims-deleted-on-scale-down', override: 'allow' }],
    });
    settle(cluster);
    expect(claims(cluster)).toContain('data-web-2');
  });
});

describe('PVCs that are not Bound', () => {
  it('a scale-up that binds a PVC is no loss', async () => {
    const cluster = running(2);
    cluster.create(CLAIMS, { metadata: { name: 'data-web-2' }, spec: {}, status: { phase: 'Pending' } });
    const driver = driverOf(cluster);
    driver.afterRound = () => {
      if (names(cluster).includes('web-2') && claimOf(cluster, 'data-web-2').status.phase !== 'Bound')
        setPhase(cluster, 'data-web-2', 'Bound');
    };
    expect(await driver.run({ operation: 'scale', options: { replicas: 3 } })).toMatchObject({ exitCode: 0 });
  });

  it('a parked PVC that was never bound does not keep a restore from its end', async () => {
    const cluster = running(2);
    cluster.create(CLAIMS, { metadata: { name: 'data-web-5' }, spec: {}, status: { phase: 'Pending' } });
    const driver = driverOf(cluster);
    expect(await driver.run({ operation: 'delete' })).toMatchObject({ exitCode: 0 });
    expect(await driver.run({ operation: 'restore' })).toMatchObject({ exitCode: 0 });
  });
});

describe('restore', () => {
  it('starts no member when a PVC went while the plan was read', async () => {
    const cluster = running(2);
    const driver = driverOf(cluster);
    await driver.run({ operation: 'delete' });
    driver.afterConsent = () => void cluster.objects.delete(`${CLAIMS}/data-web-1`);
    await expect(driver.run({ operation: 'restore' })).rejects.toThrow('data-web-1');
    expect(names(cluster)).toEqual([]);
  });

  it('going on, starts no member when a PVC went in the meantime', async () => {
    const cluster = running(2);
    const driver = driverOf(cluster);
    await driver.run({ operation: 'delete' });
    cluster.onWrite = (moment, what) => {
      if (moment === 'after' && what.startsWith('POST') && what.endsWith('statefulsets')) driver.stop.abort();
    };
    expect(await driver.run({ operation: 'restore' })).toMatchObject({ exitCode: 4 });
    cluster.onWrite = () => {};
    cluster.objects.delete(`${CLAIMS}/data-web-1`);
    const refused = await driverOf(cluster).run({ operation: 'restore' });
    expect(refused).toMatchObject({ exitCode: 3, findings: [{ id: 'claim-missing', severity: 'blocks' }] });
    expect(names(cluster)).toEqual([]);
    expect(await driverOf(cluster).run({ operation: 'restore', allow: ['claim-missing'] })).toMatchObject({ exitCode: 0 });
  });
});

describe('delete --delete-claims', () => {
  const backup = {
    metadata: { name: 'backup' },
    spec: { containers: [], volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data-web-1' } }] },
    status: { phase: 'Running' },
  };

  it('destroys no PVC that a Pod came to use in the meantime', async () => {
    const cluster = running(2);
    const driver = driverOf(cluster);
    driver.afterConsent = () => void cluster.create('/api/v1/namespaces/prod/pods', backup);
    expect(await driver.run({ operation: 'delete', options: { deleteClaims: true } })).toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('data-web-1 is mounted by Pod backup'),
    });
    expect(claims(cluster)).toContain('data-web-1');
  });

  it('is refused while a Pod that is no member mounts one', async () => {
    const cluster = running(2);
    cluster.create('/api/v1/namespaces/prod/pods', backup);
    expect(await driverOf(cluster).run({ operation: 'delete', options: { deleteClaims: true } })).toMatchObject({
      exitCode: 3,
      findings: [{ id: 'claim-in-use', override: 'never' }],
    });
  });
});

describe('left-over members', () => {
  it('go first, the highest first', async () => {
    const cluster = running(5);
    // A scale-down that is stuck: nobody but a person or we would go on.
    const key = '/apis/apps/v1/namespaces/prod/statefulsets/web';
    const live = cluster.set();
    Object.assign(cluster.options, { broken: [0] });
    settle(cluster);
    cluster.store(key, { ...live, metadata: { ...live?.metadata, generation: 9 }, spec: { ...live?.spec, replicas: 2 } });
    settle(cluster);
    expect(names(cluster)).toHaveLength(5);
    expect(await driverOf(cluster).run({ operation: 'delete' })).toMatchObject({ exitCode: 0 });
    const order = cluster.log.filter((line) => POD_DELETE.test(line)).map((line) => line.slice(-5));
    expect(order).toEqual(['web-4', 'web-3', 'web-2', 'web-1']);
  });
});

describe('a plan that was read for a long time', () => {
  const long = 60_000;
  const writes = (cluster: ModelCluster): number => cluster.log.length;

  it('is not made again where a flag agrees, however slow the machine is', async () => {
    const cluster = running(3);
    const driver = driverOf(cluster);
    driver.afterConsent = () => void (cluster.now += long);
    expect(await driver.run({ operation: 'scale', options: { replicas: 2 } })).toMatchObject({ exitCode: 0 });
    expect([driver.reads.get('hpas'), driver.reads.get('jobs')]).toEqual([1, 1]);
  });

  it('is made again on what is followed: no list of that is read for it', async () => {
    const cluster = running(3);
    const driver = driverOf(cluster);
    driver.prompts = true;
    expect(await driver.run({ operation: 'scale', options: { replicas: 2 } })).toMatchObject({ exitCode: 0 });
    // The second one is the last look, which rests on no watch.
    expect(['pods', 'claims', 'hpas', 'jobs'].map((slice) => driver.reads.get(slice as SliceName))).toEqual([2, 2, 2, 2]);
  });

  it('is made again, and carried out when it is the same', async () => {
    const cluster = running(3);
    const driver = driverOf(cluster);
    driver.prompts = true;
    driver.afterConsent = () => void (cluster.now += long);
    expect(await driver.run({ operation: 'scale', options: { replicas: 2 } })).toMatchObject({ exitCode: 0 });
    expect(names(cluster)).toEqual(['web-0', 'web-1']);
  });

  it('is not carried out when it would be another one now, and says what has changed', async () => {
    const cluster = running(3);
    const driver = driverOf(cluster);
    const before = writes(cluster);
    driver.prompts = true;
    driver.afterConsent = () => {
      cluster.now += long;
      const set = cluster.set();
      cluster.store('/apis/apps/v1/namespaces/prod/statefulsets/web', { ...set, spec: { ...set?.spec, replicas: 4 } });
    };
    await expect(driver.run({ operation: 'scale', options: { replicas: 2 } })).rejects.toThrow('replicas of statefulset/web was 3, is 4');
    expect(writes(cluster)).toBe(before);
  });

  it('tells what has come up since and does not block', async () => {
    const cluster = running(3);
    const driver = driverOf(cluster);
    driver.prompts = true;
    driver.afterConsent = () => {
      cluster.now += long;
      Object.assign(cluster.options, { broken: [0] });
      settle(cluster);
    };
    expect(await driver.run({ operation: 'delete' })).toMatchObject({ exitCode: 0 });
    expect(driver.events).toContainEqual(expect.objectContaining({ type: 'warning', message: expect.stringContaining('web-0') }));
  });

  it('is made again after a question about a take-over, although a flag agrees to the plan at once', async () => {
    const cluster = running(3, {}, { stopRounds: 3 });
    const ann = driverOf(cluster);
    const killed = () => {
      throw new Error('killed');
    };
    ann.afterRound = () => {
      if (cluster.set()?.spec.replicas !== 1) return;
      // A dead process writes nothing more.
      cluster.onWrite = killed;
      killed();
    };
    await expect(ann.run({ operation: 'scale', options: { replicas: 1 } })).rejects.toThrow('killed');
    cluster.onWrite = () => {};
    settle(cluster);
    cluster.now += long;
    const bob = driverOf(cluster, { user: 'bob', host: 'there', pid: 2 });
    bob.liveness = 'elsewhere';
    bob.takeOver = () => {
      const set = cluster.set();
      cluster.store('/apis/apps/v1/namespaces/prod/statefulsets/web', { ...set, spec: { ...set?.spec, replicas: 2 } });
      settle(cluster);
    };
    expect(await bob.run({ operation: 'scale', options: { replicas: 1 }, takeOver: false })).toMatchObject({
      exitCode: 3,
      findings: [{ id: 'replicas-changed' }],
    });
  });

  it('is refused by what has come up since', async () => {
    const cluster = running(3);
    const driver = driverOf(cluster);
    driver.prompts = true;
    driver.afterConsent = () => {
      cluster.now += long;
      Object.assign(cluster.options, { broken: [0] });
      settle(cluster);
    };
    expect(await driver.run({ operation: 'scale', options: { replicas: 2 } })).toMatchObject({
      exitCode: 3,
      outcome: 'refused',
      findings: [{ id: 'unhealthy-member-stays' }],
    });
    expect(driver.planned.map(({ outcome }) => outcome)).toEqual(['plan', 'refused']);
    expect(names(cluster)).toHaveLength(3);
  });
});

describe('an archive number that is taken', () => {
  it('is not mistaken for our own archive', async () => {
    const cluster = running(2);
    await driverOf(cluster).run({ operation: 'scale', options: { replicas: 3 } });
    // Somebody cleared the index away, and left the archive.
    cluster.objects.delete('/api/v1/namespaces/prod/secrets/sts-safe.web');
    await expect(driverOf(cluster).run({ operation: 'delete' })).rejects.toThrow('sts-safe.web.1');
    expect(cluster.set()?.spec.replicas).toBe(3);
    // The number is known now.
    expect(await driverOf(cluster).run({ operation: 'delete' })).toMatchObject({ exitCode: 0 });
    expect(await driverOf(cluster).run({ operation: 'restore' })).toMatchObject({ exitCode: 0 });
    expect(cluster.set()?.spec.replicas).toBe(3);
  });
});
