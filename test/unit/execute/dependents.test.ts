import { describe, expect, it } from 'vitest';
import type { StatefulSet } from '../../../src/domain/kube.ts';
import type { Planned } from '../../../src/plan/plan.ts';
import type { ModelCluster } from '../../support/model/cluster.ts';
import { adopted, innerSet } from '../../support/model/dependents.ts';
import { driverOf } from '../../support/model/drive.ts';
import { running, settle } from '../../support/model/running-set.ts';

/** What the garbage collector takes with a Pod is in the plan, asked for, and nothing else goes. */

const ALLOW = ['pod-owns-objects'];
const down = { operation: 'scale', options: { replicas: 1 } } as const;

/** `web` of two, as LeaderWorkerSet makes it (lws#804): each Pod owns a set of one, which owns its PVC. */
function leaderWorkers(): ModelCluster {
  const cluster = running(2);
  for (const ordinal of [0, 1]) innerSet(cluster, ordinal);
  settle(cluster);
  return cluster;
}

const left = (cluster: ModelCluster): readonly string[] =>
  (['statefulsets', 'pods', 'persistentvolumeclaims', 'configmaps'] as const)
    .flatMap((resource) => cluster.list<StatefulSet>(resource).map(({ metadata }) => metadata.name))
    .toSorted();
const ALL = ['data-web-0', 'data-web-0-1', 'data-web-1', 'data-web-1-1', 'web', 'web-0', 'web-0', 'web-0-1', 'web-1', 'web-1', 'web-1-1'];

function planIn(planned: readonly Planned[]) {
  const last = planned.at(-1);
  if (last?.outcome !== 'plan') throw new Error('no plan');
  return last.plan;
}

describe('sets that Pods own', () => {
  it.each([down, { operation: 'delete' } as const])('are a reason to refuse: $operation', async (request) => {
    const cluster = leaderWorkers();
    expect(await driverOf(cluster).run(request)).toMatchObject({ exitCode: 3, findings: [{ id: 'pod-owns-objects', severity: 'blocks' }] });
    settle(cluster);
    expect(left(cluster)).toEqual(ALL);
  });

  it('are rows of the plan, and the name is asked for, for their PVCs go', async () => {
    const cluster = leaderWorkers();
    const driver = driverOf(cluster);
    expect(await driver.run({ ...down, allow: ALLOW })).toMatchObject({ exitCode: 0 });
    const { consent, changes } = planIn(driver.planned);
    expect(consent).toEqual({ kind: 'typed', name: 'web' });
    expect(changes.slice(-3)).toEqual([
      { kind: 'StatefulSet', name: 'web-1', before: '1 replica, owned by Pod web-1', after: 'deleted with it' },
      { kind: 'Pod', name: 'web-1-1', before: 'owned by StatefulSet web-1', after: 'deleted with it' },
      { kind: 'PersistentVolumeClaim', name: 'data-web-1-1', before: 'Bound, ?', after: 'DELETED with StatefulSet web-1' },
    ]);
    settle(cluster);
    expect(left(cluster)).toEqual(['data-web-0', 'data-web-0-1', 'data-web-1', 'web', 'web-0', 'web-0', 'web-0-1']);
  });

  it('a deletion says of other PVCs alone that they outlast it', async () => {
    const cluster = leaderWorkers();
    expect(await driverOf(cluster).run({ operation: 'delete', allow: ALLOW })).toMatchObject({
      exitCode: 0,
      verified: expect.arrayContaining(['no other PVC will be garbage-collected with the StatefulSet or its Pods']),
    });
  });

  it('that cannot be listed warn, and refuse nobody', async () => {
    const driver = driverOf(running(2));
    driver.blind = ['secrets', 'jobs'];
    expect(await driver.run(down)).toMatchObject({ exitCode: 0 });
    expect(planIn(driver.planned).findings.map(({ id, severity, evidence }) => [id, severity, evidence[0]?.object])).toEqual([
      ['evidence-unknown', 'warns', 'jobs'],
      ['evidence-unknown', 'warns', 'secrets'],
    ]);
  });

  it('are not looked at where no Pod leaves', async () => {
    const driver = driverOf(running(2));
    driver.blind = ['secrets', 'jobs', 'configMaps'];
    await driver.run({ operation: 'scale', options: { replicas: 3 } });
    expect(planIn(driver.planned).findings).toEqual([]);
  });
});

describe('a PVC that a Pod owns', () => {
  it('is no reason for a wrong word: it goes although it is no template’s', async () => {
    const cluster = running(2);
    adopted(cluster, 'extra', [1]);
    const driver = driverOf(cluster);
    expect(await driver.run(down)).toMatchObject({ exitCode: 3 });
    expect(await driver.run({ ...down, allow: ALLOW })).toMatchObject({ exitCode: 0 });
    expect(planIn(driver.planned)).toMatchObject({
      consent: { kind: 'typed' },
      changes: expect.arrayContaining([
        { kind: 'PersistentVolumeClaim', name: 'extra', before: 'Bound, ?', after: 'DELETED with Pod web-1' },
      ]),
    });
    expect(planIn(driver.planned).changes.filter(({ name }) => name === 'extra')).toHaveLength(1);
  });

  it('is an ephemeral volume’s: said, and no more', async () => {
    const cluster = running(2);
    adopted(cluster, 'web-1-scratch', [1], true);
    const driver = driverOf(cluster);
    expect(await driver.run(down)).toMatchObject({ exitCode: 0 });
    expect(planIn(driver.planned)).toMatchObject({
      consent: { kind: 'yes-no' },
      findings: [{ id: 'ephemeral-volume', severity: 'notes' }],
      changes: expect.arrayContaining([
        { kind: 'PersistentVolumeClaim', name: 'web-1-scratch', before: 'ephemeral volume of Pod web-1', after: 'deleted with it' },
      ]),
    });
  });
});

