import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { inShort } from '../support/audit.ts';
import { theRightNode } from '../support/installation.ts';
import { assertNoClaimLost, assertOnlyTouched, census } from '../support/invariants.ts';
import { inSandbox, test } from '../support/namespace.ts';
import { PodRecorder } from '../support/recorder.ts';

/** What the other tests rest on. */
describe('the plugin as a user runs it', () => {
  test('runs on the Node that contributors use, whatever else is on the machine', async ({ space }) => {
    const { stdout } = await space.run('version', '--client', '-o', 'json');
    const version = execFileSync(theRightNode(), ['--version'], { encoding: 'utf8' }).trim();
    expect(JSON.parse(stdout).clientVersion.nodeVersion).toBe(version);
  });

  test('is one process with kubectl, found on PATH, with a home of its own and no node_modules', async ({ space }) => {
    const { installed, dir } = space.cluster;
    expect(existsSync(`${installed.bin}/../node_modules`)).toBe(false);
    const plugin = space.terminal(['version', '--client']);
    const { exitCode, text } = await plugin.ended;
    expect([exitCode, text]).toEqual([0, expect.stringContaining('Client Version: v')]);
    expect(readdirSync(`${dir}/home`)).not.toContain('.npm');
  });

  test('gets its input, and its end is told as it was', async ({ space }) => {
    expect((await space.runWith({ input: 'y\n' }, 'version', '--client')).exitCode).toBe(0);
    const { exitCode, stderr } = await space.run('nosuch');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('unknown command')]);
  });
});

describe('the world', () => {
  test.skipIf(!inSandbox)('sees that nothing happened, and what did', async ({ space }) => {
    await space.applySet({ replicas: 2, policy: 'Parallel' });
    await space.mark();
    const before = await census(space);
    expect([...before.markers]).toEqual([
      ['data-web-0', 'precious of data-web-0'],
      ['data-web-1', 'precious of data-web-1'],
    ]);
    await space.barrier();
    await assertNoClaimLost(space, before);
    await assertOnlyTouched(space, before, []);

    const recorder = await PodRecorder.start(space);
    await space.scaleTo(0);
    await space.untilPodGone('web-0');
    await space.untilPodGone('web-1');
    await recorder.stop();
    expect(recorder.mostTerminatingAtOnce()).toBe(2);
    expect(recorder.mostDownAtOnce(['web-0', 'web-1'])).toBe(2);
    expect([...recorder.removalOrder()].sort()).toEqual(['web-0', 'web-1']);
    await expect(assertOnlyTouched(space, before, ['web-1'])).rejects.toThrow('Pod web-0');

    await space.api.delete(space.path('persistentvolumeclaims', 'data-web-1'));
    await space.untilClaims((claims) => !claims.has('data-web-1'), 'the PVC is gone');
    await expect(assertNoClaimLost(space, before)).rejects.toThrow('PVC data-web-1');
    await assertNoClaimLost(space, before, ['data-web-1']);
  });

  test.skipIf(!inSandbox)('knows who wrote what', async ({ space }) => {
    await space.run('version');
    expect(await space.writes()).toEqual([]);
    const mine = space.auditOf('admin');
    await space.api.create(space.path('configmaps'), { metadata: { name: 'mine' } });
    expect((await mine.writes()).map(inShort)).toContain('create configmaps/mine');
  });

  test.skipIf(!inSandbox)('has users who may do little', async ({ space }) => {
    const { kubeconfig } = await space.restricted([{ verbs: ['get'], resources: ['statefulsets.apps'] }]);
    const { exitCode } = await space.runWith({ kubeconfig }, 'version', '--client');
    expect(exitCode).toBe(0);
  });
});
