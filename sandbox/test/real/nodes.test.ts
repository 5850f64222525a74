import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Sandbox, up } from '../../index.ts';
import { apply, feed, get, kubectl, waitFor } from '../support/kubectl.ts';
import { describeReal } from '../support/real.ts';
import { ownStateRoot } from '../support/state.ts';

ownStateRoot();
const example = join(import.meta.dirname, '..', '..', '..', 'examples', 'etcd.yaml');
let sandbox: Sandbox;

interface PodObject {
  metadata: { uid: string; deletionTimestamp?: string };
  spec: { nodeName: string };
  status: { containerStatuses: { restartCount: number; lastState: { terminated?: { exitCode: number; reason: string } } }[] };
}

const lost = (node: string) => waitFor(sandbox, `node/${node}`, 'condition=Ready=Unknown', 30);
const ready = (node: string) => waitFor(sandbox, `node/${node}`, 'condition=Ready', 60);
const exec = (pod: string, ...command: string[]) => kubectl(sandbox, 'exec', pod, '--', ...command);
const etcdctl = (pod: string, ...command: string[]) => exec(pod, 'etcdctl', ...command);
const podOf = (name: string) => get<PodObject>(sandbox, `pod/${name}`);
const numberOf = async (pod: string): Promise<number> => Number((await podOf(pod)).spec.nodeName.replace('node-', ''));

/** Resolves when all members are ready, after a restart or a new start of some. */
const whole = async () => {
  for (const member of ['etcd-0', 'etcd-1', 'etcd-2']) {
    await waitFor(sandbox, `pod/${member}`, 'create', 60);
    await waitFor(sandbox, `pod/${member}`, 'condition=Ready', 60);
  }
};