it('what two Pods own goes with the last of them, as the plan says', async () => {
  const cluster = running(3);
  adopted(cluster, 'both', [1, 2]);
  const driver = driverOf(cluster);
  expect(await driver.run({ operation: 'scale', options: { replicas: 2 } })).toMatchObject({ exitCode: 0 });
  expect(left(cluster)).toContain('both');
  settle(cluster);
  expect(await driver.run({ operation: 'scale', options: { replicas: 3 } })).toMatchObject({ exitCode: 0 });
  adopted(cluster, 'again', [1, 2]);
  expect(await driver.run({ ...down, allow: ALLOW })).toMatchObject({ exitCode: 0 });
  settle(cluster);
  expect(left(cluster)).toEqual(['data-web-0', 'data-web-1', 'data-web-2', 'web', 'web-0']);
});

describe('what comes after the plan', () => {
  it('is not taken along: the operation stops before that Pod, and resumes when it is allowed', async () => {
    const cluster = running(3);
    const driver = driverOf(cluster);
    driver.afterRound = () => {
      if (cluster.set()?.spec.replicas !== 2 || left(cluster).includes('late')) return;
      adopted(cluster, 'late', [1]);
    };
    expect(await driver.run(down)).toMatchObject({ exitCode: 4, message: expect.stringContaining('late would be deleted with Pod web-1') });
    settle(cluster);
    expect(left(cluster)).toEqual(['data-web-0', 'data-web-1', 'data-web-2', 'late', 'web', 'web-0', 'web-1']);
    driver.afterRound = () => {};
    expect(await driver.run(down)).toMatchObject({ exitCode: 3, findings: [{ id: 'pod-owns-objects' }] });
    expect(await driver.run({ ...down, allow: ALLOW })).toMatchObject({ exitCode: 0 });
  });

  it('is another plan, where it comes while someone reads it', async () => {
    const cluster = running(2);
    const driver = driverOf(cluster);
    driver.prompts = true;
    driver.afterConsent = () => {
      driver.afterConsent = () => {};
      innerSet(cluster, 1);
    };
    expect(await driver.run(down)).toMatchObject({ exitCode: 3, findings: [{ id: 'pod-owns-objects' }] });
    expect(await driver.run({ ...down, allow: ALLOW })).toMatchObject({ exitCode: 0 });
  });

  it('came with a Pod that is another one now', async () => {
    const cluster = leaderWorkers();
    const driver = driverOf(cluster);
    let replaced = false;
    cluster.onWrite = (when, what) => {
      if (replaced || when !== 'before' || !what.startsWith('PATCH') || !what.endsWith('/statefulsets/web')) return;
      replaced = true;
      const path = `${cluster.path('pods')}/web-0`;
      const pod = cluster.objects.get(path) as unknown as StatefulSet;
      cluster.store(path, { ...pod, metadata: { ...pod.metadata, uid: 'uid-new' } });
    };
    expect(await driver.run({ operation: 'delete', allow: ALLOW })).toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('Pod web-0 was replaced by another client'),
    });
  });

  it('is no news where it belongs to what the plan named', async () => {
    const cluster = leaderWorkers();
    const driver = driverOf(cluster);
    driver.afterRound = () => {
      const path = `${cluster.path('pods')}/web-0-1`;
      const pod = cluster.objects.get(path) as unknown as StatefulSet | undefined;
      if (pod !== undefined && cluster.set()?.spec.replicas === 1)
        cluster.store(path, { ...pod, metadata: { ...pod.metadata, uid: `uid-restarted-${cluster.now}` } });
    };
    expect(await driver.run({ operation: 'delete', allow: ALLOW })).toMatchObject({ exitCode: 0 });
  });
});

it('the way back from a scale-up is as careful', async () => {
  const cluster = running(1);
  const driver = driverOf(cluster);
  driver.afterRound = () => {
    if (cluster.objects.has(`${cluster.path('pods')}/web-1`)) driver.stop.abort();
  };
  await driver.run({ operation: 'scale', options: { replicas: 2 } });
  innerSet(cluster, 1);
  const back = driverOf(cluster);
  expect(await back.run({ operation: 'cancel' })).toMatchObject({ exitCode: 3, findings: [{ id: 'pod-owns-objects' }] });
  expect(await back.run({ operation: 'cancel', allow: ALLOW })).toMatchObject({ exitCode: 0 });
  expect(planIn(back.planned).consent).toEqual({ kind: 'typed', name: 'web' });
});
