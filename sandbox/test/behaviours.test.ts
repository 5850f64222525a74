import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, up } from '../index.ts';
import { apply, get, kubectl, waitFor } from './support/kubectl.ts';
import { pod, set } from './support/objects.ts';
import { ownStateRoot } from './support/state.ts';

ownStateRoot();
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await up({ name: 'behaviours', lifetime: 'owned' });
});
afterAll(() => sandbox?.down());

interface PodObject {
  metadata: { uid: string };
  status: { phase: string; conditions: { type: string; status: string }[]; containerStatuses: { restartCount: number; ready: boolean }[] };
}

const running = (name: string) => waitFor(sandbox, `pod/${name}`, 'jsonpath={.status.phase}=Running');
const ready = (name: string, seconds = 30) => waitFor(sandbox, `pod/${name}`, 'condition=Ready', seconds);
const notReady = (name: string, seconds = 30) => waitFor(sandbox, `pod/${name}`, 'condition=Ready=False', seconds);
const restarts = (count: number) => `jsonpath={.status.containerStatuses[0].restartCount}=${count}`;

async function staysUnready(name: string): Promise<void> {
  await expect(ready(name, 2)).rejects.toThrow('timed out');
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = Date.now();
  await work();
  return (Date.now() - started) / 1000;
}

describe('a Pod', () => {
  it('starts, becomes ready and stops within a second or two', async () => {
    await apply(sandbox, pod('plain'));
    expect(await seconds(() => ready('plain'))).toBeLessThan(4);
    expect(await seconds(() => kubectl(sandbox, 'delete', 'pod', 'plain'))).toBeLessThan(4);
  });

  it('starts, gets ready and stops as slowly as its annotations say', async () => {
    const annotations = { 'sandbox/start-delay': '2s', 'sandbox/ready-delay': '2s', 'sandbox/stop-delay': '2s' };
    await apply(sandbox, pod('slow', { annotations }));
    expect(await seconds(() => running('slow'))).toBeGreaterThan(1.2);
    expect(await seconds(() => ready('slow'))).toBeGreaterThan(1.2);
    expect(await seconds(() => kubectl(sandbox, 'delete', 'pod', 'slow'))).toBeGreaterThan(1.8);
  });

  it('that ignores SIGTERM is killed when its grace period ends, not before', async () => {
    await apply(sandbox, pod('deaf', { graceSeconds: 3, annotations: { 'sandbox/ignore-sigterm': 'true' } }));
    await ready('deaf');
    const took = await seconds(() => kubectl(sandbox, 'delete', 'pod', 'deaf'));
    expect(took).toBeGreaterThan(2);
    expect(took).toBeLessThan(5);
  });

  it('that stops too slowly is killed when its grace period ends', async () => {
    await apply(sandbox, pod('slow-stop', { graceSeconds: 2, annotations: { 'sandbox/stop-delay': '1m' } }));
    await ready('slow-stop');
    expect(await seconds(() => kubectl(sandbox, 'delete', 'pod', 'slow-stop'))).toBeLessThan(5);
  });

  it('never gets ready with the image :bad or the label, and heals without it', async () => {
    await apply(sandbox, pod('bad', { image: 'app:bad' }), pod('faulty', { labels: { 'sandbox/fault': 'not-ready' } }));
    await running('faulty');
    await staysUnready('faulty');
    await kubectl(sandbox, 'label', 'pod', 'faulty', 'sandbox/fault-');
    await ready('faulty');
    await staysUnready('bad');
  });

  it('loses its readiness with the label, or a while after its start', async () => {
    await apply(sandbox, pod('flips'), pod('tires', { annotations: { 'sandbox/unready-after': '2' } }));
    await ready('flips');
    await kubectl(sandbox, 'label', 'pod', 'flips', 'sandbox/fault=not-ready');
    await notReady('flips');
    await kubectl(sandbox, 'label', 'pod', 'flips', 'sandbox/fault-');
    await ready('flips');
    await waitFor(sandbox, 'pod/tires', 'jsonpath={.metadata.labels.sandbox/fault}=not-ready');
    await notReady('tires');
  });

  it('crashes again and again, and recovers', async () => {
    await apply(sandbox, pod('crashes', { labels: { 'sandbox/fault': 'crashloop' } }), pod('crash-image', { image: 'app:crash' }));
    await waitFor(sandbox, 'pod/crashes', 'jsonpath={.status.containerStatuses[0].state.waiting.reason}=CrashLoopBackOff');
    await waitFor(sandbox, 'pod/crashes', restarts(3), 60);
    await waitFor(sandbox, 'pod/crash-image', restarts(3), 60);
    await kubectl(sandbox, 'label', 'pod', 'crashes', 'sandbox/fault-');
    await ready('crashes');
    const { status } = await get<PodObject>(sandbox, 'pod/crashes');
    expect(status.containerStatuses[0]?.restartCount).toBeGreaterThanOrEqual(3);
  });

  it('restarts once and is ready again', async () => {
    await apply(sandbox, pod('once'));
    await ready('once');
    await kubectl(sandbox, 'label', 'pod', 'once', 'sandbox/fault=restart');
    await waitFor(sandbox, 'pod/once', restarts(1));
    await ready('once');
    expect((await get<PodObject>(sandbox, 'pod/once')).status.containerStatuses[0]?.restartCount).toBe(1);
  });

  it('cannot pull its image', async () => {
    await apply(sandbox, pod('no-image', { image: 'app:nosuch' }), pod('no-pull', { labels: { 'sandbox/fault': 'image-pull' } }));
    for (const name of ['no-image', 'no-pull']) {
      await waitFor(sandbox, `pod/${name}`, 'jsonpath={.status.containerStatuses[0].state.waiting.reason}=ImagePullBackOff');
      expect((await get<PodObject>(sandbox, `pod/${name}`)).status.phase).toBe('Pending');
    }
    await kubectl(sandbox, 'label', 'pod', 'no-pull', 'sandbox/fault-');
    await ready('no-pull');
  });

  it('hangs in Terminating until the label goes, or by force', async () => {
    const stuck = { labels: { 'sandbox/stuck': 'true' }, graceSeconds: 1 };
    await apply(sandbox, pod('stuck', stuck), pod('forced', stuck));
    await ready('stuck');
    await ready('forced');
    await kubectl(sandbox, 'delete', 'pod', 'stuck', 'forced', '--wait=false');
    await expect(waitFor(sandbox, 'pod/stuck', 'delete', 3)).rejects.toThrow('timed out');
    await kubectl(sandbox, 'label', 'pod', 'stuck', 'sandbox/stuck-');
    await waitFor(sandbox, 'pod/stuck', 'delete');
    await kubectl(sandbox, 'delete', 'pod', 'forced', '--force', '--grace-period=0');
  });
});

