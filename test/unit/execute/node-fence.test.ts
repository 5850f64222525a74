import { describe, expect, it } from 'vitest';
import { ATTESTATION_ANNOTATION, attestationOf, FENCE_LABEL } from '../../../src/domain/node-signs.ts';
import { driverOf } from '../../support/model/drive.ts';
import { killedAt } from '../../support/model/killed.ts';
import { lostNode, NODE } from '../../support/model/lost-node.ts';

/** Taking a node out of service, and putting it back, against a node that does as it likes. */

const target = { resource: 'nodes', namespace: '', name: 'node-1' } as const;
const options = { attest: 'powered-off', evidence: 'BMC' };
const fence = { operation: 'node fence', target, options } as const;
const unfence = { operation: 'node unfence', target, options: {} } as const;
const PATCH = new RegExp(`^PATCH ${NODE}$`);
const bob = { user: 'bob', host: 'there', pid: 2 };
const ours = [{ key: 'node.kubernetes.io/out-of-service', value: 'sts-safe', effect: 'NoExecute' }];
const unreachable = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' } as const;

describe('node fence', () => {
  it('sets taint, label and attestation in one patch, and waits for the replacement', async () => {
    const world = lostNode();
    const driver = driverOf(world.cluster);
    driver.afterRound = () => world.collect();
    const result = await driver.run(fence);
    expect(result).toMatchObject({ exitCode: 0, done: ['fence', 'pods-deleted', 'replacements-ready'] });
    expect(result.verified).toEqual(['1 Pod is deleted: prod/web-1', '1 replacement is Ready: prod/web-1']);
    expect(world.cluster.log.filter((what) => PATCH.test(what))).toHaveLength(1);
    expect(world.taints()).toEqual(ours);
    expect(world.node().metadata.labels).toMatchObject({ [FENCE_LABEL]: 'true' });
    expect(attestationOf(world.node())).toMatchObject({ ...options, bootID: 'boot-1', by: 'ann@here', pods: ['prod/web-1'] });
    expect(driver.planned[0]).toMatchObject({ outcome: 'plan', plan: { consent: { kind: 'typed', name: 'node-1' } } });
  });

  it.each([
    ['is Ready', { ready: 'True' }],
    ['has booted', { bootID: 'boot-2' }],
  ] as const)('writes nothing when the node %s between look and patch', async (_, change) => {
    const world = lostNode();
    world.cluster.onWrite = (when, what) => {
      if (when === 'before' && PATCH.test(what)) world.change(change);
    };
    await expect(driverOf(world.cluster).run(fence)).rejects.toThrow(/of node node-1 is "(True|boot-2)", planned on/);
    expect([world.taints(), world.node().metadata.annotations?.[ATTESTATION_ANNOTATION]]).toEqual([[], undefined]);
  });

  it('keeps the taints of others that come and go in the meantime', async () => {
    const world = lostNode();
    let changed = false;
    world.cluster.onWrite = (when, what) => {
      if (when !== 'before' || !PATCH.test(what) || changed) return;
      changed = true;
      world.change({ taints: [unreachable] });
    };
    const driver = driverOf(world.cluster);
    driver.afterRound = () => world.collect();
    expect(await driver.run(fence)).toMatchObject({ exitCode: 0 });
    expect(world.node().spec.taints).toEqual([unreachable, ...ours]);
  });

  it.each(['before', 'after'] as const)('killed %s its patch, is done by the same command', async (when) => {
    const world = lostNode();
    await killedAt(world.cluster, PATCH, when, () => driverOf(world.cluster).run(fence));
    const driver = driverOf(world.cluster, bob);
    driver.afterRound = () => world.collect();
    expect(await driver.run(fence)).toMatchObject({ exitCode: 0, remaining: [] });
    expect(world.taints()).toEqual(ours);
    expect(attestationOf(world.node())?.by).toBe(when === 'before' ? 'bob@there' : 'ann@here');
  });

  it('removes everything of its own at once when the node becomes Ready before its Pods are deleted', async () => {
    const world = lostNode();
    const driver = driverOf(world.cluster);
    let rounds = 0;
    const uid = world.pod()?.metadata.uid;
    driver.afterRound = () => {
      rounds += 1;
      if (rounds === 3) world.change({ ready: 'True', taints: [...(world.node().spec.taints ?? []), unreachable] });
    };
    const result = await driver.run(fence);
    expect(result).toMatchObject({ exitCode: 4, outcome: 'failed', message: expect.stringContaining('node node-1 is Ready again') });
    expect(world.node().spec.taints).toEqual([unreachable]);
    expect([world.node().metadata.annotations?.[ATTESTATION_ANNOTATION], world.pod()?.metadata.uid]).toEqual([undefined, uid]);
  });

  it('killed, and the node has come back since: the same command removes the fence, and asks for no name', async () => {
    const world = lostNode();
    await killedAt(world.cluster, PATCH, 'after', () => driverOf(world.cluster).run(fence));
    world.change({ ready: 'True' });
    const driver = driverOf(world.cluster, bob);
    expect(await driver.run(fence)).toMatchObject({ exitCode: 0, message: 'node node-1 is Ready again, and its fence is removed' });
    expect(driver.planned.at(-1)).toMatchObject({ plan: { consent: { kind: 'yes-no' } } });
    expect(world.taints()).toEqual([]);
  });

  it('needs an attestation that it knows, with evidence', async () => {
    const run = (bad: object) => driverOf(lostNode().cluster).run({ ...fence, options: { ...options, ...bad } });
    await expect(run({ attest: 'probably' })).rejects.toThrow(/^node fence: option attest/);
    await expect(run({ evidence: '' })).rejects.toThrow(/^node fence: option evidence/);
  });

  it.each(['node', 'lease', 'nodePods', 'attachments'] as const)('is refused where %s cannot be read', async (slice) => {
    const world = lostNode();
    const driver = driverOf(world.cluster);
    driver.blind = [slice];
    expect(await driver.run(fence)).toMatchObject({ exitCode: 3, findings: [{ id: 'evidence-unknown', severity: 'blocks' }] });
    expect(world.cluster.log).toEqual([]);
  });
});

