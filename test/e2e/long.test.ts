import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, onTestFinished } from 'vitest';
import { up } from '../../sandbox/index.ts';
import { isWrite } from '../support/audit.ts';
import { expectEnd, resultOf } from '../support/documents.ts';
import { assertNoClaimLost, census, nothingOfOursLeft } from '../support/invariants.ts';
import { inSandbox, Space, test } from '../support/namespace.ts';
import { long } from '../support/seed.ts';

/** What takes minutes: `npm run test:long`. */
describe.skipIf(!long || !inSandbox)('at length', () => {
  test('a thousand members are deleted one at a time, with four requests each at most, and all their PVCs stay', {
    timeout: 3_600_000,
  }, async ({ space }) => {
    const members = 1000;
    await space.createSet({ replicas: members, policy: 'Parallel', retention: { whenDeleted: 'Delete' } });
    await space.untilSet(({ status }) => (status.readyReplicas ?? 0) === members, `all ${members} are ready`, 'web', 1800);
    const before = await census(space);
    expect(before.claims.size).toBe(members);
    expectEnd(await space.run('delete', 'web', '--confirm', 'web', '--progress=plain'), 0);
    await assertNoClaimLost(space, before);
    await nothingOfOursLeft(space);
    const asked = (await space.requests()).filter(({ objectRef }) => objectRef?.resource !== 'selfsubjectaccessreviews');
    expect(asked.length).toBeLessThan(4 * members + 100);
    expect(asked.filter((request) => isWrite(request) && request.objectRef?.resource === 'pods')).toEqual([]);
  });

  test('a holder that is suspended is taken over after 40 s, and changes nothing when it wakes', { timeout: 300_000 }, async ({
    space,
  }) => {
    await space.applySet({ replicas: 3 });
    const args = ['scale', 'web', '--replicas=1', '--yes'];
    await space.holdPod('web-2');
    const first = space.start([...args, '-o', 'json']);
    await space.untilTerminating('web-2');
    first.kill('SIGSTOP');
    // By the server's clock, and with nothing to watch: the silence itself is what is waited for.
    const silence = Promise.withResolvers<void>();
    setTimeout(silence.resolve, 45_000);
    expectEnd(await space.run(...args), 3);
    await silence.promise;
    const second = space.start([...args, '--take-over']);
    await second.sees(/remove member web-2/);
    await space.freePod('web-2');
    expectEnd(await second.ended, 0);
    const { generation } = (await space.set()).metadata;
    first.kill('SIGCONT');
    expect(resultOf(await first.ended, 4).message).toMatch(/by another client|took StatefulSet web over/);
    expect((await space.set()).metadata.generation).toBe(generation);
  });

  test("a lost node with Kubernetes' own times: delete waits, and ends when the node is back", { timeout: 900_000 }, async () => {
    const sandbox = await up({ name: `long-${process.pid}`, nodes: 2, profile: 'default', lifetime: 'owned' });
    onTestFinished(() => sandbox.down());
    mkdirSync(join(sandbox.dir, 'tests'));
    const { name, kubeconfig, kubectl, server: api, auditLog } = sandbox;
    const { installed } = inject('cluster');
    const cluster = {
      sandbox: name,
      kubeconfig,
      context: `sandbox-${name}`,
      kubectl,
      api,
      installed,
      dir: join(sandbox.dir, 'tests'),
      auditLog,
    };
    const space = await Space.open(cluster, 'a lost node');
    onTestFinished(() => space.close());
    await space.applySet({ replicas: 2, podSpec: { nodeSelector: { 'kubernetes.io/hostname': 'node-1' } } });
    await space.mark();
    const before = await census(space);
    await sandbox.node(1).kill();
    await space.api.until(
      '/api/v1/nodes',
      (nodes) => JSON.stringify(nodes.get('node-1')).includes('NodeStatusUnknown'),
      'node-1 is lost',
      120,
    );
    const plugin = space.start(['delete', 'web', '--confirm', 'web']);
    await space.untilTerminating('web-1');
    await sandbox.node(1).start();
    expectEnd(await plugin.ended, 0);
    await assertNoClaimLost(space, before);
  });
});