describe('members of a quorum of three among five', () => {
  const sets = set('db', { replicas: 5, parallel: true, annotations: { 'sandbox/ready-peers': '3' } });
  const readyReplicas = (count: number | undefined) => `jsonpath={.status.readyReplicas}${count === undefined ? '' : `=${count}`}`;

  it('are ready while three run, none is with two, and all heal with the third', async () => {
    await apply(sandbox, ...sets);
    await waitFor(sandbox, 'statefulset/db', readyReplicas(5));
    await kubectl(sandbox, 'label', 'pod', 'db-3', 'db-4', 'sandbox/fault=crashloop');
    await waitFor(sandbox, 'statefulset/db', readyReplicas(3));
    await kubectl(sandbox, 'label', 'pod', 'db-2', 'sandbox/fault=crashloop');
    await notReady('db-0');
    await notReady('db-1');
    await kubectl(sandbox, 'label', 'pod', 'db-2', 'db-3', 'db-4', 'sandbox/fault-');
    await waitFor(sandbox, 'statefulset/db', readyReplicas(5));
  });

  it('notice a dead node at once', async () => {
    await kubectl(sandbox, 'delete', 'statefulset', 'db', '--wait=true');
    await apply(sandbox, ...set('etcd', { replicas: 2, parallel: true, node: 'node-0', annotations: { 'sandbox/ready-peers': '2' } }));
    await waitFor(sandbox, 'statefulset/etcd', readyReplicas(2));
    const alone = set('pair', { replicas: 2, parallel: true, annotations: { 'sandbox/ready-peers': '2' } });
    await apply(sandbox, ...alone);
    await waitFor(sandbox, 'statefulset/pair', readyReplicas(2));
    const nodes = (await kubectl(sandbox, 'get', 'pods', '-l', 'app=pair', '-o', 'jsonpath={.items[*].spec.nodeName}')).split(' ');
    expect(new Set(nodes).size).toBe(2);
    const dead = sandbox.node(Number(nodes[1]?.slice('node-'.length)));
    await dead.kill();
    // Long before the node itself is lost, which takes 20 s here.
    await notReady('pair-0', 5);
    await dead.start();
    await ready('pair-0');
  });
});
