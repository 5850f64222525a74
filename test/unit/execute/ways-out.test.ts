import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../src/domain/errors.ts';
import type { ModelCluster } from '../../support/model/cluster.ts';
import { driverOf } from '../../support/model/drive.ts';
import { indexOf, killedAt } from '../../support/model/killed.ts';
import { changeSpec, running, settle } from '../../support/model/running-set.ts';

/** Every record has a command that ends it, whatever others have done; and nobody's set is taken for ours. */

const SETS = '/apis/apps/v1/namespaces/prod/statefulsets';
const INDEX = '/api/v1/namespaces/prod/secrets/sts-safe.web';
const bob = { user: 'bob', host: 'there', pid: 2 };
const theirs = { selector: {}, template: { spec: { containers: [] } } };

function makeTheirs(cluster: ModelCluster, replicas = 0): void {
  cluster.create(SETS, { metadata: { name: 'web', namespace: 'prod' }, spec: { replicas, ...theirs } });
}

async function deleted(members = 2): Promise<ModelCluster> {
  const cluster = running(members);
  expect(await driverOf(cluster).run({ operation: 'delete' })).toMatchObject({ exitCode: 0 });
  return cluster;
}

describe('a way back that was about to create the set again', () => {
  it.each([
    ['its first write', /PATCH .*secrets\/sts-safe\.web$/],
    ['the creation', /POST .*statefulsets/],
  ])('is ended by cancel after another client made one: stopped at %s', async (_, at) => {
    const cluster = running(2);
    await killedAt(cluster, /DELETE .*statefulsets/, 'after', () => driverOf(cluster).run({ operation: 'delete' }));
    await killedAt(cluster, at, at.test('POST statefulsets') ? 'before' : 'after', () => driverOf(cluster).run({ operation: 'cancel' }));
    makeTheirs(cluster);
    expect(await driverOf(cluster, bob).run({ operation: 'cancel' })).toMatchObject({ exitCode: 0 });
    expect(indexOf(cluster).record).toBeUndefined();
    expect(cluster.set()?.spec).toMatchObject(theirs);
  });

  it('tells the others how to give it up', async () => {
    const cluster = running(2);
    await killedAt(cluster, /DELETE .*statefulsets/, 'after', () => driverOf(cluster).run({ operation: 'delete' }));
    await killedAt(cluster, /POST .*statefulsets/, 'before', () => driverOf(cluster).run({ operation: 'cancel' }));
    const { findings } = await driverOf(cluster, bob).run({ operation: 'restore' });
    expect(findings[0]?.remedies).toMatchObject([
      { operation: 'cancel' },
      { do: 'kubectl', args: ['patch', 'secret', 'sts-safe.web', '--type=json', '-p', expect.any(String)] },
    ]);
  });
});

describe('a restore from a file that the cluster has no archive of', () => {
  it.each(['before', 'after'] as const)('is given up by cancel when it stopped %s the creation', async (when) => {
    const cluster = running(2);
    const files = new Map<string, string>();
    await driverOf(cluster, undefined, files).run({ operation: 'delete', saveTo: 'web.json' });
    cluster.objects.delete(`${INDEX}.1`);
    cluster.objects.delete(INDEX);
    const restore = { operation: 'restore', options: { archive: './web.json' } } as const;
    files.set('./web.json', files.get('web.json') ?? '');
    await killedAt(cluster, /POST .*statefulsets/, when, () => driverOf(cluster, undefined, files).run(restore));
    expect(await driverOf(cluster, bob).run({ operation: 'cancel' })).toMatchObject({ exitCode: 0 });
    expect(indexOf(cluster).record).toBeUndefined();
    expect(cluster.set()).toBeUndefined();
  });
});

it('a deletion whose archive is lost says how to forget it', async () => {
  const cluster = running(2);
  await killedAt(cluster, /DELETE .*statefulsets/, 'after', () => driverOf(cluster).run({ operation: 'delete' }));
  cluster.objects.delete(`${INDEX}.1`);
  await expect(driverOf(cluster, bob).run({ operation: 'cancel' })).rejects.toMatchObject({
    name: 'RefusedError',
    hint: expect.stringContaining('kubectl patch secret sts-safe.web'),
  });
});

