import { describe, expect, it } from 'vitest';
import { ApiError, StoppedError } from '../../../src/domain/errors.ts';
import type { StatefulSet } from '../../../src/domain/kube.ts';
import type { ModelCluster } from '../../support/model/cluster.ts';
import { type Driver, driverOf } from '../../support/model/drive.ts';
import { indexOf, killedAt } from '../../support/model/killed.ts';
import { changeSpec, running, settle } from '../../support/model/running-set.ts';

/** What others do to a set, or in its place, while an operation of ours is held or stands on the index. */

const SETS = '/apis/apps/v1/namespaces/prod/statefulsets';
const INDEX = '/api/v1/namespaces/prod/secrets/sts-safe.web';
const bob = { user: 'bob', host: 'there', pid: 2 };
const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image: 'new' }] } };

describe('a held deletion whose set another client changed', () => {
  const held = async (): Promise<ModelCluster> => {
    const cluster = running(3, {}, { stopRounds: 3 });
    const driver = driverOf(cluster);
    driver.afterRound = () => {
      if ((cluster.set()?.spec.replicas ?? 3) < 3) driver.stop.abort();
    };
    expect(await driver.run({ operation: 'delete' })).toMatchObject({ outcome: 'stopped' });
    settle(cluster);
    return cluster;
  };
  it('does not go on over other replicas, and says so before the first write; cancel tells that it goes over them', async () => {
    const cluster = await held();
    changeSpec(cluster, { replicas: 5 });
    settle(cluster);
    expect(await driverOf(cluster, bob).run({ operation: 'delete' })).toMatchObject({
      exitCode: 3,
      findings: [{ id: 'replicas-changed' }],
    });
    const back = driverOf(cluster, bob);
    expect(await back.run({ operation: 'cancel' })).toMatchObject({ exitCode: 0 });
    expect(back.planned).toMatchObject([{ plan: { findings: [{ id: 'replicas-changed', severity: 'warns' }] } }]);
    expect(cluster.set()?.spec.replicas).toBe(3);
  });

  it('goes on when they are put back', async () => {
    const cluster = await held();
    changeSpec(cluster, { replicas: 5 });
    changeSpec(cluster, { replicas: 2 });
    expect(await driverOf(cluster, bob).run({ operation: 'delete' })).toMatchObject({ exitCode: 0 });
  });

  it('does not go on with an archive of another template, unless that is allowed', async () => {
    const cluster = await held();
    changeSpec(cluster, { template });
    expect(await driverOf(cluster, bob).run({ operation: 'delete' })).toMatchObject({
      exitCode: 3,
      findings: [{ id: 'archive-outdated' }],
    });
    expect(await driverOf(cluster, bob).run({ operation: 'delete', allow: ['archive-outdated'] })).toMatchObject({ exitCode: 0 });
  });

  it('stopped again, remembers what was allowed when it went on', async () => {
    const cluster = await held();
    changeSpec(cluster, { template });
    const driver = driverOf(cluster, bob);
    driver.afterRound = () => {
      if (cluster.set()?.spec.replicas === 1) driver.stop.abort();
    };
    const { outcome } = await driver.run({ operation: 'delete', allow: ['archive-outdated'] });
    expect(outcome).toBe('stopped');
    settle(cluster);
    expect(await driverOf(cluster).run({ operation: 'delete' })).toMatchObject({ exitCode: 0 });
  });

  it('that could not even be taken over is told with what is done, and both ways on', async () => {
    const cluster = await held();
    const forbidden = new ApiError({ message: 'no', status: 403, reason: 'Forbidden', sent: 'rejected', request: 'PATCH' });
    cluster.onWrite = (moment, what) => {
      if (moment === 'before' && /PATCH .*statefulsets/.test(what)) throw forbidden;
    };
    expect(await driverOf(cluster, bob).run({ operation: 'delete' })).toMatchObject({
      exitCode: 4,
      done: ['archive', 'protect', 'unown'],
      remaining: expect.arrayContaining(['scale-down/2', 'finish']),
      resumeCommand: expect.stringContaining('sts-safe delete web'),
      cancelCommand: expect.stringContaining('sts-safe cancel web'),
    });
  });

  it('stops at once when the template is changed while it works', async () => {
    const cluster = running(3, {}, { stopRounds: 3 });
    const driver = driverOf(cluster);
    driver.afterRound = () => {
      const { replicas, template: now } = (cluster.set() as StatefulSet).spec;
      if (replicas === 2 && now !== template) changeSpec(cluster, { template });
    };
    expect(await driver.run({ operation: 'delete' })).toMatchObject({
      exitCode: 4,
      message: expect.stringMatching(
        /^delete of StatefulSet web stopped: spec.template.* was changed by another client after it was archived$/,
      ),
    });
  });
});

