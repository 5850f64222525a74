import { describe, expect } from 'vitest';
import type { SetStatus } from '../../src/inspect/status/model.ts';
import { inShort } from '../support/audit.ts';
import { blocking, documentOf, eventsOf, expectEnd, planOf, refusalOf, resultOf } from '../support/documents.ts';
import { assertNoClaimLost, assertOnlyTouched, census, nothingOfOursLeft } from '../support/invariants.ts';
import { inSandbox, test } from '../support/namespace.ts';
import { PodRecorder } from '../support/recorder.ts';

describe.concurrent('scale down', () => {
  test('takes one member at a time, highest first, and leaves everything else alone', async ({ space }) => {
    await space.applySet({ replicas: 4 });
    await space.mark();
    const before = await census(space);
    const recorder = await PodRecorder.start(space);
    const run = await space.run('scale', 'web', '--replicas=2', '--yes', '-o', 'json');
    await recorder.stop();
    expect(resultOf(run, 0)).toMatchObject({
      outcome: 'done',
      done: ['archive', 'scale-down/3', 'scale-down/2', 'finish'],
      remaining: [],
      message: 'StatefulSet web scaled to 2',
    });
    expect(recorder.removalOrder()).toEqual(['web-3', 'web-2']);
    expect(recorder.mostTerminatingAtOnce()).toBe(1);
    expect(recorder.mostDownAtOnce(['web-0', 'web-1'])).toBe(0);
    await assertNoClaimLost(space, before);
    await assertOnlyTouched(space, before, ['web-2', 'web-3']);
    await nothingOfOursLeft(space);
    expect(await space.podNames()).toEqual(['web-0', 'web-1']);
  });

  test.skipIf(!inSandbox)('writes an archive, one patch a member, and the end of its record', async ({ space }) => {
    await space.applySet({ replicas: 3 });
    expectEnd(await space.run('scale', 'web', '--replicas=1', '--yes'), 0);
    const writes = (await space.writes()).map(inShort);
    expect(writes.filter((write) => write !== 'create events')).toEqual([
      'create secrets/sts-safe.web',
      'create secrets/sts-safe.web.1',
      'patch statefulsets/web',
      'patch statefulsets/web',
      'patch statefulsets/web',
    ]);
    const told = (await space.events()).filter(({ reason }) => reason === 'StsSafeScale').map(({ message }) => message?.split(':')[0]);
    expect(new Set(told)).toEqual(new Set(['archive', 'scale-down/2', 'scale-down/1', 'finish']));
  });

  test('takes one at a time where the controller would take all: Parallel', async ({ space }) => {
    await space.applySet({ replicas: 4, policy: 'Parallel', podAnnotations: { 'sandbox/stop-delay': '1s' } });
    const recorder = await PodRecorder.start(space);
    expectEnd(await space.run('scale', 'sts/web', '--replicas', '1', '-y'), 0);
    await recorder.stop();
    expect(recorder.removalOrder()).toEqual(['web-3', 'web-2', 'web-1']);
    expect(recorder.mostTerminatingAtOnce()).toBe(1);
  });

  test('counts from ordinals.start', async ({ space }) => {
    await space.applySet({ replicas: 3, start: 5 });
    expect(await space.podNames()).toEqual(['web-5', 'web-6', 'web-7']);
    const run = await space.run('scale', 'web', '--replicas=1', '--yes', '-o', 'json');
    expect(resultOf(run, 0).done).toEqual(['archive', 'scale-down/7', 'scale-down/6', 'finish']);
    expect(await space.podNames()).toEqual(['web-5']);
  });

  test('goes to 0, and is parked', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    await space.mark();
    const before = await census(space);
    expectEnd(await space.run('scale', 'web', '--replicas=0', '--yes'), 0);
    expect(await space.podNames()).toEqual([]);
    await assertNoClaimLost(space, before);
  });

  test('knows sets whose names begin alike', async ({ space }) => {
    await Promise.all([space.applySet({ name: 'web', replicas: 2 }), space.applySet({ name: 'web-1', replicas: 2 })]);
    const before = await census(space);
    expectEnd(await space.run('scale', 'web', '--replicas=1', '--yes'), 0);
    await assertOnlyTouched(space, before, ['web-1']);
    expect(await space.podNames()).toEqual(['web-0', 'web-1-0', 'web-1-1']);
  });

  test('removes a broken highest member', async ({ space }) => {
    await space.applySet({ replicas: 3 });
    await space.breakPod('web-2');
    expectEnd(await space.run('scale', 'web', '--replicas=2', '--yes'), 0);
    await space.ready();
  });

  test('to 0 removes two broken members, which the controller alone never would', async ({ space }) => {
    await space.applySet({ replicas: 3 });
    await space.breakPod('web-2');
    await space.breakPod('web-1');
    expectEnd(await space.run('scale', 'web', '--replicas=0', '--yes', '--step-timeout=40s'), 0);
    expect(await space.podNames()).toEqual([]);
  });
});

