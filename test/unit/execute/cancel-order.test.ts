import { describe, expect, it } from 'vitest';
import type { ManagedFieldsEntry, StatefulSet } from '../../../src/domain/kube.ts';
import type { ModelCluster } from '../../support/model/cluster.ts';
import { driverOf } from '../../support/model/drive.ts';
import { indexOf, killedAt } from '../../support/model/killed.ts';
import { expectNothingOpen, recordsIn } from '../../support/model/laws.ts';
import { running, settle } from '../../support/model/running-set.ts';

/** `cancel` knows that it can be done before it writes, and whatever it is stopped at, a record is left to resume from. */

const SET = '/apis/apps/v1/namespaces/prod/statefulsets/web';
const policy = { whenDeleted: 'Delete', whenScaled: 'Retain' } as const;

/** A deletion that was killed when it had recorded on the index that the set is about to be deleted. */
async function handedOver(): Promise<ModelCluster> {
  const cluster = running(2, { persistentVolumeClaimRetentionPolicy: policy });
  await killedAt(cluster, /DELETE .*statefulsets/, 'before', () => driverOf(cluster).run({ operation: 'delete' }));
  expect(recordsIn(cluster).map((found) => found.carrier)).toEqual(['set', 'index']);
  return cluster;
}

/** Writes of one run, Events aside. */
async function writesOf(cluster: ModelCluster): Promise<readonly string[]> {
  const from = cluster.log.length;
  expect(await driverOf(cluster).run({ operation: 'cancel' })).toMatchObject({ exitCode: 0 });
  return cluster.log.slice(from).filter((what) => !what.includes('/events'));
}

it('the record on the set is removed last, after the one on the index', async () => {
  const cluster = await handedOver();
  const writes = await writesOf(cluster);
  expect(writes.slice(-3).map((what) => what.replace(/ .*\//, ' '))).toEqual(['PATCH web', 'PATCH sts-safe.web', 'PATCH web']);
  expectNothingOpen(cluster);
});

describe('stopped at any write', () => {
  it.each(['before', 'after'] as const)('%s it reaches the server, a record is left, and the same command ends it', async (when) => {
    const all = await writesOf(await handedOver());
    for (let nth = 1; nth <= all.length; nth++) {
      const cluster = await handedOver();
      let writes = 0;
      const isNth = { test: (what: string) => !what.includes('/events') && ++writes === nth } as RegExp;
      await killedAt(cluster, isNth, when, () => driverOf(cluster).run({ operation: 'cancel' }));
      const open = recordsIn(cluster);
      if (when === 'before' || nth < all.length) expect(open.length, `records at write ${nth}`).toBeGreaterThan(0);
      if (open.length === 0) continue;
      // The deletion does not resume over what cancel has put back.
      if (cluster.set()?.spec.replicas === 2)
        expect(await driverOf(cluster).run({ operation: 'delete' })).toMatchObject({ exitCode: 3, findings: [{ id: 'other-operation' }] });
      expect(await driverOf(cluster).run({ operation: 'cancel' })).toMatchObject({ exitCode: 0 });
      settle(cluster);
      expect(cluster.set()?.spec).toMatchObject({ replicas: 2, persistentVolumeClaimRetentionPolicy: policy });
      expectNothingOpen(cluster);
    }
  });
});

it('the record on the set is the one that is left `stopped`', async () => {
  const cluster = await handedOver();
  const driver = driverOf(cluster);
  cluster.onWrite = (moment, what) => {
    if (moment === 'after' && what === `PATCH ${SET}`) driver.stop.abort();
  };
  expect(await driver.run({ operation: 'cancel' })).toMatchObject({ outcome: 'stopped', done: ['put-back'] });
  expect(recordsIn(cluster)[0]).toMatchObject({ carrier: 'set', record: { kind: 'cancel', phase: 'stopped', cursor: 'put-back' } });
  cluster.onWrite = () => {};
  expect(await driverOf(cluster).run({ operation: 'delete' })).toMatchObject({ exitCode: 3, findings: [{ id: 'other-operation' }] });
  expect(await driverOf(cluster).run({ operation: 'cancel' })).toMatchObject({ exitCode: 0 });
});

describe('a set that is being deleted', () => {
  async function going(): Promise<ModelCluster> {
    const cluster = running(2);
    cluster.finalize(SET, ['example.com/protection']);
    await killedAt(cluster, /DELETE .*statefulsets/, 'after', () => driverOf(cluster).run({ operation: 'delete' }));
    expect(cluster.set()?.metadata.deletionTimestamp).toBeDefined();
    return cluster;
  }

  it('is not what cancel goes back to: refused, nothing written, and the deletion still ends', async () => {
    const cluster = await going();
    const [before, records] = [cluster.log.length, recordsIn(cluster)];
    const refused = await driverOf(cluster).run({ operation: 'cancel' });
    expect(refused).toMatchObject({ exitCode: 3, findings: [{ id: 'set-being-deleted' }] });
    expect([cluster.log.length, recordsIn(cluster)]).toEqual([before, records]);
    cluster.finalize(SET, []);
    expect(await driverOf(cluster).run({ operation: 'delete' })).toMatchObject({ exitCode: 0 });
    expect(indexOf(cluster)).toMatchObject({ record: undefined, entries: [{ setDeleted: true }] });
  });

  it('is created again by cancel once it is gone', async () => {
    const cluster = await going();
    cluster.finalize(SET, []);
    expect(await driverOf(cluster).run({ operation: 'cancel' })).toMatchObject({ exitCode: 0 });
    expect(cluster.set()?.spec.replicas).toBe(2);
    expectNothingOpen(cluster);
  });

  it('takes no change when that comes right before the write', async () => {
    const cluster = await handedOver();
    const driver = driverOf(cluster);
    driver.afterConsent = () => {
      cluster.finalize(SET, ['example.com/protection']);
      cluster.end(SET);
    };
    expect(await driver.run({ operation: 'cancel' })).toMatchObject({
      exitCode: 4,
      done: [],
      message: expect.stringContaining('is being deleted'),
    });
    expect(recordsIn(cluster).map((found) => found.carrier)).toEqual(['set', 'index']);
  });
});

it('field ownership goes back to who had it', async () => {
  const cluster = running(2);
  const entry = (manager: string, operation: string, fields: readonly string[]): ManagedFieldsEntry => ({
    manager,
    operation,
    apiVersion: 'apps/v1',
    fieldsV1: { 'f:spec': Object.fromEntries(fields.map((field) => [`f:${field}`, {}])) },
  });
  const owned = (managedFields: readonly ManagedFieldsEntry[]): void => {
    const set = cluster.set() as StatefulSet;
    cluster.store(SET, { ...set, metadata: { ...set.metadata, managedFields } });
  };
  const before = [entry('deploy-bot', 'Apply', ['replicas', 'template'])];
  owned(before);
  await killedAt(cluster, /PATCH .*statefulsets/, 'after', () => driverOf(cluster).run({ operation: 'scale', options: { replicas: 1 } }));
  owned([entry('deploy-bot', 'Apply', ['template']), entry('kubectl-sts-safe', 'Update', ['replicas'])]);
  expect(await driverOf(cluster).run({ operation: 'cancel' })).toMatchObject({ exitCode: 0 });
  expect(cluster.set()?.metadata.managedFields).toMatchObject([{ manager: 'deploy-bot', fieldsV1: { 'f:spec': { 'f:replicas': {} } } }]);
  expect(cluster.set()?.metadata.managedFields).toHaveLength(1);
});
