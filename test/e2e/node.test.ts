import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { type Sandbox, up } from '../../sandbox/index.ts';
import type { Node } from '../../src/domain/kube.ts';
import type { NodeReport } from '../../src/inspect/node/report.ts';
import { documentOf, expectEnd } from '../support/documents.ts';
import { inSandbox, Space } from '../support/namespace.ts';

/** Nodes that are lost, cut off and come back: in a sandbox of their own, where a silent node is not Ready after six seconds. */
describe.skipIf(!inSandbox)('a node', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await up({ name: `node-${process.pid}`, nodes: 3, profile: 'quick', lifetime: 'owned' });
    mkdirSync(join(sandbox.dir, 'tests'));
  });
  afterAll(() => sandbox?.down());

  async function open(title: string): Promise<Space> {
    const { name, kubeconfig, kubectl, server: api, auditLog } = sandbox;
    const { installed } = inject('cluster');
    const space = await Space.open(
      { sandbox: name, kubeconfig, context: `sandbox-${name}`, kubectl, api, installed, dir: join(sandbox.dir, 'tests'), auditLog },
      title,
    );
    onTestFinished(() => space.close());
    return space;
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

  const gradesOf = ({ signs }: NodeReport) => Object.fromEntries(signs.map(({ id, grade }) => [id, grade]));

  test('that is killed is silent, one that is only cut off is alive, and one that there is not is said so', async () => {
    const space = await open('check');
    await space.applySet({ podSpec: { tolerations: [{ operator: 'Exists' }] } });
    const pod = await space.pod('web-1');
    const lost = pod.spec.nodeName ?? '';
    const other = (await space.pod('web-2')).spec.nodeName ?? '';
    expect(await check(space, lost)).toMatchObject({ verdict: 'alive', uid: expect.any(String), settledBy: [] });
    const numberOf = (name: string): number => Number(name.replace('node-', ''));
    await Promise.all([sandbox.node(numberOf(lost)).kill(), sandbox.node(numberOf(other)).apicut()]);
    await Promise.all([untilNode(space, lost, 'Unknown'), untilNode(space, other, 'Unknown')]);
    const report = await check(space, lost, 5);
    expect(report).toMatchObject({ verdict: 'partition-possible', notReady: { fleet: { notReady: 2, all: 3 } }, unread: [] });
    expect(gradesOf(report)).toMatchObject({ ready: 'weak', lease: 'weak', kubelet: 'weak' });
    expect(report.pods).toContainEqual(
      expect.objectContaining({ name: 'web-1', set: 'web', namespace: space.namespace, uid: pod.metadata.uid, evictedAt: 'never' }),
    );
    expect(report.pods.flatMap(({ volumes }) => volumes)).toContainEqual(
      expect.objectContaining({ claim: 'data-web-1', volume: expect.any(String), accessModes: ['ReadWriteOnce'] }),
    );
    // Its Lease is as old and it is as little Ready, but its kubelet answers.
    const cut = await check(space, other);
    expect(cut.verdict).toBe('alive');
    expect(gradesOf(cut)).toMatchObject({ ready: 'weak', lease: 'weak', kubelet: 'counter' });
    const none = await space.run('node', 'check', 'node-9');
    expectEnd(none, 1);
    expect(none.stderr).toContain('node node-9 not found in context');
    await Promise.all([sandbox.node(numberOf(lost)).start(), sandbox.node(numberOf(other)).apijoin()]);
    await Promise.all([untilNode(space, lost, 'True'), untilNode(space, other, 'True')]);
    await space.expectNoWrites();
  });
});
