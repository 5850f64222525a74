import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Sandbox, up } from '../../sandbox/index.ts';
import { feed, kubectl } from '../../sandbox/test/support/kubectl.ts';
import { describeReal } from '../../sandbox/test/support/real.ts';
import { ownStateRoot } from '../../sandbox/test/support/state.ts';
import { linesOf } from '../support/api.ts';
import { buildIfStale, install } from '../support/installation.ts';
import { pageRoot } from '../support/page.ts';
import { type PluginRun, startPlugin } from '../support/plugin.ts';
import type { ProvidedCluster } from '../support/provided.ts';

ownStateRoot();
let sandbox: Sandbox;
let cluster: ProvidedCluster;

async function run(...args: readonly string[]): Promise<PluginRun> {
  const ended = await startPlugin(cluster, args, { kubeconfig: sandbox.kubeconfig }).ended;
  expect(ended.exitCode, ended.stderr + ended.stdout).toBe(0);
  return ended;
}

const pod = (name: string): string => `/api/v1/namespaces/default/pods/${name}:8080/proxy/`;
const service = '/api/v1/namespaces/default/services/kubia-public:http/proxy/';
const get = (path: string): Promise<string> => kubectl(sandbox, 'get', '--raw', path);

/** As one does it with curl; `kubectl create --raw` sends no length, which a CGI needs. */
async function post(name: string, body: string): Promise<void> {
  const proxy = spawn(sandbox.kubectl, ['--kubeconfig', sandbox.kubeconfig, 'proxy', '--port=0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    for await (const line of linesOf(proxy.stdout)) {
      const [, address] = /serve on (\S+)/.exec(line) ?? [];
      if (address === undefined) continue;
      const { status } = await fetch(`http://${address}${pod(name)}`, { method: 'POST', body });
      expect(status).toBe(200);
      return;
    }
  } finally {
    proxy.kill();
  }
}

const nodeOf = (name: string): Promise<string> => kubectl(sandbox, 'get', 'pod', name, '-o', 'jsonpath={.spec.nodeName}');
const said = (name: string, data: string): string => `You have reached ${name}\nIts data: ${data}\n`;

describeReal('examples/classic/kubia.yaml on real nodes', () => {
  beforeAll(async () => {
    buildIfStale();
    sandbox = await up({ name: 'kubia', real: true, nodes: 2, profile: 'quick', lifetime: 'owned' });
    const dir = join(sandbox.dir, 'tests');
    mkdirSync(dir);
    const { kubeconfig, kubectl: path, server } = sandbox;
    cluster = { kubeconfig, context: 'unused', kubectl: path, api: server, installed: install(dir, path), dir };
    const manifest = readFileSync(join(pageRoot, 'examples/classic/kubia.yaml'), 'utf8');
    await feed(sandbox, manifest.replace('busybox:1.37', 'sandbox.local/busybox:1'), 'apply', '-f', '-');
    await run('status', 'kubia', '--wait', '--timeout', '2m');
  });
  afterAll(() => sandbox?.down());

  it('is reached Pod by Pod and by its Service, through the API server', async () => {
    expect(await get(pod('kubia-0'))).toBe(said('kubia-0', 'none'));
    await post('kubia-1', 'hello');
    expect(await get(pod('kubia-1'))).toBe(said('kubia-1', 'hello'));
    expect(await get(service)).toMatch(/^You have reached kubia-[01]\n/);
    const probed = await run('peers', 'kubia', '--probe', 'http:8080/');
    expect(probed.stdout.match(/^\d +kubia-\d\.kubia .* ok \(2xx\) *$/gm)).toHaveLength(2);
  });

  it('is updated behind a gate that each Pod answers, deleted and restored with its data', async () => {
    const updated = await run('rollout', 'restart', 'kubia', '--gate', 'http:8080/~You have reached', '--yes');
    expect(updated.stderr).toMatch(/done +gate http:8080\/~You have reached, for Pod kubia-0/);
    await run('scale', 'kubia', '--replicas', '1', '--yes');
    await run('scale', 'kubia', '--replicas', '2', '--yes');
    await run('delete', 'kubia', '--confirm', 'kubia');
    await run('restore', 'kubia', '--yes');
    await run('status', 'kubia', '--wait', '--timeout', '1m');
    expect(await get(pod('kubia-1'))).toBe(said('kubia-1', 'hello'));
  });

  it('starts elsewhere with its data when its node is lost, by the runbook for that', async () => {
    const node = await nodeOf('kubia-1');
    await sandbox.node(Number(node.split('-').at(-1))).off();
    await kubectl(sandbox, 'wait', `node/${node}`, '--for=condition=Ready=Unknown', '--timeout=60s');
    const values = { node, set: 'kubia', attest: 'powered-off', evidence: 'pulled the plug' };
    const set = Object.entries(values).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
    const runbook = ['run', join(pageRoot, 'examples/runbooks/lost-node.yaml'), ...set, '--yes', '--approve', 'evidence,machine-is-back'];
    const early = await startPlugin(cluster, [...runbook, '-o', 'json'], { kubeconfig: sandbox.kubeconfig }).ended;
    expect(early.exitCode, early.stderr).toBe(4);
    const { message } = JSON.parse(early.stdout) as { readonly message: string };
    expect(message).toMatch(/^step unfence: /);
    expect(early.stderr).toContain('node-still-silent');
    expect(await nodeOf('kubia-1')).not.toBe(node);
    expect(await get(pod('kubia-1'))).toBe(said('kubia-1', 'hello'));

    await sandbox.node(Number(node.split('-').at(-1))).on();
    await kubectl(sandbox, 'wait', `node/${node}`, '--for=condition=Ready', '--timeout=120s');
    // The nodes of a sandbox share one kernel, so to it this one has not booted again: that is for a person to say.
    const sameBoot = await startPlugin(cluster, [...runbook, '--resume'], { kubeconfig: sandbox.kubeconfig }).ended;
    expect([sameBoot.exitCode, sameBoot.stderr]).toEqual([4, expect.stringContaining('blocks same-boot')]);
    await run('node', 'unfence', node, '--allow', 'same-boot', '--yes');
    await run(...runbook, '--resume');
    expect(await kubectl(sandbox, 'get', 'node', node, '-o', 'jsonpath={.spec.taints[*].key}')).not.toContain('out-of-service');
  });
});
