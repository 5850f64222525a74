import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Sandbox, up } from '../../sandbox/index.ts';
import { kubectl } from '../../sandbox/test/support/kubectl.ts';
import { describeReal } from '../../sandbox/test/support/real.ts';
import { ownStateRoot } from '../../sandbox/test/support/state.ts';
import { pageRoot } from '../support/page.ts';
import { Etcd, members, Writer } from './etcd.ts';

ownStateRoot();
let sandbox: Sandbox;
let etcd: Etcd;
/** Writes all the time, whatever is done to the database. */
let writer: Writer;

/** No key that the database acknowledged is missing. */
async function expectAllThere(): Promise<void> {
  await writer.writesMore();
  const acknowledged = await writer.acknowledged();
  const there = await etcd.keys(writer.prefix);
  expect(acknowledged.length).toBeGreaterThan(5);
  expect(acknowledged.filter((key) => !there.has(key))).toEqual([]);
}

const runbook = (name: string): string => join(pageRoot, 'examples', 'runbooks', `${name}.yaml`);

const uidOf = (pod: string): Promise<string> => kubectl(sandbox, 'get', 'pod', pod, '-o', 'jsonpath={.metadata.uid}');

const existing = async (): Promise<string[]> =>
  (await kubectl(sandbox, 'get', 'statefulset,pod', '-l', 'app=etcd', '-o', 'name')).split('\n').filter(Boolean);

describeReal('a real etcd under a writing client', () => {
  beforeAll(async () => {
    sandbox = await up({ name: 'etcd', real: true, nodes: 3, lifetime: 'owned' });
    etcd = new Etcd(sandbox);
    await etcd.create();
    writer = new Writer(sandbox, 'written');
    await writer.start();
  });
  afterAll(() => sandbox?.down());

  it('is deleted in order, past the loss of its quorum, and restored with every acknowledged write', async () => {
    const claims = await etcd.claims();
    const logs = members.map((member) => etcd.log(member));
    const { exitCode, stderr, stdout } = await etcd.run('delete', 'etcd', '--confirm', 'etcd');
    expect(exitCode, stderr).toBe(0);
    expect(await existing()).toEqual([]);
    expect(await etcd.claims()).toBe(claims);
    expect(stdout).toContain('StatefulSet etcd deleted');
    for (const said of await Promise.all(logs.map((it) => it.said))) {
      expect(said).toContain('"signal":"terminated"');
      expect(said).toContain('closed etcd server');
    }
    const restored = await etcd.run('restore', 'etcd', '--yes');
    expect(restored.exitCode, restored.stderr).toBe(0);
    await etcd.ready();
    await expectAllThere();
    expect(await etcd.claims()).toBe(claims);
  });

  it('survives a plugin that is killed in mid-delete: the same command resumes and finishes', async () => {
    const claims = await etcd.claims();
    const plugin = etcd.start('delete', 'etcd', '--confirm', 'etcd');
    await plugin.sees(/done +remove member etcd-2/);
    plugin.kill('SIGKILL');
    expect((await plugin.ended).signal).toBe('SIGKILL');
    const resumed = await etcd.run('delete', 'etcd', '--confirm', 'etcd');
    expect(resumed.exitCode, resumed.stderr).toBe(0);
    expect(await existing()).toEqual([]);
    const restored = await etcd.run('restore', 'etcd', '--yes');
    expect(restored.exitCode, restored.stderr).toBe(0);
    await expectAllThere();
    expect(await etcd.claims()).toBe(claims);
  });

  it('is restarted Pod by Pod behind a gate in each, and loses no acknowledged write', async () => {
    const claims = await etcd.claims();
    const healthy = ['--gate', 'exec:etcdctl endpoint health', '--before', 'exec:etcdctl endpoint status', '--gate-timeout', '60s'];
    const restarted = await etcd.run('rollout', 'restart', 'etcd', '--yes', ...healthy);
    expect(restarted.exitCode, restarted.stderr).toBe(0);
    expect(restarted.stderr).toMatch(/done +gate exec:etcdctl endpoint health, for Pod etcd-0/);
    await expectAllThere();
    expect(await etcd.claims()).toBe(claims);
  });

  it('is held by a gate that fails, which says what came back, and aborted', async () => {
    const failing = ['--gate', 'exec:echo lagging >&2; exit 3', '--gate-timeout', '3s'];
    const held = await etcd.run('rollout', 'restart', 'etcd', '--yes', ...failing);
    expect([held.exitCode, held.stderr]).toEqual([4, expect.stringContaining('did not pass for Pod etcd-2: exit code 3: lagging')]);
    const aborted = await etcd.run('rollout', 'abort', 'etcd', '--yes');
    expect(aborted.exitCode, aborted.stderr).toBe(0);
    await etcd.ready();
    await expectAllThere();
  });

  it('comes back whole when a half-done delete is cancelled', async () => {
    const plugin = etcd.start('delete', 'etcd', '--confirm', 'etcd');
    await plugin.sees(/done +remove member etcd-1/);
    plugin.kill('SIGKILL');
    await plugin.ended;
    const cancelled = await etcd.run('cancel', 'etcd', '--yes');
    expect(cancelled.exitCode, cancelled.stderr).toBe(0);
    await etcd.ready();
    await expectAllThere();
  });

  it('is scaled down to two and up again while it goes on answering', async () => {
    const claims = await etcd.claims();
    const smaller = await etcd.run('scale', 'etcd', '--replicas', '2', '--yes');
    expect(smaller.exitCode, smaller.stderr).toBe(0);
    await writer.writesMore();
    const larger = await etcd.run('scale', 'etcd', '--replicas', '3', '--yes');
    expect(larger.exitCode, larger.stderr).toBe(0);
    await etcd.ready();
    await expectAllThere();
    expect(await etcd.claims()).toBe(claims);
  });

  it('passes a failover drill by its runbook, whose gates and programs run in the Pods', async () => {
    const claims = await etcd.claims();
    const before = await uidOf('etcd-1');
    const values = ['--set', 'set=etcd', '--set', 'pod=etcd-1', '--set', 'agreed=exec:etcdctl endpoint health --cluster'];
    const drill = await etcd.run('run', runbook('failover-drill'), ...values, '--approve', 'everyone-knows');
    expect(drill.exitCode, drill.stderr).toBe(0);
    expect(await uidOf('etcd-1')).not.toBe(before);
    await expectAllThere();
    expect(await etcd.claims()).toBe(claims);

    const file = join(sandbox.dir, 'programs.yaml');
    const steps = `- {name: status, exec: [etcdctl, endpoint, status], pod: etcd-0, timeout: 30s}
- {name: lagging, exec: [sh, -c, 'echo lagging >&2; exit 3'], pod: etcd-1, container: etcd}
`;
    writeFileSync(file, `apiVersion: sts-safe.dev/v1\nkind: Runbook\nsteps:\n${steps}`);
    const failed = await etcd.run('run', file);
    expect([failed.exitCode, failed.stderr]).toEqual([4, expect.stringMatching(/^ {2}\| 127\.0\.0\.1:2379, (.|\n)*^ {2}\| lagging$/m)]);
    expect(failed.stderr).toContain('lagging >&2; exit 3 in Pod etcd-1: exit code 3');
  });
});
