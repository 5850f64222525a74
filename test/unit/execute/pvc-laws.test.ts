import { describe, expect, it } from 'vitest';
import type { Claim, Pod, Volume } from '../../../src/domain/kube.ts';
import type { OperationRequest } from '../../../src/operate/ports.ts';
import type { ModelCluster } from '../../support/model/cluster.ts';
import { driverOf } from '../../support/model/drive.ts';
import { killedAt } from '../../support/model/killed.ts';
import { changeSpec, running, settle } from '../../support/model/running-set.ts';

/** Laws of the operations on PVCs: killed anywhere, with a controller that wants the name back, no data is lost or left behind. */

const NAME = 'data-web-1';
const about = { resource: 'persistentvolumeclaims', namespace: 'prod', name: NAME } as const;
const retire: Partial<OperationRequest> & { operation: string } = { operation: 'pvc retire', target: about, options: { names: [NAME] } };
const restore = { ...retire, operation: 'pvc restore' };
const swap = { ...restore, options: { names: [NAME], swap: true } };
const purge = { ...retire, operation: 'pvc purge' };

/** A set that had two members and has one: data-web-1 is left over. */
function leftOver(): { readonly cluster: ModelCluster; readonly full: Volume } {
  const cluster = running(2, {}, { volumes: true });
  changeSpec(cluster, { replicas: 1 });
  settle(cluster);
  const [full] = cluster.list<Volume>('persistentvolumes').filter(({ spec }) => spec.claimRef?.name === NAME);
  if (full === undefined) throw new Error('no volume');
  cluster.log.length = 0;
  return { cluster, full };
}

const volume = (cluster: ModelCluster, { metadata: { name } }: Volume): Volume | undefined =>
  cluster.objects.get(`/api/v1/persistentvolumes/${name}`) as unknown as Volume | undefined;
const claim = (cluster: ModelCluster): Claim | undefined =>
  cluster.list<Claim>('persistentvolumeclaims').find(({ metadata }) => metadata.name === NAME);
const write = (nth: number): RegExp => {
  let seen = 0;
  return { test: (what: string) => !what.includes('/events') && ++seen === nth } as unknown as RegExp;
};

/** The set wants its second member again: whatever Pod starts has the data of before. */
function scaleUp(cluster: ModelCluster, full: Volume): void {
  changeSpec(cluster, { replicas: 2 });
  settle(cluster);
  expect(volume(cluster, full)?.metadata.uid, 'the volume is lost').toBe(full.metadata.uid);
  const pod = cluster.list<Pod>('pods').find(({ metadata }) => metadata.name === 'web-1');
  if (pod !== undefined) expect(claim(cluster)?.spec.volumeName, 'a Pod has started on an empty volume').toBe(full.metadata.name);
}

function scaleDown(cluster: ModelCluster): void {
  changeSpec(cluster, { replicas: 1 });
  settle(cluster);
}

const moments = [1, 2, 3, 4, 5].flatMap((nth) => (['before', 'after'] as const).map((when) => [when, nth] as const));