describe('node unfence', () => {
  async function fenced(): Promise<ReturnType<typeof lostNode>> {
    const world = lostNode();
    const driver = driverOf(world.cluster);
    driver.afterRound = () => world.collect();
    await driver.run(fence);
    return world;
  }

  it('removes what the fence has set, once the node has booted', async () => {
    const world = await fenced();
    expect(await driverOf(world.cluster).run(unfence)).toMatchObject({ exitCode: 3 });
    world.change({ ready: 'True', bootID: 'boot-2' });
    expect(await driverOf(world.cluster).run(unfence)).toMatchObject({ exitCode: 0, message: 'node node-1 unfenced' });
    const { spec, metadata } = world.node();
    expect([spec.taints, metadata.labels, metadata.annotations]).toEqual([undefined, {}, {}]);
    expect(await driverOf(world.cluster).run(unfence)).toMatchObject({ exitCode: 0, outcome: 'nothing-to-do' });
  });

  it('is refused for a node of the same boot, unless that is allowed', async () => {
    const world = await fenced();
    world.change({ ready: 'True' });
    expect(await driverOf(world.cluster).run(unfence)).toMatchObject({ exitCode: 3, findings: [{ id: 'same-boot' }] });
    expect(await driverOf(world.cluster).run({ ...unfence, allow: ['same-boot'] })).toMatchObject({ exitCode: 0 });
  });

  it('leaves the taint of another client alone', async () => {
    const world = lostNode();
    const foreign = { key: 'node.kubernetes.io/out-of-service', value: 'nodeshutdown', effect: 'NoExecute' };
    world.change({ taints: [foreign] });
    expect(await driverOf(world.cluster).run(unfence)).toMatchObject({ outcome: 'nothing-to-do' });
    expect(await driverOf(world.cluster).run(fence)).toMatchObject({
      exitCode: 3,
      findings: expect.arrayContaining([expect.objectContaining({ id: 'foreign-fence' })]),
    });
    expect(world.taints()).toEqual([foreign]);
  });
});