describe.concurrent('scale up', () => {
  test('says while it waits why a Pod cannot be created, as status does, and goes on once it can', async ({ space }) => {
    const account = { path: space.path('serviceaccounts'), body: { metadata: { name: 'db' } } };
    await space.api.create(account.path, account.body);
    await space.applySet({ replicas: 1, podSpec: { serviceAccountName: 'db' } });
    await space.api.delete(`${account.path}/db`);
    const plugin = space.start(['scale', 'web', '--replicas=2', '--yes', '--progress', 'json', '-o', 'json']);
    const why = `web-1 cannot be created: error looking up service account ${space.namespace}/db: serviceaccount "db" not found`;
    await plugin.sees(/web-1 cannot be created/);
    const notes = eventsOf(plugin.stderr).flatMap((event) => (event.type === 'step-note' ? [event.message] : []));
    expect(notes.at(-1)).toContain(`0 of 1 ready; ${why}`);
    const [line, status] = await Promise.all([space.run('status', 'web'), space.run('status', 'web', '-o', 'json')]);
    expect(documentOf<SetStatus>(status.stdout, 'Status')).toMatchObject({
      health: 'Stalled',
      reason: expect.stringContaining(`${why}; scale by`),
    });
    expect(line.stdout.replaceAll(/\s+/g, ' ')).toContain(why);
    await space.api.create(account.path, account.body);
    expect(resultOf(await plugin.ended, 0)).toMatchObject({ outcome: 'done', remaining: [] });
  });

  test('takes volumes that were made by hand, without a StorageClass, and is refused where none waits', async ({
    space,
    onTestFinished,
  }) => {
    // A class of its own: no other test's PVC can take these.
    const storageClass = `manual-${space.namespace}`;
    for (const name of [0, 1, 2].map((index) => `${storageClass}-${index}`)) {
      await space.api.create('/api/v1/persistentvolumes', {
        metadata: { name },
        spec: {
          storageClassName: storageClass,
          capacity: { storage: '1Gi' },
          accessModes: ['ReadWriteOnce'],
          hostPath: { path: `/mnt/${name}` },
        },
      });
      onTestFinished(() => space.api.delete(`/api/v1/persistentvolumes/${name}`).then(() => undefined));
    }
    await space.applySet({ replicas: 2, storageClass });
    expectEnd(await space.run('scale', 'web', '--replicas=3', '--yes'), 0);
    const before = new Map((await space.claims()).map(({ metadata, spec }) => [metadata.uid, spec.volumeName]));
    expect(new Set(before.values())).toEqual(new Set([0, 1, 2].map((index) => `${storageClass}-${index}`)));
    const more = ['scale', 'web', '--replicas=4', '-o', 'json'];
    const refused = await space.run(...more, '--yes');
    expect(blocking(refusalOf(refused).findings)).toEqual(['storage-class-missing']);
    expect(refused.stderr).toContain(`no volume for data-web-3: StorageClass ${storageClass} does not exist`);
    expect(new Map((await space.claims()).map(({ metadata, spec }) => [metadata.uid, spec.volumeName]))).toEqual(before);
    if (!inSandbox) return;
    // Who may not list PersistentVolumes is warned, not refused.
    const { kubeconfig } = await space.restricted();
    const { findings } = planOf(await space.runWith({ kubeconfig }, ...more, '--dry-run'));
    expect([
      blocking(findings),
      findings.filter(({ message }) => message.includes('persistentvolumes')).map(({ severity }) => severity),
    ]).toEqual([[], ['warns']]);
  });

  test('is one patch to the target; old PVCs come back with their data, and are named', async ({ space }) => {
    await space.applySet({ replicas: 3 });
    await space.mark();
    const before = await census(space);
    expectEnd(await space.run('scale', 'web', '--replicas=1', '--yes'), 0);
    const plan = planOf(await space.run('scale', 'web', '--replicas=3', '--dry-run', '-o', 'json'));
    expect(plan.steps.map(({ id }) => id)).toEqual(['archive', 'scale-up/2', 'finish']);
    expect(plan.findings.map(({ id }) => id)).toContain('stale-claims-reattached');
    expect(resultOf(await space.run('scale', 'web', '--replicas=3', '--yes', '-o', 'json'), 0).outcome).toBe('done');
    await space.ready();
    await assertNoClaimLost(space, before);
    await nothingOfOursLeft(space);
  });

  test('brings up a quorum, none of whose members is ready alone', async ({ space }) => {
    await space.applySet({ replicas: 0, policy: 'Parallel', podAnnotations: { 'sandbox/ready-peers': '3' } });
    expectEnd(await space.run('scale', 'web', '--replicas=3', '--yes'), 0);
    await space.ready();
  });

  test('goes one by one when asked to', async ({ space }) => {
    await space.applySet({ replicas: 1, policy: 'Parallel' });
    const run = await space.run('scale', 'web', '--replicas=3', '--one-by-one', '--yes', '-o', 'json');
    expect(resultOf(run, 0).done).toEqual(['archive', 'scale-up/1', 'scale-up/2', 'finish']);
    await space.ready();
  });
});