describe('pvc retire', () => {
  it('takes the PVC away and reserves its volume', async () => {
    const { cluster, full } = leftOver();
    expect(await driverOf(cluster).run(retire)).toMatchObject({ exitCode: 0, message: `1 PVC retired, data retained: ${NAME}` });
    expect(claim(cluster)).toBeUndefined();
    expect(volume(cluster, full)).toMatchObject({ spec: { persistentVolumeReclaimPolicy: 'Retain' }, status: { phase: 'Available' } });
    expect(cluster.log.filter((what) => !what.includes('/events')).map((what) => what.replace(/\/(prod|api).*\//, '/'))).toHaveLength(5);
    scaleUp(cluster, full);
    expect(claim(cluster)?.spec.volumeName).toBe(full.metadata.name);
  });

  it.each(moments)('killed %s write %i: the controller gets the old data or none, and the same command finishes', async (when, nth) => {
    for (const meddles of [false, true]) {
      const { cluster, full } = leftOver();
      await killedAt(cluster, write(nth), when, () => driverOf(cluster).run(retire));
      if (meddles) scaleUp(cluster, full);
      if (meddles && claim(cluster)?.metadata.deletionTimestamp === undefined) scaleDown(cluster);
      const result = await driverOf(cluster, { user: 'bob', host: 'there', pid: 2 }).run(retire);
      expect(result.exitCode, result.message).toBe(0);
      settle(cluster);
      if (cluster.set()?.spec.replicas === 2) expect(claim(cluster)?.spec.volumeName).toBe(full.metadata.name);
      else expect(claim(cluster)).toBeUndefined();
      expect(volume(cluster, full)?.spec.persistentVolumeReclaimPolicy).toBe('Retain');
      expect(cluster.list('secrets')).toEqual([]);
    }
  });

  it('is refused for what a Pod mounts, and ends where one comes in the meantime, with the data retained', async () => {
    const { cluster, full } = leftOver();
    const driver = driverOf(cluster);
    const used = { ...retire, target: { ...about, name: 'data-web-0' }, options: { names: ['data-web-0'] } };
    expect(await driver.run(used)).toMatchObject({ exitCode: 3, findings: [{ id: 'pvc-in-use' }] });
    expect(cluster.log).toEqual([]);
    const path = '/api/v1/namespaces/prod/pods';
    cluster.onWrite = (when, what) => {
      if (when !== 'before' || !what.startsWith('DELETE')) return;
      cluster.onWrite = () => {};
      const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: NAME } }];
      cluster.create(path, { metadata: { name: 'guest' }, spec: { containers: [], volumes }, status: { phase: 'Running' } });
    };
    const result = await driver.run(retire);
    expect([result.exitCode, result.message]).toEqual([4, expect.stringMatching(/PVC data-web-1 is used by Pod guest/)]);
    expect(result.resumeCommand).toMatch(/^kubectl sts-safe pvc retire data-web-1 -n prod/);
    expect(volume(cluster, full)?.spec.persistentVolumeReclaimPolicy).toBe('Retain');
    cluster.objects.delete(`${path}/guest`);
    expect(await driverOf(cluster).run(retire)).toMatchObject({ exitCode: 0 });
  });

  it('is refused, and changes nothing, where volumes, Pods or attachments cannot be read', async () => {
    for (const slice of ['followedVolumes', 'pods', 'attachments', 'sets', 'claims'] as const) {
      const { cluster } = leftOver();
      const driver = driverOf(cluster);
      driver.blind = [slice];
      expect(await driver.run(retire), slice).toMatchObject({ exitCode: 3 });
      expect(cluster.log).toEqual([]);
    }
  });

  it('goes on with the others where a finalizer of another controller holds one', async () => {
    const cluster = running(3, {}, { volumes: true });
    changeSpec(cluster, { replicas: 1 });
    settle(cluster);
    cluster.finalize(`/api/v1/namespaces/prod/persistentvolumeclaims/${NAME}`, ['example.com/hold', 'kubernetes.io/pvc-protection']);
    const target = { resource: 'namespaces', namespace: 'prod', name: 'prod' } as const;
    const result = await driverOf(cluster).run({ operation: 'pvc retire', target, options: { names: [], excess: true } });
    expect([result.exitCode, result.message]).toEqual([4, expect.stringMatching(/example\.com\/hold/)]);
    expect(cluster.list<Claim>('persistentvolumeclaims').map(({ metadata }) => metadata.name)).toEqual(['data-web-0', NAME]);
    expect(result.resumeCommand).toMatch(/pvc retire --excess -n prod/);
  });
});

