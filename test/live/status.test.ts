import { describe, expect } from 'vitest';
import type { SetStatus } from '../../src/inspect/status/model.ts';
import { documentOf, expectEnd } from '../support/documents.ts';
import { inSandbox, type Space, testInProcess as test } from '../support/namespace.ts';
import { interruptedAt, writeRecord } from '../support/records.ts';
import { killedAtStep } from '../support/stages.ts';
import { rollOut } from '../support/trouble.ts';

async function statusOf(space: Space, name = 'web'): Promise<SetStatus> {
  const run = await space.run('status', name, '-o', 'json');
  expectEnd(run, 0);
  return documentOf<SetStatus>(run.stdout, 'Status');
}

describe.concurrent('status names the health', () => {
  test('Healthy', async ({ space }) => {
    const set = await space.applySet({ replicas: 2 });
    const status = await statusOf(space);
    expect(status).toMatchObject({ health: 'Healthy', name: 'web', namespace: space.namespace });
    expect(status.set).toMatchObject({ uid: set.metadata.uid, replicas: 2, ready: 2, available: 2, updated: 2 });
    expect(status.members.map(({ name }) => name)).toEqual(['web-0', 'web-1']);
    expect(status.unknown).toEqual([]);
  });

  test('Progressing, while members come up', async ({ space }) => {
    await space.createSet({ replicas: 2, podAnnotations: { 'sandbox/ready-delay': '10m' } });
    await space.untilPod('web-0', ({ status }) => status.phase === 'Running', 'runs');
    expect((await statusOf(space)).health).toBe('Progressing');
  });

  test('Paused, by a partition', async ({ space }) => {
    await space.applySet({ strategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } });
    await rollOut(space, { image: 'app:2' });
    await space.untilReady('web-2');
    expect((await statusOf(space)).health).toBe('Paused');
  });

  test('Stalled, in a rollout whose image is not there', async ({ space }) => {
    await space.applySet();
    await rollOut(space, { image: 'app:nosuch' });
    await space.untilPod('web-2', ({ status }) => JSON.stringify(status).includes('ImagePullBackOff'), 'cannot be pulled');
    const { health, findings } = await statusOf(space);
    expect(health).toBe('Stalled');
    expect(findings.map(({ id }) => id)).toContain('rollout-stuck');
  });

  test('Stalled, in a scale-down that waits for a member that is not ready', async ({ space }) => {
    await space.applySet();
    await space.labelPod('web-0', { 'sandbox/fault': 'crashloop' });
    await space.untilUnready('web-0');
    await space.scaleTo(1);
    // It crashes, runs for a moment, and crashes again: what is asked is whether the wait sees that it never will.
    expectEnd(await space.run('status', 'web', '--wait', '--for=scaled', '--timeout=5m'), 5);
  });

  test('Degraded, with a member that will hardly be ready by itself', async ({ space }) => {
    await space.createSet({ replicas: 1, image: 'app:nosuch' });
    await space.untilPod('web-0', ({ status }) => JSON.stringify(status).includes('ImagePullBackOff'), 'cannot be pulled');
    expect((await statusOf(space)).health).toBe('Degraded');
  });

  test('Progressing, with a young member that is not ready: it may be on its way', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    await space.breakPod('web-1');
    expect((await statusOf(space)).health).toBe('Progressing');
  });

  test('ScaledToZero, at 0', async ({ space }) => {
    await space.applySet({ replicas: 0 });
    expect((await statusOf(space)).health).toBe('ScaledToZero');
  });

  test('Terminating', async ({ space }) => {
    await space.applySet({ replicas: 0 });
    await space.patchSet({ metadata: { finalizers: ['example.test/hold'] } });
    await space.api.delete(`${space.sets}/web`);
    const { health } = await statusOf(space);
    await space.patchSet({ metadata: { finalizers: null } });
    expect(health).toBe('Terminating');
  });

  test('Missing, when our archive can bring it back', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    expectEnd(await space.run('delete', 'web', '--confirm', 'web'), 0);
    expect((await statusOf(space)).health).toBe('Missing');
    const { stdout } = await space.run('status', 'web');
    expect(stdout).toContain('archive sts-safe.web.1 of its deletion');
    expectEnd(await space.line(`kubectl sts-safe restore web -n ${space.namespace} --yes`), 0);
    expect(stdout).toContain(`next  kubectl sts-safe restore web -n ${space.namespace} --context `);
  });

  test('Missing, when another client deleted it and an earlier scale left an archive', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    expectEnd(await space.run('scale', 'web', '--replicas=1', '--yes'), 0);
    expectEnd(await space.kubectl(['delete', 'statefulset', 'web', '--wait']), 0);
    await space.untilPodGone('web-0');
    const { health, reason, archive } = await statusOf(space);
    expect([health, reason]).toEqual(['Missing', expect.stringContaining('archive sts-safe.web.1 of an earlier scale')]);
    expect(archive).toMatchObject({ name: 'sts-safe.web.1', setDeleted: false, claims: { archived: 2, gone: 0 }, options: {} });
    for (const change of [
      ['scale', 'web', '--replicas=3', '--yes'],
      ['delete', 'web', '--confirm=web'],
    ]) {
      const run = await space.run(...change);
      expectEnd(run, 1);
      expect(run.stderr).toContain('can bring it back as it was then: kubectl sts-safe restore web');
    }
  });

  test('Missing, and no advice to restore what would come up empty', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    expectEnd(await space.run('delete', 'web', '--delete-claims', '--confirm=web'), 0);
    const { stdout } = await space.run('status', 'web');
    expect(stdout).toContain('1 of 1 archived PVCs is gone: it would come up empty');
    expect(stdout).toContain(`next  kubectl sts-safe restore web --dry-run -n ${space.namespace} --context `);
    const run = await space.run('scale', 'web', '--replicas=3', '--yes');
    expectEnd(run, 1);
    expect(run.stderr).toMatch(/would come up empty: kubectl sts-safe restore web --dry-run/);
  });

  test('of a stopped operation', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    await interruptedAt('web-1', space, ['scale', 'web', '--replicas=0', '--yes']);
    await space.untilPodGone('web-1');
    const text = (await space.run('status', 'web')).stdout;
    expect(text).toMatch(/scale/);
    expect((await statusOf(space)).health).toBe('Interrupted');
  });
});