describeReal('on real nodes', () => {
  beforeAll(async () => {
    sandbox = await up({ name: 'real', real: true, nodes: 3, profile: 'quick', lifetime: 'owned' });
    await kubectl(sandbox, 'apply', '-f', example);
    await kubectl(sandbox, 'rollout', 'status', 'statefulset/etcd', '--timeout=120s');
  });
  afterAll(() => sandbox?.down());

  it('three members of etcd keep what one is given, each on its own disk', async () => {
    expect(await etcdctl('etcd-0', 'put', 'colour', 'blue')).toBe('OK\n');
    expect(await etcdctl('etcd-2', 'get', 'colour', '--print-value-only')).toBe('blue\n');
    const nodes = await Promise.all(['etcd-0', 'etcd-1', 'etcd-2'].map(numberOf));
    expect(new Set(nodes)).toEqual(new Set([0, 1, 2]));
  });

  it('exec passes on exit codes, standard input and a missing program', async () => {
    await expect(exec('etcd-0', 'sh', '-c', 'exit 7')).rejects.toThrow('exit code 7');
    await expect(exec('etcd-0', 'sh', '-c', 'kill -KILL $$')).rejects.toThrow('exit code 137');
    expect(await feed(sandbox, 'one\ntwo\n', 'exec', '-i', 'etcd-0', '--', 'wc', '-l')).toBe('2\n');
    await expect(exec('etcd-0', 'nothing-here')).rejects.toThrow('executable file not found');
  });

  it('a container hears SIGTERM and has its grace; one that ignores it is killed when the grace is over', async () => {
    const trap = "trap 'echo asked to end; sleep 1; echo ended in order; exit 0' TERM; while :; do sleep 0.1; done";
    await apply(sandbox, shell('polite', trap, 20), shell('deaf', "trap '' TERM; while :; do sleep 0.1; done", 2));
    await Promise.all(['polite', 'deaf'].map((name) => waitFor(sandbox, `pod/${name}`, 'condition=Ready')));
    const said = kubectl(sandbox, 'logs', '-f', 'polite');
    const took = await Promise.all(['polite', 'deaf'].map((name) => seconds(kubectl(sandbox, 'delete', 'pod', name))));
    expect(await said).toBe('asked to end\nended in order\n');
    expect(took[0]).toBeGreaterThan(1);
    expect(took[0]).toBeLessThan(15);
    expect(took[1]).toBeGreaterThan(2);
  });

  it('the cluster is reached from inside a Pod: names, Services, the API server', async () => {
    expect(await exec('etcd-0', 'nslookup', 'etcd-1.etcd.default.svc.cluster.local')).toContain('10.244.');
    expect(await etcdctl('etcd-0', '--endpoints=http://etcd-client:2379', 'get', 'colour', '--print-value-only')).toBe('blue\n');
    await exec('etcd-0', 'sh', '-c', 'nc -w 2 $KUBERNETES_SERVICE_HOST 443 < /dev/null');
  });

  it('a node that is cut off is lost while its member runs on, and heals when it is joined', async () => {
    const number = await numberOf('etcd-1');
    const { uid } = (await podOf('etcd-1')).metadata;
    await sandbox.node(number).cut();
    await lost(`node-${number}`);
    expect(await etcdctl('etcd-0', 'put', 'colour', 'green')).toBe('OK\n');
    await waitFor(sandbox, 'pod/etcd-1', 'jsonpath={.metadata.deletionTimestamp}', 60);
    expect((await podOf('etcd-1')).metadata.uid).toBe(uid);
    await sandbox.node(number).join();
    await ready(`node-${number}`);
    await expect.poll(async () => (await podOf('etcd-1').catch(() => undefined))?.metadata.uid, { timeout: 60_000 }).not.toBe(uid);
    await whole();
    expect(await etcdctl('etcd-1', 'get', 'colour', '--print-value-only')).toBe('green\n');
  });

  it('a node that loses only the API server is lost while its member serves', async () => {
    const number = await numberOf('etcd-2');
    await exec('etcd-2', 'true');
    await sandbox.node(number).apicut();
    await lost(`node-${number}`);
    expect(await etcdctl('etcd-2', 'put', 'while', 'lost')).toBe('OK\n');
    await sandbox.node(number).apijoin();
    await ready(`node-${number}`);
    await whole();
  });

  it('a node that is switched off and on again keeps its Pod and its disk; the containers start anew', async () => {
    const number = await numberOf('etcd-0');
    const before = await podOf('etcd-0');
    await sandbox.node(number).off();
    expect((await sandbox.status()).components.find((it) => it.name === `node-${number}`)?.state).toBe('ended');
    await expect(sandbox.node(number).start()).rejects.toThrow(`switch it on with "node on ${number}"`);
    await sandbox.node(number).on();
    await expect.poll(async () => (await podOf('etcd-0')).status.containerStatuses[0]?.restartCount, { timeout: 60_000 }).toBe(1);
    await whole();
    const after = await podOf('etcd-0');
    expect(after.metadata.uid).toBe(before.metadata.uid);
    expect(after.status.containerStatuses[0]?.lastState.terminated).toMatchObject({ exitCode: 255, reason: 'Unknown' });
    expect(await etcdctl('etcd-0', 'get', 'while', '--print-value-only')).toBe('lost\n');
  });

  it('a kubelet that is killed or hangs loses the node, and no container; it comes back with start and cont', async () => {
    const [killed, stopped] = [await numberOf('etcd-1'), await numberOf('etcd-2')];
    const uids = await Promise.all(['etcd-1', 'etcd-2'].map(async (it) => (await podOf(it)).metadata.uid));
    await Promise.all([sandbox.node(killed).kill(), sandbox.node(stopped).stop()]);
    const { components } = await sandbox.status();
    expect([killed, stopped].map((it) => components.find(({ name }) => name === `node-${it}`)?.state)).toEqual(['ended', 'stopped']);
    await expect(sandbox.node(stopped).start()).rejects.toThrow('cont');
    await Promise.all([lost(`node-${killed}`), lost(`node-${stopped}`)]);
    expect(await etcdctl('etcd-0', 'put', 'kubelets', 'gone')).toBe('OK\n');
    await Promise.all([sandbox.node(killed).start(), sandbox.node(stopped).cont()]);
    await Promise.all([ready(`node-${killed}`), ready(`node-${stopped}`)]);
    await whole();
    const after = await Promise.all(['etcd-1', 'etcd-2'].map(podOf));
    expect(after.map((it) => it.metadata.uid)).toEqual(uids);
    expect(after.map((it) => it.status.containerStatuses[0]?.restartCount)).toEqual([0, 0]);
  });

  it('a second writer to a shared volume is found, stops, and leaves word of it', async () => {
    await apply(sandbox, sharedClaim, writer('first', 'node-0'));
    await waitFor(sandbox, 'pod/first', 'condition=Ready', 60);
    await apply(sandbox, writer('second', 'node-1'));
    await waitFor(sandbox, 'pod/second', 'condition=Ready', 60);
    await waitFor(sandbox, 'pod/first', 'jsonpath={.status.phase}=Failed', 30);
    expect((await podOf('first')).status.containerStatuses[0]).toMatchObject({ state: { terminated: { exitCode: 75 } } });
    const { spec } = await get<{ spec: { volumeName: string } }>(sandbox, 'pvc/shared');
    const evidence = readFileSync(join(sandbox.dir, 'volumes', spec.volumeName, '.fence', 'second-writer'), 'utf8');
    expect(JSON.parse(evidence)).toMatchObject({ token: 1, host: 'first', newer: 2 });
    expect(await exec('second', 'cat', '/data/.fence/counter')).toBe('2\n');
    await kubectl(sandbox, 'delete', 'pod', 'first', 'second');
  });
});

const shell = (name: string, script: string, graceSeconds: number) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: {
    terminationGracePeriodSeconds: graceSeconds,
    containers: [{ name: 'app', image: 'sandbox.local/busybox:1', command: ['sh', '-c', script] }],
  },
});

const sharedClaim = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'shared' },
  spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'shared', resources: { requests: { storage: '1Gi' } } },
};

const writer = (name: string, node: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: {
    nodeSelector: { 'kubernetes.io/hostname': node },
    terminationGracePeriodSeconds: 2,
    restartPolicy: 'Never',
    containers: [
      {
        name: 'app',
        image: 'sandbox.local/busybox:1',
        command: ['fence', '/data', '--', 'sh', '-c', 'while :; do echo $HOSTNAME >> /data/written; sleep 0.1; done'],
        volumeMounts: [{ name: 'data', mountPath: '/data' }],
      },
    ],
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'shared' } }],
  },
});

async function seconds(work: Promise<unknown>): Promise<number> {
  const started = Date.now();
  await work;
  return (Date.now() - started) / 1000;
}