describe('pvc retire --quarantine', () => {
  const target = { resource: 'namespaces', namespace: 'prod', name: 'prod' } as const;
  const options = { names: [], excess: true, deletedSets: true, quarantine: '7d' };
  const weekly = { operation: 'pvc retire', target, options };
  const days = (cluster: ModelCluster, many: number): void => {
    cluster.now += many * 86_400_000;
  };
  const label = (cluster: ModelCluster): string | undefined => claim(cluster)?.metadata.labels?.['sts-safe.dev/quarantined'];

  it('marks first, and takes what is due later', async () => {
    const { cluster, full } = leftOver();
    expect(await driverOf(cluster).run(weekly)).toMatchObject({ exitCode: 0, message: `1 PVC quarantined: ${NAME}` });
    expect([label(cluster), claim(cluster)?.metadata.uid]).toEqual(['true', full.spec.claimRef?.uid]);
    days(cluster, 6);
    const waits = await driverOf(cluster).run(weekly);
    expect(waits).toMatchObject({ exitCode: 0, message: `nothing is due: ${NAME} has been quarantined for 6d, due in 23h` });
    days(cluster, 1);
    expect(await driverOf(cluster).run(weekly)).toMatchObject({ exitCode: 0, message: `1 PVC retired, data retained: ${NAME}` });
    expect(claim(cluster)).toBeUndefined();
    await driverOf(cluster).run(restore);
    expect(label(cluster)).toBeUndefined();
  });

  it('begins again when the StatefulSet has changed, and ends when it wants the PVC', async () => {
    const { cluster } = leftOver();
    await driverOf(cluster).run(weekly);
    days(cluster, 8);
    changeSpec(cluster, { minReadySeconds: 1 });
    settle(cluster);
    expect(await driverOf(cluster).run(weekly)).toMatchObject({ message: `1 PVC quarantined: ${NAME}` });
    changeSpec(cluster, { replicas: 2 });
    settle(cluster);
    expect(await driverOf(cluster).run(weekly)).toMatchObject({ exitCode: 0, message: 'quarantine ended' });
    expect(label(cluster)).toBeUndefined();
  });

  it('with --unused-for takes nothing of which it is not known', async () => {
    const { cluster } = leftOver();
    const long = { ...weekly, options: { names: [], excess: true, unusedFor: '30d' } };
    expect(await driverOf(cluster).run(long)).toMatchObject({ message: `nothing is due: ${NAME} has been unused for an unknown time` });
    const path = `/api/v1/namespaces/prod/persistentvolumeclaims/${NAME}`;
    const unused = (sinceDays: number): void => {
      const lastTransitionTime = new Date(cluster.now - sinceDays * 86_400_000).toISOString();
      const present = claim(cluster) as Claim;
      cluster.store(path, {
        ...present,
        status: { ...present.status, conditions: [{ type: 'Unused', status: 'True', lastTransitionTime }] },
      });
    };
    unused(29);
    expect(await driverOf(cluster).run(long)).toMatchObject({ message: `nothing is due: ${NAME} has been unused for 29d, due in 1d` });
    unused(31);
    expect(await driverOf(cluster).run(long)).toMatchObject({ message: `1 PVC retired, data retained: ${NAME}` });
  });
});

describe('pvc restore', () => {
  const retired = async (): Promise<ReturnType<typeof leftOver>> => {
    const world = leftOver();
    await driverOf(world.cluster).run(retire);
    world.cluster.log.length = 0;
    return world;
  };
  const isRestored = (cluster: ModelCluster, full: Volume): void => {
    settle(cluster);
    expect(claim(cluster)).toMatchObject({ spec: { volumeName: full.metadata.name }, status: { phase: 'Bound' } });
    expect(volume(cluster, full)).toMatchObject({
      metadata: { uid: full.metadata.uid },
      spec: { persistentVolumeReclaimPolicy: 'Delete' },
    });
    expect(volume(cluster, full)?.metadata.labels ?? {}).toEqual({});
  };

  it('creates the PVC on its volume', async () => {
    const { cluster, full } = await retired();
    expect(await driverOf(cluster).run(restore)).toMatchObject({ exitCode: 0, message: `PVC ${NAME} restored` });
    isRestored(cluster, full);
  });

  it.each([1, 2].flatMap((nth) => (['before', 'after'] as const).map((when) => [when, nth] as const)))(
    'killed %s write %i, is run again',
    async (when, nth) => {
      const { cluster, full } = await retired();
      await killedAt(cluster, write(nth), when, () => driverOf(cluster).run(restore));
      if (when === 'after' && nth === 2) return isRestored(cluster, full);
      expect(await driverOf(cluster).run(restore)).toMatchObject({ exitCode: 0 });
      isRestored(cluster, full);
    },
  );

  it.each([1, 2])('takes back a retirement that was killed after write %i, before the PVC was deleted', async (nth) => {
    const { cluster, full } = leftOver();
    const uid = claim(cluster)?.metadata.uid;
    await killedAt(cluster, write(nth), 'after', () => driverOf(cluster).run(retire));
    expect(await driverOf(cluster).run(restore)).toMatchObject({ exitCode: 0 });
    isRestored(cluster, full);
    expect(claim(cluster)?.metadata).toMatchObject({ uid, finalizers: ['kubernetes.io/pvc-protection'] });
  });

  it('killed anywhere in a swap, is run again; neither volume is lost', async () => {
    for (const [when, nth] of moments) {
      const { cluster, full } = await retired();
      // Another client took the reservation away, and the set has started on an empty volume.
      const path = `/api/v1/persistentvolumes/${full.metadata.name}`;
      const kept = volume(cluster, full) as Volume;
      cluster.store(path, { ...kept, spec: { ...kept.spec, claimRef: { ...kept.spec.claimRef, uid: full.spec.claimRef?.uid } } });
      changeSpec(cluster, { replicas: 2 });
      settle(cluster);
      scaleDown(cluster);
      const empty = claim(cluster)?.spec.volumeName ?? '';
      expect(empty).not.toBe(full.metadata.name);
      await expect(driverOf(cluster).run(restore)).rejects.toThrow(/bound to another PV/);
      await killedAt(cluster, write(nth), when, () => driverOf(cluster).run(swap));
      settle(cluster, 2);
      if (when !== 'after' || nth !== 5) expect((await driverOf(cluster).run(swap)).exitCode, `${when} ${nth}`).toBe(0);
      expect(claim(cluster)?.spec.volumeName, `${when} ${nth}`).toBe(full.metadata.name);
      isRestored(cluster, full);
      expect(cluster.objects.get(`/api/v1/persistentvolumes/${empty}`)).toMatchObject({
        spec: { persistentVolumeReclaimPolicy: 'Retain' },
      });
    }
  });
});