describe('a restore whose set someone scaled before its fields were put back', () => {
  const scaled = async (replicas: number): Promise<ModelCluster> => {
    const cluster = await deleted(3);
    await killedAt(cluster, /PATCH .*statefulsets/, 'before', () => driverOf(cluster).run({ operation: 'restore' }));
    changeSpec(cluster, { replicas });
    settle(cluster);
    return cluster;
  };

  it('goes on', async () => {
    const cluster = await scaled(2);
    await expect(driverOf(cluster, bob).run({ operation: 'cancel' })).rejects.toThrow('has started its members already');
    expect(await driverOf(cluster, bob).run({ operation: 'restore' })).toMatchObject({ exitCode: 0 });
    expect(cluster.set()?.spec).toMatchObject({ replicas: 3, updateStrategy: { rollingUpdate: { partition: 0 } } });
    expect(indexOf(cluster).record).toBeUndefined();
  });

  it('takes no member down, and says what to do first', async () => {
    const cluster = await scaled(4);
    await expect(driverOf(cluster, bob).run({ operation: 'restore' })).rejects.toMatchObject({
      message: expect.stringContaining('was scaled to 4 replicas in the meantime, and its archive has 3'),
      hint: expect.stringContaining('--replicas=3'),
    });
    changeSpec(cluster, { replicas: 3 });
    settle(cluster);
    expect(await driverOf(cluster, bob).run({ operation: 'restore' })).toMatchObject({ exitCode: 0 });
  });
});

describe('a restore whose set someone replaced', () => {
  it.each(['before', 'after'] as const)('says so, and leaves theirs alone: killed %s the fields were put back', async (when) => {
    const cluster = await deleted();
    await killedAt(cluster, /PATCH .*statefulsets/, when, () => driverOf(cluster).run({ operation: 'restore' }));
    cluster.objects.delete(`${SETS}/web`);
    for (const path of cluster.objects.keys()) if (path.includes('/pods/')) cluster.objects.delete(path);
    makeTheirs(cluster);
    expect(await driverOf(cluster, bob).run({ operation: 'restore' })).toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('is not the one that we created; cancel removes the operation record'),
    });
    expect(await driverOf(cluster, bob).run({ operation: 'cancel' })).toMatchObject({ exitCode: 0 });
    expect(indexOf(cluster).record).toBeUndefined();
    expect(cluster.set()?.spec).toMatchObject(theirs);
    expect(cluster.set()?.metadata.managedFields).toBeUndefined();
  });

  it('or deleted, is told at once', async () => {
    const cluster = await deleted();
    const driver = driverOf(cluster);
    driver.afterRound = () => {
      if ((cluster.set()?.spec.replicas ?? 0) > 0) cluster.objects.delete(`${SETS}/web`);
    };
    expect(await driver.run({ operation: 'restore' })).toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('was deleted by another client'),
    });
  });
});

it('an empty set that someone made is not ours because the archived one had no members either', async () => {
  const cluster = await deleted(0);
  await killedAt(cluster, /POST .*statefulsets/, 'before', () => driverOf(cluster).run({ operation: 'restore' }));
  makeTheirs(cluster);
  expect(await driverOf(cluster, bob).run({ operation: 'cancel' })).toMatchObject({ exitCode: 0 });
  expect(cluster.set()).toBeDefined();
});

it('a deletion is done although another client deleted the empty set', async () => {
  const cluster = running(1);
  cluster.onWrite = (moment, what) => {
    const carried = cluster.objects.get(INDEX)?.['data'] as Record<string, string> | undefined;
    if (moment === 'after' && /PATCH .*secrets/.test(what) && carried?.['record'] !== undefined) cluster.objects.delete(`${SETS}/web`);
  };
  expect(await driverOf(cluster).run({ operation: 'delete' })).toMatchObject({ exitCode: 0 });
  expect(indexOf(cluster).record).toBeUndefined();
});

it('a lost answer to the deletion of the set is read back where no Secret carries the record', async () => {
  const cluster = running(1);
  const driver = driverOf(cluster);
  driver.denied = (needs) => needs.filter(({ resource }) => resource === 'secrets');
  cluster.onWrite = (moment, what) => {
    if (moment === 'before' || !/DELETE .*statefulsets/.test(what)) return;
    cluster.onWrite = () => {};
    throw new ApiError({ message: 'reset', status: undefined, reason: 'ECONNRESET', sent: 'unanswered', request: what });
  };
  expect(await driver.run({ operation: 'delete', saveTo: 'web.json' })).toMatchObject({ exitCode: 0 });
});