describe('a deletion whose set is gone, and another one of that name is there', () => {
  async function outlived(options: Readonly<Record<string, unknown>>, at: RegExp, when: 'before' | 'after'): Promise<ModelCluster> {
    const cluster = running(3);
    const before = cluster.set() as StatefulSet;
    await killedAt(cluster, at, when, () => driverOf(cluster).run({ operation: 'delete', options }));
    cluster.create(SETS, {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'web', namespace: 'prod' },
      spec: { ...before.spec, replicas: 5 },
    });
    settle(cluster);
    return cluster;
  }

  it('is closed by the same command, which leaves that set alone and says that it came back', async () => {
    const cluster = await outlived({}, /DELETE .*statefulsets\/web/, 'after');
    expect(await driverOf(cluster, bob).run({ operation: 'delete' })).toMatchObject({
      exitCode: 4,
      message: expect.stringMatching(/^StatefulSet web deleted, but another client created StatefulSet web again; it uses the PVCs/),
      remaining: [],
      verified: [],
    });
    expect(cluster.set()?.spec.replicas).toBe(5);
    expect(indexOf(cluster).record).toBeUndefined();
  });

  it('is closed by cancel, which does not count its members', async () => {
    const cluster = await outlived({}, /DELETE .*statefulsets\/web/, 'after');
    const driver = driverOf(cluster, bob);
    expect(await driver.run({ operation: 'cancel' })).toMatchObject({ exitCode: 0 });
    expect(driver.planned).toMatchObject([{ plan: { findings: [], steps: [{ id: 'close-index' }] } }]);
    expect(cluster.set()?.spec.replicas).toBe(5);
    expect(cluster.list('pods')).toHaveLength(5);
    expect(indexOf(cluster).record).toBeUndefined();
  });

  it('says nothing of replicas that it never set', async () => {
    const options = { deleteClaims: true };
    const cluster = await outlived(options, /DELETE .*persistentvolumeclaims\/data-web-1/, 'before');
    const result = await driverOf(cluster, bob).run({ operation: 'delete', options });
    expect(result.findings.map(({ id }) => id)).not.toContain('replicas-changed');
    expect(cluster.set()?.spec.replicas).toBe(5);
  });
});

