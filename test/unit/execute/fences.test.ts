import { describe, expect, it } from 'vitest';
import type { Claim, Pod, StatefulSet } from '../../../src/domain/kube.ts';
import type { ModelCluster } from '../../support/model/cluster.ts';
import { round } from '../../support/model/controller.ts';
import { driverOf } from '../../support/model/drive.ts';
import { indexOf } from '../../support/model/killed.ts';
import { changeSpec, running } from '../../support/model/running-set.ts';

/** Two hands on one object: whoever was taken over writes nothing more. */

const SET = '/apis/apps/v1/namespaces/prod/statefulsets/web';
const INDEX = '/api/v1/namespaces/prod/secrets/sts-safe.web';
const CORE = '/api/v1/namespaces/prod';

const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image: 'new' }] } };

const claimNames = (cluster: ModelCluster): readonly string[] =>
  cluster.list<Claim>('persistentvolumeclaims').map(({ metadata }) => metadata.name);

/** As `fence-off.ts` does for whoever takes over: another record, then the object's next resourceVersion. */
function takenOver(cluster: ModelCluster, object: string): void {
  const secret = cluster.objects.get(INDEX) as { data: Record<string, string> };
  cluster.store(INDEX, { ...secret, data: { ...secret.data, record: Buffer.from('{"somebody":"else"}').toString('base64') } });
  cluster.store(object, cluster.objects.get(object) ?? {});
}

it('a PVC is not deleted by whoever was suspended behind the intent and taken over', async () => {
  const cluster = running(1);
  cluster.onWrite = (moment, what) => {
    if (moment !== 'after' || !what.includes(INDEX) || indexOf(cluster).record?.cursor !== 'delete-claim/data-web-0') return;
    cluster.onWrite = () => {};
    takenOver(cluster, `${CORE}/persistentvolumeclaims/data-web-0`);
  };
  expect(await driverOf(cluster).run({ operation: 'delete', options: { deleteClaims: true } })).toMatchObject({ exitCode: 4 });
  expect(claimNames(cluster)).toEqual(['data-web-0']);
});

it('a member left from an earlier scale-down is removed with the cursor on it', async () => {
  const cluster = running(3, {}, { broken: [0] });
  changeSpec(cluster, { replicas: 1 });
  round(cluster);
  const cursors = new Set<string>();
  const driver = driverOf(cluster);
  driver.afterRound = () => {
    const record = cluster.set()?.metadata.annotations?.['sts-safe.dev/operation'];
    if (record !== undefined) cursors.add((JSON.parse(record) as { cursor: string }).cursor);
  };
  expect(await driver.run({ operation: 'delete' })).toMatchObject({ exitCode: 0 });
  expect([...cursors].filter((cursor) => cursor.startsWith('left-over/'))).toEqual(
    cluster.log.filter((what) => /DELETE .*pods\/web-[12]/.test(what)).map((what) => what.replace(/.*web-/, 'left-over/')),
  );
});

describe('a Pod of a member’s name that is not the set’s and was allowed to stay', () => {
  it('does not hinder the deletion of PVCs that it does not mount', async () => {
    const cluster = running(1);
    const job = { apiVersion: 'batch/v1', kind: 'Job', name: 'backup', uid: 'uid-backup', controller: true };
    cluster.store('/apis/batch/v1/namespaces/prod/jobs/backup', { metadata: { name: 'backup', uid: 'uid-backup' } });
    cluster.create(`${CORE}/pods`, {
      metadata: { name: 'web-7', ownerReferences: [job] },
      spec: { containers: [] },
      status: { phase: 'Running' },
    });
    const request = { operation: 'delete', options: { deleteClaims: true }, allow: ['released-pod'] } as const;
    expect(await driverOf(cluster).run(request)).toMatchObject({ exitCode: 0 });
    expect(claimNames(cluster)).toEqual([]);
    expect(cluster.list<Pod>('pods').map(({ metadata }) => metadata.name)).toEqual(['web-7']);
  });
});

describe('a template that someone changes', () => {
  it('ends a scale-down that is under way, and is told when it goes on', async () => {
    const cluster = running(4);
    const driver = driverOf(cluster);
    driver.afterRound = () => {
      const set = cluster.set();
      if (set?.spec.replicas !== 3 || set.spec.template.spec.containers[0]?.image === 'new') return;
      changeSpec(cluster, { template });
    };
    const request = { operation: 'scale', options: { replicas: 1 } } as const;
    expect(await driver.run(request)).toMatchObject({
      exitCode: 4,
      message: expect.stringContaining(
        'spec.template.spec.containers[0].image of StatefulSet web was changed by another client after this began',
      ),
    });
    expect(cluster.set()?.spec.replicas).toBe(3);
    expect(await driverOf(cluster).run(request)).toMatchObject({ exitCode: 0 });
  });
});

it('a set whose template someone changed when its last member had gone is not deleted: the archive does not hold it', async () => {
  const cluster = running(1);
  cluster.onWrite = (moment, what) => {
    const data = cluster.objects.get(INDEX)?.['data'] as Record<string, string> | undefined;
    if (moment !== 'after' || !what.includes(INDEX) || data?.['record'] === undefined) return;
    cluster.onWrite = () => {};
    changeSpec(cluster, { template });
  };
  expect(await driverOf(cluster).run({ operation: 'delete' })).toMatchObject({
    exitCode: 4,
    message: expect.stringContaining('was changed by another client after it was archived'),
  });
  expect(cluster.set()).toBeDefined();
});

describe('an owner of a set that is restored', () => {
  const owner = { apiVersion: 'example.com/v1', kind: 'Database', name: 'main', uid: 'uid-database', controller: true };
  const served = { resources: [{ name: 'databases', kind: 'Database', namespaced: true }] };
  it.each([
    ['stays an owner while it is there', 'uid-database', 0],
    ['is left out when another object has its name', 'uid-another', 1],
    ['is left out when it is gone', undefined, 1],
  ])('%s', async (_, uid, warnings) => {
    const cluster = running(1);
    const set = cluster.set() as StatefulSet;
    cluster.store(SET, { ...set, metadata: { ...set.metadata, ownerReferences: [owner] } });
    cluster.store('/apis/example.com/v1', served);
    const database = '/apis/example.com/v1/namespaces/prod/databases/main';
    cluster.store(database, { metadata: { name: 'main', uid: 'uid-database' } });
    expect(await driverOf(cluster).run({ operation: 'delete', allow: ['operator-owned'] })).toMatchObject({ exitCode: 0 });
    cluster.objects.delete(database);
    if (uid !== undefined) cluster.store(database, { metadata: { name: 'main', uid } });
    const result = await driverOf(cluster).run({ operation: 'restore' });
    expect(result).toMatchObject({ exitCode: 0 });
    expect(cluster.set()?.metadata.ownerReferences).toEqual(warnings === 0 ? [owner] : undefined);
    expect(result.warnings ?? []).toHaveLength(warnings);
  });
});