describe('pvc protect', () => {
  const web = { operation: 'pvc protect', target: { namespace: 'prod', name: 'web' } };
  const policies = (cluster: ModelCluster) =>
    cluster.list<Volume>('persistentvolumes').map(({ spec }) => spec.persistentVolumeReclaimPolicy);

  it('killed around a write, is run again; unprotect restores what was before', async () => {
    for (const [nth, when] of [1, 2].flatMap((one) => (['before', 'after'] as const).map((moment) => [one, moment] as const))) {
      const { cluster } = leftOver();
      await killedAt(cluster, write(nth), when, () => driverOf(cluster).run(web));
      expect((await driverOf(cluster).run(web)).exitCode).toBe(0);
      expect(policies(cluster)).toEqual(['Retain', 'Retain']);
      expect(await driverOf(cluster).run({ ...web, operation: 'pvc unprotect' })).toMatchObject({ exitCode: 0 });
      expect(policies(cluster)).toEqual(['Delete', 'Delete']);
    }
  });

  it('works while the namespace and its Pods are being deleted', async () => {
    const { cluster } = leftOver();
    const { namespace } = cluster;
    cluster.namespace = {
      metadata: { ...namespace.metadata, deletionTimestamp: '2026-06-01T12:00:00Z' },
      status: { phase: 'Terminating' },
    };
    cluster.finalize('/api/v1/namespaces/prod/pods/web-0', ['example.com/hold']);
    cluster.terminate('/api/v1/namespaces/prod/pods/web-0');
    expect(await driverOf(cluster).run(web)).toMatchObject({ exitCode: 0, verified: [expect.stringMatching(/^2 PVs are retained/)] });
  });
});

describe('pvc purge', () => {
  it.each(['before', 'after'] as const)('killed %s its write, deletes the volume when it is run again', async (when) => {
    const { cluster, full } = leftOver();
    await expect(driverOf(cluster).run(purge)).rejects.toThrow(/no PV is retired/);
    await driverOf(cluster).run(retire);
    await killedAt(cluster, write(1), when, () => driverOf(cluster).run(purge));
    if (when === 'before') expect(await driverOf(cluster).run(purge)).toMatchObject({ exitCode: 0, message: '1 PV deleted with its data' });
    settle(cluster);
    expect(volume(cluster, full)).toBeUndefined();
    expect(cluster.list<Volume>('persistentvolumes')).toHaveLength(1);
  });

  it('refuses a volume that is bound again', async () => {
    const { cluster, full } = leftOver();
    await driverOf(cluster).run(retire);
    scaleUp(cluster, full);
    await expect(driverOf(cluster).run(purge)).rejects.toThrow(/is bound again/);
    expect(volume(cluster, full)).toBeDefined();
  });
});