describe.concurrent('status', () => {
  test('shows one set as a tree: members, Pods, PVCs, findings', async ({ space }) => {
    await space.applySet({ replicas: 2, graceSeconds: 3 });
    const { stdout } = await space.run('status', 'web');
    for (const word of ['web-0', 'web-1', 'data-web-0', 'data-web-1', 'Bound', 'Healthy']) expect(stdout).toContain(word);
  });

  test('shows many sets a line each, by name, by selector, in all namespaces', async ({ space }) => {
    await Promise.all([space.applySet({ replicas: 1, labels: { tier: 'data' } }), space.applySet({ name: 'db', replicas: 0 })]);
    const all = await space.run('status');
    expect(all.stdout.split('\n')[0]).toMatch(/^NAME\s/);
    expect(all.stdout).toMatch(/^web\s.*Healthy/m);
    expect(all.stdout).toMatch(/^db\s.*ScaledToZero/m);
    expect((await space.run('status', '--no-headers')).stdout.trim().split('\n')).toHaveLength(2);
    expect((await space.run('status', 'web', 'db')).stdout).toContain('ScaledToZero');
    expect((await space.run('status', '-l', 'tier=data')).stdout).not.toContain('db');
    const everywhere = (await space.run('status', '-A')).stdout;
    expect(everywhere.split('\n')[0]).toMatch(/^NAMESPACE\s+NAME/);
    expect(everywhere).toMatch(new RegExp(`^${space.namespace}\\s+web\\s`, 'm'));
    documentOf((await space.run('status', '-o', 'json')).stdout, 'StatusList');
  });

  test('of none says where it looked', async ({ space }) => {
    const run = await space.run('status');
    expectEnd(run, 0);
    expect(run.stdout + run.stderr).toContain(space.namespace);
  });

  test('--wait of none is no success: it says where it looked', async ({ space }) => {
    await space.applySet({ replicas: 0 });
    for (const args of [
      ['-l', 'like=none'],
      ['-l', 'like=none', '-A'],
      ['-n', 'default', '-l', 'like=none'],
    ]) {
      const run = await space.run('status', '--wait', '--timeout=5m', '-o', 'json', ...args);
      expectEnd(run, 1);
      const where = args.includes('-A') ? 'any namespace' : `namespace ${args.includes('-n') ? 'default' : space.namespace}`;
      expect(run.stderr).toContain(`no StatefulSets with labels like=none found in ${where} of context ${space.cluster.context}`);
      expect(run.stdout).toBe('');
    }
    await space.api.delete(`${space.sets}/web`);
    await space.untilSetGone();
    const run = await space.run('status', '--wait');
    expectEnd(run, 1);
    expect(run.stderr).toContain(`no StatefulSets found in namespace ${space.namespace}`);
  });

  test('--wait ends with 0 when it holds, 5 when it never will, 4 when time is up', async ({ space }) => {
    await space.createSet({ replicas: 1, podAnnotations: { 'sandbox/ready-delay': '2s' } });
    expectEnd(await space.run('status', 'web', '--wait', '--timeout=5m'), 0);
    await space.breakPod('web-0');
    expectEnd(await space.run('status', 'web', '--wait', '--timeout=2s'), 4);
  });

  test('--wait --for updated is not content with a held rollout', async ({ space }) => {
    await space.applySet({ strategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } });
    await rollOut(space, { image: 'app:2' });
    await space.untilReady('web-2');
    expectEnd(await space.run('status', 'web', '--wait', '--for', 'updated', '--timeout=5m'), 5);
    expectEnd(await space.run('status', 'web', '--wait', '--for=scaled', '--timeout=5m'), 0);
  });

  test('-w shows every change until it is interrupted', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const plugin = space.start(['status', 'web', '-w', '-o', 'json']);
    await plugin.sees(/"health":"Healthy"/);
    await space.breakPod('web-0');
    await plugin.sees(/"health":"Progressing"/);
    plugin.kill('SIGINT');
    const { exitCode, stdout } = await plugin.ended;
    expect(exitCode).toBe(130);
    for (const line of stdout.trim().split('\n')) documentOf(line, 'Status');
  });

  test('-w shows endpoints as they become', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const plugin = space.start(['status', 'web', '-w', '-o', 'json']);
    await plugin.sees(/"endpoints":\[\{[^}]*"ready":true/);
    await space.breakPod('web-0');
    await plugin.sees(/"endpoints":\[\{[^}]*"ready":false/);
    plugin.kill('SIGINT');
    await plugin.ended;
  });

  test('-w of a namespace shows sets that come, with one watch a resource for all', async ({ space }) => {
    await Promise.all([space.applySet({ replicas: 1 }), space.applySet({ name: 'db', replicas: 1 })]);
    const plugin = space.start(['status', '-w', '-o', 'json']);
    await plugin.sees(/"name":"web"[^\n]*"health":"Healthy"/);
    await space.createSet({ name: 'queue', replicas: 1 });
    await plugin.sees(/"name":"queue"[^\n]*"health":"Healthy"/);
    plugin.kill('SIGINT');
    expectEnd(await plugin.ended, 130);
    if (!inSandbox) return;
    const watches = (await space.requests()).filter(({ verb, stage }) => verb === 'watch' && stage === 'ResponseStarted');
    expect(watches.map(({ objectRef }) => objectRef?.resource ?? '').sort()).toEqual([
      'endpointslices',
      'persistentvolumeclaims',
      'pods',
      'statefulsets',
    ]);
  });

  test('-w of a named set goes on when it is deleted: what it can come back from', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const plugin = space.terminal(['status', 'web', '-w', '--color=never'], { columns: 100 });
    await plugin.sees(/web: Healthy/);
    expectEnd(await space.run('delete', 'web', '--confirm', 'web'), 0);
    await plugin.sees(/archive sts-safe\.web\.1 of its deletion/);
    expectEnd(await space.run('restore', 'web', '--yes'), 0);
    await plugin.sees(/web: Healthy(?!.*web: (Progressing|Missing))/s);
    plugin.press('ctrl-c');
    expect((await plugin.ended).exitCode).toBe(130);
  });

  test.skipIf(!inSandbox)('-w says what may not be watched', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const { kubeconfig } = await space.restricted([
      { verbs: ['get', 'list'], resources: ['statefulsets.apps', 'pods'] },
      { verbs: ['watch'], resources: ['statefulsets.apps'] },
    ]);
    const run = await space.runWith({ kubeconfig }, 'status', 'web', '-w');
    expectEnd(run, 3);
    expect([run.stdout, run.stderr]).toEqual([expect.stringContaining('Healthy'), expect.stringContaining('cannot watch pods')]);
  });

  test('-w on a terminal paints one picture again, and leaves the last one', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const plugin = space.terminal(['status', 'web', '-w', '--color=never'], { columns: 100 });
    await plugin.sees(/web: Healthy/);
    await space.breakPod('web-0');
    await plugin.sees(/web: Progressing/);
    plugin.press('ctrl-c');
    const { exitCode } = await plugin.ended;
    expect(exitCode).toBe(130);
    const [first = '', ...more] = plugin.raw.split('\u001b[J');
    expect(first).toContain('web: Healthy');
    expect(more.length).toBeGreaterThan(0);
    expect(more.at(-1)).not.toContain('web: Healthy');
  });

  test.skipIf(!inSandbox)('only reads, and works with little: what could not be read is said', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const { user, kubeconfig } = await space.restricted([{ verbs: ['get', 'list', 'watch'], resources: ['statefulsets.apps', 'pods'] }]);
    const audit = space.auditOf(user);
    const run = await space.runWith({ kubeconfig }, 'status', 'web', '-o', 'json');
    expectEnd(run, 0);
    const { health, unknown } = documentOf<SetStatus>(run.stdout, 'Status');
    expect(health).toBe('Healthy');
    expect(unknown.join()).toContain('persistentvolumeclaims');
    expect(await audit.writes()).toEqual([]);
  });
});