describe('what is archived', () => {
  it('is what is deleted: a template that changes before the record is on the set ends it too', async () => {
    const cluster = running(3);
    const driver = driverOf(cluster);
    cluster.onWrite = (moment, what) => {
      if (moment !== 'after' || !/POST .*secrets/.test(what) || !cluster.objects.has(`${INDEX}.1`)) return;
      cluster.onWrite = () => {};
      changeSpec(cluster, { template });
    };
    await expect(driver.run({ operation: 'delete' })).rejects.toThrow('was changed by another client after it was archived');
    expect(cluster.set()?.metadata.annotations).toBeUndefined();
  });

  it('is not called the archive of a deletion by the cancel of a restore', async () => {
    const cluster = running(2);
    await driverOf(cluster).run({ operation: 'scale', options: { replicas: 1 } });
    for (const path of cluster.objects.keys()) if (/statefulsets|\/pods\//.test(path)) cluster.objects.delete(path);
    const named = { operation: 'restore', options: { archive: 'sts-safe.web.1' } } as const;
    await killedAt(cluster, /POST .*statefulsets/, 'after', () => driverOf(cluster).run(named));
    expect(await driverOf(cluster, bob).run({ operation: 'cancel' })).toMatchObject({ exitCode: 0 });
    expect(indexOf(cluster).entries).toMatchObject([{ operation: 'scale', setDeleted: false }]);
  });
});

describe('the cancel of a restore that is itself stopped', () => {
  it.each(['before', 'after'] as const)('%s its set is deleted goes on by typing it again', async (when) => {
    const cluster = running(2);
    await driverOf(cluster).run({ operation: 'delete' });
    await killedAt(cluster, /POST .*statefulsets/, 'after', () => driverOf(cluster).run({ operation: 'restore' }));
    await killedAt(cluster, /DELETE .*statefulsets\/web/, when, () => driverOf(cluster).run({ operation: 'cancel' }));
    expect(indexOf(cluster).record).toMatchObject({ kind: 'cancel', cursor: 'delete-set' });
    expect(await driverOf(cluster, bob).run({ operation: 'cancel' })).toMatchObject({ exitCode: 0 });
    expect(cluster.set()).toBeUndefined();
    expect(indexOf(cluster)).toMatchObject({ record: undefined, entries: [{ setDeleted: true }] });
    expect(await driverOf(cluster).run({ operation: 'restore' })).toMatchObject({ exitCode: 0 });
  });

  it('leaves a set alone that someone made in its place', async () => {
    const cluster = running(2);
    await driverOf(cluster).run({ operation: 'delete' });
    await killedAt(cluster, /POST .*statefulsets/, 'after', () => driverOf(cluster).run({ operation: 'restore' }));
    await killedAt(cluster, /DELETE .*statefulsets\/web/, 'after', () => driverOf(cluster).run({ operation: 'cancel' }));
    cluster.create(SETS, {
      metadata: { name: 'web', namespace: 'prod' },
      spec: { replicas: 0, selector: {}, template: { spec: { containers: [] } } },
    });
    expect(await driverOf(cluster, bob).run({ operation: 'cancel' })).toMatchObject({ exitCode: 0 });
    expect(cluster.set()).toBeDefined();
    expect(indexOf(cluster).record).toBeUndefined();
  });
});

describe('a restore that stops before its members may have started', () => {
  it('right after its set was created, in a section that waits for the end of that, says that it is held and that cancel goes back', async () => {
    const cluster = running(2);
    await driverOf(cluster).run({ operation: 'delete' });
    const driver = driverOf(cluster);
    cluster.onWrite = (moment, what) => {
      if (moment === 'after' && /POST .*statefulsets/.test(what)) interruptAfterStep(driver, 'create-set');
    };
    expect(await driver.run({ operation: 'restore' })).toMatchObject({
      exitCode: 130,
      done: ['take', 'create-set'],
      message: expect.stringContaining('the StatefulSet stays at its current size'),
      cancelCommand: expect.stringContaining('sts-safe cancel web'),
    });
    expect(await driverOf(cluster, bob).run({ operation: 'cancel' })).toMatchObject({ exitCode: 0 });
    expect(cluster.set()).toBeUndefined();
  });

  it('says that cancel goes back', async () => {
    const cluster = running(2);
    await driverOf(cluster).run({ operation: 'delete' });
    cluster.onWrite = (moment, what) => {
      if (moment !== 'after' || !/POST .*statefulsets/.test(what)) return;
      cluster.objects.delete('/api/v1/namespaces/prod/persistentvolumeclaims/data-web-1');
    };
    const result = await driverOf(cluster).run({ operation: 'restore' });
    expect(result).toMatchObject({ exitCode: 4, cancelCommand: expect.stringContaining('sts-safe cancel web') });
  });
});

/** As the interrupt does it for a step that cannot be interrupted: Ctrl-C takes effect when that step is told as finished. */
function interruptAfterStep(driver: Driver, id: string): void {
  const push = driver.events.push.bind(driver.events);
  driver.events.push = (...events) => {
    if (events.some((event) => event.type === 'step-finished' && event.id === id))
      driver.stop.abort(new StoppedError('interrupt', 'Ctrl-C'));
    return push(...events);
  };
}
