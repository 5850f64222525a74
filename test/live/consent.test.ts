import { describe, expect } from 'vitest';
import { expectEnd, refusalOf } from '../support/documents.ts';
import { inSandbox, testInProcess as test } from '../support/namespace.ts';
import { ordinaryRights, without } from '../support/users.ts';

const down = ['scale', 'web', '--replicas=0'];

describe.concurrent('consent', () => {
  test('is asked for at the terminal, cluster and namespace first', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const plugin = space.terminal(down, { columns: 200 });
    await plugin.sees(new RegExp(`context ${space.cluster.context} · https://\\S+ · namespace ${space.namespace}\\s[^]*Proceed\\?`));
    expect(plugin.text).toContain('Scale StatefulSet web down from 1 to 0');
    plugin.type('y\r');
    const { exitCode, text } = await plugin.ended;
    expect([exitCode, text]).toEqual([0, expect.stringContaining('StatefulSet web scaled to 0')]);
  });

  test('declined by no, by Enter, by Ctrl-C: nothing is changed', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    for (const [answer, exitCode] of [
      ['n\r', 3],
      ['\r', 3],
      ['\x03', 130],
    ] as const) {
      const plugin = space.terminal(down);
      await plugin.sees(/Proceed\?/);
      plugin.type(answer);
      expect((await plugin.ended).exitCode, JSON.stringify(answer)).toBe(exitCode);
    }
    await space.expectNoWrites();
  });

  test('by its name for what can lose data: another name is no', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const plugin = space.terminal(['delete', 'web']);
    await plugin.sees(/Type the name \(web\) to confirm/);
    plugin.type('wbe\r');
    expect((await plugin.ended).exitCode).toBe(3);
    await space.expectNoWrites();
    const again = space.terminal(['delete', 'web']);
    await again.sees(/Type the name \(web\) to confirm/);
    again.type('web\r');
    expect((await again.ended).exitCode).toBe(0);
    expect(await space.findSet()).toBeUndefined();
  });

  test('to a plan that is another one by then is none, and it says what has changed', async ({ space }) => {
    await space.applySet({ replicas: 3 });
    const plugin = space.terminal(['scale', 'web', '--replicas=2'], { columns: 200 });
    await plugin.sees(/Proceed\?/);
    await space.scaleTo(4);
    await space.ready();
    plugin.type('y\r');
    const { exitCode, text } = await plugin.ended;
    expect([exitCode, text]).toEqual([3, expect.stringContaining('replicas of statefulset/web was 3, is 4')]);
    await space.expectNoWrites();
  });

  test('does not help against what has come up by then', async ({ space }) => {
    await space.applySet({ replicas: 3 });
    const plugin = space.terminal(['scale', 'web', '--replicas=2'], { columns: 200 });
    await plugin.sees(/Proceed\?/);
    await space.breakPod('web-0');
    plugin.type('y\r');
    const { exitCode, text } = await plugin.ended;
    expect([exitCode, text]).toEqual([3, expect.stringContaining('--allow unhealthy-member-stays')]);
    await space.expectNoWrites();
  });

  test('is not taken from a pipe', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const scale = await space.runWith({ input: 'y\n' }, ...down);
    expect([scale.exitCode, scale.stderr]).toEqual([3, expect.stringMatching(/not a terminal[\s\S]*add --yes/)]);
    const remove = await space.runWith({ input: 'web\n' }, 'delete', 'web');
    expect([remove.exitCode, remove.stderr]).toEqual([3, expect.stringMatching(/not a terminal[\s\S]*add --confirm /)]);
    await space.expectNoWrites();
  });

  test('by --yes is not enough to delete, nor is another name or namespace', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    for (const args of [['--yes'], ['--confirm', 'db'], ['--confirm', 'other/web'], ['--confirm', 'plan:0123456789abcdef']]) {
      expectEnd(await space.run('delete', 'web', ...args), 3);
    }
    await space.expectNoWrites();
    expectEnd(await space.run('delete', 'web', '--confirm', `${space.namespace}/web`), 0);
  });

  test('--yes=false asks although a habit says yes', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const run = await space.run(...down, '--yes', '--yes=false');
    expectEnd(run, 3);
    await space.expectNoWrites();
  });
});

describe.skipIf(!inSandbox).concurrent('with few rights', () => {
  test('the ordinary ones are enough for all four', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    const { kubeconfig } = await space.restricted();
    const as = { kubeconfig };
    expectEnd(await space.runWith(as, 'scale', 'web', '--replicas=1', '--yes'), 0);
    expectEnd(await space.runWith(as, 'delete', 'web', '--confirm', 'web'), 0);
    expectEnd(await space.runWith(as, 'restore', 'web', '--yes'), 0);
    const plugin = space.start(['scale', 'web', '--replicas=0', '--yes'], as);
    await space.untilTerminating('web-0');
    plugin.kill('SIGKILL');
    await plugin.ended;
    expectEnd(await space.runWith(as, 'cancel', 'web', '--yes'), 0);
    await space.ready();
  });

  test.for([
    [
      'required information could not be read',
      'list',
      'horizontalpodautoscalers.autoscaling',
      'evidence-unknown',
      /horizontalpodautoscalers/,
    ],
    ['required information could not be read', 'list', 'pods', 'evidence-unknown', /pods/],
    ['required information could not be read', 'list', 'persistentvolumeclaims', 'evidence-unknown', /persistentvolumeclaims/],
    ['a write is forbidden', 'patch', 'statefulsets.apps', 'permission-missing', /you may not patch statefulsets\.apps/],
    ['the archive cannot be written', 'create', 'secrets', 'archive-not-writable', /you may not create secrets/],
    ['what it would do for the controller is forbidden', 'delete', 'pods', 'permission-missing', /you may not delete pods/],
  ] as const)('it is refused before the first write: %s (%s %s)', async ([, verb, resource, id, says], { space }) => {
    await space.applySet({ replicas: 1 });
    const { user, kubeconfig } = await space.restricted(without([verb], resource));
    const audit = space.auditOf(user);
    const run = await space.runWith({ kubeconfig }, 'scale', 'web', '--replicas=0', '--yes', '-o', 'json');
    const { findings } = refusalOf(run);
    expect(findings.filter(({ severity }) => severity === 'blocks').map((finding) => finding.id)).toEqual([id]);
    expect(run.stderr).toMatch(says);
    expect(run.stderr).toContain(space.namespace);
    expect(await audit.writes()).toEqual([]);
  });

  test('none at all: the set cannot be read', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const { kubeconfig } = await space.restricted([]);
    const run = await space.runWith({ kubeconfig }, 'scale', 'web', '--replicas=0', '--yes');
    expectEnd(run, 3);
    expect(run.stderr).toMatch(/statefulsets.*forbidden|forbidden.*statefulsets/);
  });

  test('no Events: they stop nothing', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const { kubeconfig } = await space.restricted(ordinaryRights.filter(({ resources }) => !resources.includes('events')));
    expectEnd(await space.runWith({ kubeconfig }, 'scale', 'web', '--replicas=0', '--yes'), 0);
  });
});
