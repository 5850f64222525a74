import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, up } from '../index.ts';
import { apply, get, kubectl, waitFor } from './support/kubectl.ts';
import { pod, set } from './support/objects.ts';
import { ownStateRoot } from './support/state.ts';

ownStateRoot();
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await up({ name: 'nodes', profile: 'quick', lifetime: 'owned' });
});
afterAll(() => sandbox?.down());

interface PodObject {
  metadata: { uid: string; deletionTimestamp?: string };
  status: { podIP: string };
}

/** An unknown Ready is what the node controller writes for a silent node. */
const lost = (node: string) => waitFor(sandbox, `node/${node}`, 'condition=Ready=Unknown', 30);
const ready = (node: string) => waitFor(sandbox, `node/${node}`, 'condition=Ready', 30);

describe('a node', () => {
  it('that is killed is lost, its Pods hang in Terminating, and both heal when it starts again', async () => {
    await apply(sandbox, pod('on-1', { node: 'node-1' }));
    await waitFor(sandbox, 'pod/on-1', 'condition=Ready');
    await sandbox.node(1).kill();
    await lost('node-1');
    await waitFor(sandbox, 'pod/on-1', 'condition=Ready=False');
    // Tolerations of 5 s, and the controller taints one node in 10 s.
    await waitFor(sandbox, 'pod/on-1', 'jsonpath={.metadata.deletionTimestamp}', 60);
    expect((await sandbox.status()).components.find((it) => it.name === 'node-1')?.state).toBe('ended');
    await sandbox.node(1).start();
    await ready('node-1');
    await waitFor(sandbox, 'pod/on-1', 'delete');
  });

  it('gives new Pods addresses that no living Pod has after a restart', async () => {
    await apply(sandbox, pod('before', { node: 'node-0' }));
    await waitFor(sandbox, 'pod/before', 'condition=Ready');
    await sandbox.node(0).restart();
    await apply(sandbox, pod('after', { node: 'node-0' }));
    await waitFor(sandbox, 'pod/after', 'condition=Ready');
    const [before, after] = [await get<PodObject>(sandbox, 'pod/before'), await get<PodObject>(sandbox, 'pod/after')];
    expect(after.status.podIP).not.toBe(before.status.podIP);
  });

  it('that hangs is lost and goes on when it is continued', async () => {
    await sandbox.node(2).stop();
    await lost('node-2');
    await expect(sandbox.node(2).start()).rejects.toThrow('cont');
    await sandbox.node(2).cont();
    await ready('node-2');
  });

  it('that is cut from the API server is lost while its kubelet answers, and comes back when joined', async () => {
    await sandbox.node(2).apicut();
    await lost('node-2');
    expect(await kubectl(sandbox, 'get', '--raw', '/api/v1/nodes/node-2/proxy/healthz')).toBe('ok');
    await sandbox.node(2).apijoin();
    await ready('node-2');
  });

  it('does not answer through the API server when it is killed', async () => {
    await sandbox.node(2).kill();
    await expect(kubectl(sandbox, 'get', '--raw', '/api/v1/nodes/node-2/proxy/healthz')).rejects.toThrow();
    await sandbox.node(2).start();
    expect(await kubectl(sandbox, 'get', '--raw', '/api/v1/nodes/node-2/proxy/healthz')).toBe('ok');
  });

  it('is refused if it does not exist', async () => {
    await expect(sandbox.node(7).kill()).rejects.toThrow('There is no component "node-7"');
    await expect(sandbox.node(7).apicut()).rejects.toThrow('There is no node 7');
  });
});

describe('the API server', () => {
  it('keeps everything over a restart, and the others find it again', async () => {
    await apply(sandbox, ...set('web', { replicas: 2 }));
    await waitFor(sandbox, 'pod/web-1', 'create');
    await waitFor(sandbox, 'pod/web-1', 'condition=Ready');
    await sandbox.component('kube-apiserver').restart();
    await kubectl(sandbox, 'scale', 'statefulset/web', '--replicas=3');
    await waitFor(sandbox, 'pod/web-2', 'create');
    await waitFor(sandbox, 'pod/web-2', 'condition=Ready');
    const { components } = await sandbox.status();
    expect(components.filter((it) => it.state !== 'running')).toEqual([]);
    expect(components.find((it) => it.name === 'kube-apiserver')?.starts).toBe(2);
  });

  it('that hangs lets requests wait, and answers them when it is continued', async () => {
    const server = sandbox.component('kube-apiserver');
    await server.stop();
    const waiting = kubectl(sandbox, 'get', 'nodes', '-o', 'name');
    await expect(kubectl(sandbox, 'get', 'nodes', '--request-timeout=1s')).rejects.toThrow(/[Tt]imeout|deadline/);
    await server.cont();
    expect(await waiting).toContain('node/node-0');
  });
});

describe('a component', () => {
  it('that ends by itself is told in the status', async () => {
    const scheduler = sandbox.component('kube-scheduler');
    process.kill((await scheduler.pid()) as number, 'SIGTERM');
    await expect
      .poll(async () => (await sandbox.status()).components.find((it) => it.name === 'kube-scheduler')?.unexpectedExit)
      .toMatchObject({
        signal: null,
      });
    await scheduler.start();
    expect((await sandbox.status()).components.find((it) => it.name === 'kube-scheduler')?.unexpectedExit).toBeUndefined();
  });
});