describe.concurrent('operations', () => {
  test('lists what is open, with the commands that end it, and nothing when nothing is', async ({ space }) => {
    await Promise.all([space.applySet({ replicas: 2 }), space.applySet({ name: 'db', replicas: 1 })]);
    expectEnd(await space.run('operations'), 0);
    await killedAtStep('scale-down/1', space, ['scale', 'web', '--replicas=0', '--yes']);
    await killedAtStep('delete-set', space, ['delete', 'db', '--confirm', 'db'], 'db');
    const { stdout } = await space.run('operations');
    expect(stdout).toContain('kubectl sts-safe scale web');
    expect(stdout).toContain('kubectl sts-safe cancel web');
    expect(stdout).toContain('kubectl sts-safe delete db');
    documentOf((await space.run('operations', '-o', 'json')).stdout, 'OperationList');
    const byLabel = ['get', 'statefulsets', '-l', 'sts-safe.dev/operation', '-o', 'name'];
    expect((await space.kubectl(byLabel)).stdout.trim()).toBe('statefulset.apps/db\nstatefulset.apps/web');
    expectEnd(await space.run('cancel', 'web', '--yes'), 0);
    expectEnd(await space.run('cancel', 'db', '--yes'), 0);
    expect((await space.kubectl(byLabel)).stdout).toBe('');
    expect((await space.run('operations')).stdout).not.toContain('web');
  });

  test.skipIf(!inSandbox)('tells what stands on sets also to who may not list Secrets', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    await killedAtStep('scale-down/1', space, ['scale', 'web', '--replicas=1', '--yes']);
    const rights = [
      { verbs: ['get', 'list', 'watch'], resources: ['statefulsets.apps', 'pods'] },
      { verbs: ['get'], resources: ['secrets'] },
    ];
    const { kubeconfig } = await space.restricted(rights);
    const { exitCode, stdout, stderr } = await space.runWith({ kubeconfig }, 'operations');
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('kubectl sts-safe cancel web')]);
    expect(stderr).toMatch(/only what stands on sets is shown: .*secrets/);
    expectEnd(await space.run('cancel', 'web', '--yes'), 0);
  });

  test('lists a record that cannot be read as what it is, beside those that can', async ({ space }) => {
    await Promise.all([space.applySet({ replicas: 1 }), space.applySet({ name: 'db', replicas: 1 })]);
    await writeRecord(space, '{"schema":2}', '');
    await killedAtStep('scale-down/0', space, ['scale', 'db', '--replicas=0', '--yes'], 'db');
    const { stdout } = await space.run('operations', '-o', 'json');
    const { items } = documentOf<{ items: readonly { set: string; what: string }[] }>(stdout, 'OperationList');
    expect(items).toEqual([
      expect.objectContaining({ set: 'db', what: 'operation' }),
      expect.objectContaining({ set: 'web', what: 'damaged-record' }),
    ]);
    expect((await space.run('operations')).stdout).toMatch(/^web +damaged-record/m);
    expectEnd(await space.run('cancel', 'db', '--yes'), 0);
  });

  test('lists a deleted set with its way back, and an archive that nothing names', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    expectEnd(await space.run('delete', 'web', '--confirm', 'web'), 0);
    const listed = await space.run('operations');
    expect(listed.stdout).toMatch(/web +deleted-set/);
    expect(listed.stdout).toContain(`restore   kubectl sts-safe restore web -n ${space.namespace}`);
    await space.api.delete(space.path('secrets', 'sts-safe.web'));
    const unnamed = await space.run('operations');
    expect(unnamed.stdout).toMatch(/web +unnamed-archive/);
    const line = `kubectl sts-safe restore web --archive sts-safe.web.1 -n ${space.namespace}`;
    expect(unnamed.stdout).toContain(`restore   ${line}`);
    expect(unnamed.stdout).not.toContain('kubectl delete secret');
    expectEnd(await space.line(`${line} --yes`), 0);
    await space.ready();
    await space.api.delete(space.path('secrets', 'sts-safe.web'));
    const forget = `kubectl delete secret sts-safe.web.1 -n ${space.namespace}`;
    expect((await space.run('operations')).stdout).toContain(`forget    ${forget}`);
    expectEnd(await space.line(forget), 0);
    // What an open record names is in use.
    await killedAtStep('scale-down/0', space, ['scale', 'web', '--replicas=0', '--yes']);
    await space.api.delete(space.path('secrets', 'sts-safe.web'));
    expect((await space.run('operations')).stdout).not.toContain('kubectl delete secret');
    expectEnd(await space.run('cancel', 'web', '--yes'), 0);
    documentOf((await space.run('operations', '-o', 'json')).stdout, 'OperationList');
  });
});
