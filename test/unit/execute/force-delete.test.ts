import { describe, expect, it } from 'vitest';
import { attestationOf } from '../../../src/domain/node-signs.ts';
import { openRecord } from '../../../src/operate/open-record.ts';
import { driverOf } from '../../support/model/drive.ts';
import { killedAt } from '../../support/model/killed.ts';
import { lostNode, NODE } from '../../support/model/lost-node.ts';

/** One Pod of a lost node, by UID and by no other, with the set's record. */

const target = { namespace: 'prod', name: 'web', node: 'node-1' } as const;
const options = { pod: 'web-1', attest: 'destroyed', evidence: 'ticket' };
const asked = { operation: 'force-delete', target, options } as const;
const bob = { user: 'bob', host: 'there', pid: 2 };
const SET = /^PATCH .*\/statefulsets\/web$/;
const POD = /^DELETE .*\/pods\/web-1$/;

describe('force-delete', () => {
  it('keeps what was attested on the node, deletes the Pod by UID, and leaves no record', async () => {
    const world = lostNode();
    const uid = world.pod()?.metadata.uid;
    const driver = driverOf(world.cluster);
    const result = await driver.run(asked);
    expect(result).toMatchObject({ exitCode: 0, done: ['archive', 'attest', 'delete-pod', 'replaced', 'finish'] });
    expect(result.verified).toEqual(expect.arrayContaining(['1 PVC unchanged (same UID and phase)']));
    expect([world.pod()?.metadata.uid === uid, openRecord(world.cluster.snapshot())]).toEqual([false, undefined]);
    expect(attestationOf(world.node())).toMatchObject({ attest: 'destroyed', pods: ['prod/web-1'] });
    expect(world.taints()).toEqual([]);
    const [, attested, deleted] = [SET, new RegExp(`^PATCH ${NODE}$`), POD].map((what) =>
      world.cluster.log.findIndex((one) => what.test(one)),
    );
    expect(attested).toBeLessThan(deleted ?? 0);
    expect(driver.planned[0]).toMatchObject({ plan: { consent: { kind: 'typed', name: 'web-1' } } });
  });

  it.each([
    ['before the attestation', new RegExp(`^PATCH ${NODE}$`), 'before'],
    ['after the attestation', new RegExp(`^PATCH ${NODE}$`), 'after'],
    ['before the deletion', POD, 'before'],
    ['after the deletion', POD, 'after'],
  ] as const)('killed %s, the same command resumes it, and never to another UID', async (_, at, when) => {
    const world = lostNode();
    await killedAt(world.cluster, at, when, () => driverOf(world.cluster).run(asked));
    const before = world.cluster.log.filter((what) => POD.test(what)).length;
    const driver = driverOf(world.cluster, bob);
    // A replacement that runs elsewhere is on another node, or on none yet.
    const again = when === 'after' && at === POD ? { ...asked, target: { namespace: 'prod', name: 'web' } } : asked;
    expect(await driver.run(again)).toMatchObject({ exitCode: 0, remaining: [] });
    const deletions = world.cluster.log.filter((what) => POD.test(what)).length;
    expect([deletions, deletions - before]).toEqual(at === POD && when === 'after' ? [1, 0] : [1, 1]);
    expect(openRecord(world.cluster.snapshot())).toBeUndefined();
  });

  it('stops when the node is Ready again before the deletion, and can be cancelled', async () => {
    const world = lostNode();
    const uid = world.pod()?.metadata.uid;
    world.cluster.onWrite = (when, what) => {
      if (when === 'after' && what === `PATCH ${NODE}`) world.change({ ready: 'True' });
    };
    const result = await driverOf(world.cluster).run(asked);
    expect(result).toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('node node-1 is Ready again'),
      remaining: expect.arrayContaining(['delete-pod']),
    });
    world.cluster.onWrite = () => {};
    expect([world.pod()?.metadata.uid, world.cluster.log.some((what) => POD.test(what))]).toEqual([uid, false]);
    expect(await driverOf(world.cluster, bob).run({ operation: 'cancel' })).toMatchObject({ exitCode: 0 });
    expect(openRecord(world.cluster.snapshot())).toBeUndefined();
  });

  it('is refused where the node is Ready, and for a Pod that there is not', async () => {
    const world = lostNode();
    world.change({ ready: 'True' });
    expect(await driverOf(world.cluster).run(asked)).toMatchObject({
      exitCode: 3,
      findings: expect.arrayContaining([expect.objectContaining({ id: 'node-ready', override: 'never' })]),
    });
    expect(world.cluster.log).toEqual([]);
    const none = { ...asked, options: { ...options, pod: 'web-7' } };
    await expect(driverOf(lostNode().cluster).run(none)).rejects.toThrow('Pod web-7 not found in namespace prod');
  });
});