describe.concurrent('scale', () => {
  test('has nothing to do, and says so', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const run = await space.run('scale', 'web', '--replicas=1', '-o', 'json');
    expect(resultOf(run, 0)).toMatchObject({ outcome: 'nothing-to-do', message: 'StatefulSet web already has 1 replicas' });
    await space.expectNoWrites();
  });

  test('refuses when --current-replicas is not so, and goes on when it is', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const refused = await space.run('scale', 'web', '--replicas=0', '--current-replicas=3', '--yes');
    expectEnd(refused, 3);
    expect(refused.stderr).toContain('StatefulSet web has 1 replicas, --current-replicas says 3');
    await space.expectNoWrites();
    expectEnd(await space.run('scale', 'web', '--replicas=0', '--current-replicas=1', '--yes'), 0);
  });

  test('tells its result in every format, each document as its schema has it', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const dry = ['scale', 'web', '--replicas=0', '--dry-run'];
    documentOf((await space.run(...dry, '-o=json')).stdout, 'Plan');
    documentOf((await space.run(...dry, '-oyaml')).stdout, 'Plan', 'yaml');
    expect((await space.run(...dry, '-o', 'name')).stdout).toBe('statefulset.apps/web\n');
    const run = await space.run('scale', 'web', '--replicas=0', '--yes', '--progress', 'json', '-o', 'json');
    resultOf(run, 0);
    const types = eventsOf(run.stderr).map(({ type }) => type);
    expect([types[0], types.at(-1)]).toEqual(['operation-started', 'operation-finished']);
    expect(types.filter((type) => type === 'step-finished')).toHaveLength(3);
  });
});

describe.concurrent('a dry run', () => {
  test('shows the plan that would run and changes nothing; the server is asked nothing that writes', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    const run = await space.run('scale', 'web', '--replicas=1', '--dry-run', '-v', '1');
    expectEnd(run, 0);
    expect(run.stdout).toContain('remove member web-1');
    await space.expectNoWrites();
    if (inSandbox) expect((await space.requests()).filter(({ requestURI }) => requestURI.includes('dryRun='))).toEqual([]);
  });

  test('by the server tries each kind of write, and stores nothing', async ({ space }) => {
    await space.applySet({ replicas: 3 });
    const before = await space.set();
    const run = await space.run('scale', 'web', '--replicas=1', '--dry-run=server');
    expectEnd(run, 0);
    await space.expectNoWrites();
    expect((await space.set()).metadata.resourceVersion).toBe(before.metadata.resourceVersion);
    expect((await space.secrets()).map(({ metadata }) => metadata.name)).toEqual([]);
    expect(run.stdout).toMatch(/patch StatefulSet: accepted/);
    if (!inSandbox) return;
    const tried = (await space.requests()).filter(({ requestURI }) => requestURI.includes('dryRun='));
    expect(tried.map(inShort)).toContain('patch statefulsets/web');
  });

  test('by the server tells what admission would say', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    // A quota on Secrets: the archive could not be written.
    await space.api.create(space.path('resourcequotas'), { metadata: { name: 'none' }, spec: { hard: { 'count/secrets': '0' } } });
    await space.api.until(
      space.path('resourcequotas'),
      (quotas) => JSON.stringify(quotas.get('none') ?? {}).includes('"used":{'),
      'the quota counts',
    );
    const run = await space.run('scale', 'web', '--replicas=1', '--dry-run=server');
    expect([run.exitCode, run.stdout + run.stderr]).toEqual([3, expect.stringContaining('exceeded quota')]);
  });
});

describe.concurrent('the digest', () => {
  test('confirms exactly the plan that was looked at', async ({ space }) => {
    await space.applySet({ replicas: 3 });
    const dry = ['scale', 'web', '--replicas=2', '--dry-run', '-o', 'json'];
    const { digest } = planOf(await space.run(...dry));
    expect(planOf(await space.run(...dry)).digest).toBe(digest);
    expect(planOf(await space.run('scale', 'web', '--replicas=1', '--dry-run', '-o', 'json')).digest).not.toBe(digest);
    expectEnd(await space.run('scale', 'web', '--replicas=2', '--confirm', `plan:${digest}`), 0);
  });

  test('no longer matches when what the plan rests on has changed', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    const { digest } = planOf(await space.run('scale', 'web', '--replicas=1', '--dry-run', '-o', 'json'));
    const { uid } = (await space.pod('web-1')).metadata;
    await space.api.delete(space.path('pods', 'web-1'));
    await space.untilPod('web-1', ({ metadata }) => metadata.uid !== uid, 'is another');
    await space.ready();
    const run = await space.run('scale', 'web', '--replicas=1', '--confirm', `plan:${digest}`);
    expectEnd(run, 3);
    expect(run.stderr).toMatch(new RegExp(`--confirm names plan:${digest}, but this is plan:[0-9a-f]{16}\\n`));
    expect(run.stderr).toContain('the cluster has changed since that plan');
    await space.expectNoWrites();
  });
});
