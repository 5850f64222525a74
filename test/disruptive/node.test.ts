import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest';
import { type Sandbox, up } from '../../sandbox/index.ts';
import type { Node } from '../../src/domain/kube.ts';
import { isPodReady } from '../../src/domain/members.ts';
import type { NodeReport } from '../../src/inspect/node/report.ts';
import { CoreDns } from '../support/coredns.ts';
import { blocking, documentOf, expectEnd, refusalOf, resultOf } from '../support/documents.ts';
import { assertNoClaimLost, census } from '../support/invariants.ts';
import { inSandbox, type Space, spaceIn } from '../support/namespace.ts';

/**
 * Nodes that are lost, cut off and come back: in a sandbox of their own, where a silent node is not Ready after six seconds. Each test
 * has a zone of three nodes to itself.
 */
describe.skipIf(!inSandbox).concurrent('a node', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await up({ name: `node-${process.pid}`, nodes: 9, profile: 'quick', lifetime: 'owned' });
  });
  const running: CoreDns[] = [];
  afterAll(async () => {
    await Promise.all(running.map((dns) => dns.stop()));
    await sandbox?.down();
  });

  const open = (title: string, onTestFinished: TestContext['onTestFinished']): Promise<Space> => spaceIn(sandbox, title, onTestFinished);

  async function dnsOf({ cluster: { kubeconfig, dir } }: Space): Promise<CoreDns> {
    const dns = await CoreDns.start(kubeconfig, dir);
    running.push(dns);
    return dns;
  }

  const untilNode = (space: Space, name: string, ready: string): Promise<Node> =>
    space.api.until<Node, Node>(
      `/api/v1/nodes?fieldSelector=metadata.name%3D${name}`,
      (nodes) => {
        const node = nodes.get(name);
        return node?.status.conditions?.some(({ type, status }) => type === 'Ready' && status === ready) === true ? node : undefined;
      },
      `node ${name} is Ready=${ready}`,
    );

  async function check(space: Space, name: string, code = 0): Promise<NodeReport> {
    const run = await space.run('node', 'check', name, '--check', '-o', 'json');
    expectEnd(run, code);
    return documentOf<NodeReport>(run.stdout, 'NodeReport');
  }

  const inZone = (zone: string) => ({ nodeSelector: { 'topology.kubernetes.io/zone': zone } });

  const gradesOf = ({ signs }: NodeReport) => Object.fromEntries(signs.map(({ id, grade }) => [id, grade]));

  test('that is killed is silent, one that is only cut off is alive, and one that there is not is said so', async ({ onTestFinished }) => {
    const space = await open('check', onTestFinished);
    await space.applySet({ podSpec: { ...inZone('zone-a'), tolerations: [{ operator: 'Exists' }] } });
    const pod = await space.pod('web-1');
    const lost = pod.spec.nodeName ?? '';
    const other = (await space.pod('web-2')).spec.nodeName ?? '';
    expect(await check(space, lost)).toMatchObject({ verdict: 'alive', uid: expect.any(String), settledBy: [] });
    await Promise.all([sandbox.node(numberOf(lost)).kill(), sandbox.node(numberOf(other)).apicut()]);
    await Promise.all([untilNode(space, lost, 'Unknown'), untilNode(space, other, 'Unknown')]);
    const status = await space.run('status', 'web');
    expect(status.stdout).toMatch(new RegExp(`web-1 is on node ${lost}, which is not Ready(.|\\n)*kubectl sts-safe node check ${lost}`));
    const report = await check(space, lost, 5);
    expect(report).toMatchObject({
      verdict: 'partition-possible',
      notReady: { zone: { name: 'zone-a', notReady: 2, all: 3 } },
      unread: [],
    });
    expect(gradesOf(report)).toMatchObject({ ready: 'weak', lease: 'weak', kubelet: 'weak' });
    expect(report.pods).toContainEqual(
      expect.objectContaining({ name: 'web-1', set: 'web', namespace: space.namespace, uid: pod.metadata.uid }),
    );
    expect(report.pods.flatMap(({ volumes }) => volumes)).toContainEqual(
      expect.objectContaining({ claim: 'data-web-1', volume: expect.any(String), accessModes: ['ReadWriteOnce'] }),
    );
    // Its Lease is as old and it is as little Ready, but its kubelet answers.
    const cut = await check(space, other);
    expect(cut.verdict).toBe('alive');
    expect(gradesOf(cut)).toMatchObject({ ready: 'weak', lease: 'weak', kubelet: 'counter' });
    const refused = await space.run('node', 'fence', other, ...attested, '--confirm', other, '-o', 'json');
    expectEnd(refused, 3);
    expect(blocking(refusalOf(refused).findings)).toEqual(['node-alive']);
    const none = await space.run('node', 'check', 'node-9');
    expectEnd(none, 1);
    expect(none.stderr).toContain('node node-9 not found in context');
    // A Service that publishes Pods that are not Ready goes on naming those of the lost node.
    await space.api.patch(space.path('services', 'web'), { spec: { publishNotReadyAddresses: true } });
    const peers = await space.run('peers', 'web', '--check', '--wait', '--timeout', '30s', '--dns-server', (await dnsOf(space)).server);
    expect([peers.exitCode, peers.stdout]).toEqual([5, expect.stringMatching(/^1 .*SRV, A +Running, node lost$/m)]);
    expect(peers.stdout).toContain(
      'Pod web-1 is on a lost node and is still listed, because its Service publishes Pods that are not Ready',
    );
    await Promise.all([sandbox.node(numberOf(lost)).start(), sandbox.node(numberOf(other)).apijoin()]);
    await Promise.all([untilNode(space, lost, 'True'), untilNode(space, other, 'True')]);
    await space.expectNoWrites();
  });

  const attested = ['--attest', 'powered-off', '--evidence', 'ticket-4711'];
  const numberOf = (name: string): number => Number(name.replace('node-', ''));
  const nodeNamed = (space: Space, name: string): Promise<Node> => space.api.get<Node>(`/api/v1/nodes/${name}`);
  const ourTaints = ({ spec }: Node) => (spec.taints ?? []).filter(({ key }) => key === 'node.kubernetes.io/out-of-service');

  test('that is lost is fenced: its Pods are replaced with their PVCs, and it comes back only by unfence', async ({ onTestFinished }) => {
    const space = await open('fence', onTestFinished);
    await space.applySet({ podSpec: inZone('zone-b') });
    const [before, pod] = [await census(space), await space.pod('web-1')];
    const lost = pod.spec.nodeName ?? '';
    const fence = ['node', 'fence', lost, ...attested, '--confirm', lost, '-o', 'json'];
    const ready = await space.run(...fence);
    expectEnd(ready, 3);
    expect(blocking(refusalOf(ready).findings)).toEqual(['node-ready', 'node-alive', 'node-alive']);
    await space.expectNoWrites();
    // So that the replacement of web-1 is beside web-2: what a forced deletion must know of.
    const beside = `/api/v1/nodes/${(await space.pod('web-0')).spec.nodeName}`;
    await space.api.patch(beside, { spec: { unschedulable: true } });
    await sandbox.node(numberOf(lost)).kill();
    await untilNode(space, lost, 'Unknown');
    const result = resultOf(await space.run(...fence), 0);
    await space.api.patch(beside, { spec: { unschedulable: null } });
    expect(result.verified).toContain(`1 replacement is Ready: ${space.namespace}/web-1`);
    const now = await space.pod('web-1');
    expect([now.metadata.uid === pod.metadata.uid, now.spec.nodeName === lost, isPodReady(now)]).toEqual([false, false, true]);
    await assertNoClaimLost(space, before);
    const fenced = await nodeNamed(space, lost);
    expect(ourTaints(fenced)).toMatchObject([{ value: 'sts-safe', effect: 'NoExecute' }]);
    expect(fenced.metadata.labels).toMatchObject({ 'sts-safe.dev/fenced': 'true' });
    expect(JSON.parse(fenced.metadata.annotations?.['sts-safe.dev/attestation'] ?? '')).toMatchObject({
      attest: 'powered-off',
      evidence: 'ticket-4711',
      by: expect.stringContaining('operator-'),
      pods: expect.arrayContaining([`${space.namespace}/web-1`]),
    });
    expect((await space.run('operations')).stdout).toContain(`node/${lost}`);
    // What is attested already is not asked again.
    const again = await space.run('node', 'fence', lost, '--confirm', lost);
    expectEnd(again, 0);
    expect(again.stdout).toContain('already fenced');
    const early = await space.run('node', 'unfence', lost, '--yes', '-o', 'json');
    expect(blocking(refusalOf(early).findings)).toContain('node-still-silent');
    await sandbox.node(numberOf(lost)).start();
    await untilNode(space, lost, 'True');
    // Its kubelet was down, and the machine has not booted: so what was attested was wrong.
    const sameBoot = await space.run('node', 'unfence', lost, '--yes', '-o', 'json');
    expect(blocking(refusalOf(sameBoot).findings)).toEqual(['same-boot']);
    expectEnd(await space.run('node', 'unfence', lost, '--yes', '--allow', 'same-boot'), 0);
    const back = await nodeNamed(space, lost);
    expect([ourTaints(back), back.metadata.labels?.['sts-safe.dev/fenced']]).toEqual([[], undefined]);
    expect(Object.keys(back.metadata.annotations ?? {}).filter((key) => key.startsWith('sts-safe.dev/'))).toEqual([]);
    await forceDeleted(space);
  });

  test('that becomes Ready before its Pods are deleted has its taint removed at once', async ({ onTestFinished }) => {
    const space = await open('back', onTestFinished);
    // A finalizer keeps the Pod from being deleted.
    await space.applySet({ podSpec: inZone('zone-c'), podFinalizers: ['test.sts-safe.dev/hold'] });
    const pod = await space.pod('web-1');
    const lost = pod.spec.nodeName ?? '';
    await sandbox.node(numberOf(lost)).kill();
    await untilNode(space, lost, 'Unknown');
    const fence = ['node', 'fence', lost, ...attested, '--confirm', lost];
    const plugin = space.start([...fence, '--progress=plain']);
    await plugin.sees(/Pods are off the node/);
    expect(ourTaints(await nodeNamed(space, lost))).toHaveLength(1);
    // Killed in the middle, it is resumed by the same command, which waits for the same Pods.
    plugin.kill('SIGKILL');
    await plugin.ended;
    const resumed = space.start([...fence, '--progress=plain']);
    await resumed.sees(/Pods are off the node/);
    await sandbox.node(numberOf(lost)).start();
    const ended = await resumed.ended;
    expectEnd(ended, 4);
    expect(ended.stdout).toContain(`node ${lost} is Ready again`);
    const back = await nodeNamed(space, lost);
    expect([ourTaints(back), back.metadata.annotations?.['sts-safe.dev/attestation']]).toEqual([[], undefined]);
    for (const { metadata } of await space.pods())
      await space.api.patch(space.path('pods', metadata.name), { metadata: { finalizers: null } });
  });

  /** Pods alone, by UID, the lower one first; what was attested outlives them. */
  async function forceDeleted(space: Space): Promise<void> {
    const before = await census(space);
    const ready = await space.run('force-delete', 'web-2', ...attested, '--confirm', 'web-2', '-o', 'json');
    expect(blocking(refusalOf(ready).findings)).toContain('node-ready');
    const { metadata, spec } = await space.pod('web-2');
    const [name, uid, lost] = [metadata.name, metadata.uid, spec.nodeName ?? ''];
    await sandbox.node(numberOf(lost)).kill();
    await untilNode(space, lost, 'Unknown');
    const forced = (pod: string) => space.run('force-delete', pod, ...attested, '--confirm', pod, '-o', 'json');
    // The controller would create web-2 again only after web-1, which is on the same node.
    expect((await space.pod('web-1')).spec.nodeName).toBe(lost);
    const outOfOrder = refusalOf(await forced(name)).findings;
    expect(blocking(outOfOrder)).toEqual(['earlier-pod-not-ready']);
    expect(outOfOrder).toContainEqual(
      expect.objectContaining({
        // Not Ready, or by then told to end.
        message: expect.stringMatching(/^web-1 is (not Ready|terminating) .*the controller creates no Pod with a higher ordinal/),
        remedies: [expect.objectContaining({ operation: 'node fence' })],
      }),
    );
    resultOf(await forced('web-1'), 0);
    const result = resultOf(await forced(name), 0);
    expect(result.verified).toContain('1 PVC unchanged (same UID and phase)');
    const now = await space.pod(name);
    expect([now.metadata.uid === uid, isPodReady(now)]).toEqual([false, true]);
    await assertNoClaimLost(space, before);
    const node = await nodeNamed(space, lost);
    expect([ourTaints(node), node.metadata.labels?.['sts-safe.dev/fenced']]).toEqual([[], 'true']);
    expect((await space.set()).metadata.annotations?.['sts-safe.dev/operation']).toBeUndefined();
    await sandbox.node(numberOf(lost)).start();
    await untilNode(space, lost, 'True');
    expectEnd(await space.run('node', 'unfence', lost, '--yes', '--allow', 'same-boot'), 0);
  }
});
