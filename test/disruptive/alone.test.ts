import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Sandbox, up } from '../../sandbox/index.ts';
import { blocking, expectEnd, found, planOf, refusalOf, resultOf } from '../support/documents.ts';
import { assertNoClaimLost, assertOnlyTouched, census, nothingOfOursLeft } from '../support/invariants.ts';
import { inSandbox, type Space, spaceIn } from '../support/namespace.ts';
import { WriteProxy } from '../support/proxy.ts';
import { scaledObjectDefinition } from '../support/trouble.ts';

/** What would disturb other tests: a sandbox of their own, in which API servers stop, nodes are lost and CRDs appear. */
describe.skipIf(!inSandbox)('in a sandbox of its own', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await up({ name: `alone-${process.pid}`, nodes: 3, lifetime: 'owned' });
  });
  afterAll(() => sandbox?.down());

  const open = (title: string): Promise<Space> => spaceIn(sandbox, title, onTestFinished);

  const confirmed = ['delete', 'web', '--confirm', 'web'];

  describe('the API server', () => {
    for (const args of [confirmed, ['scale', 'web', '--replicas=0', '--yes']]) {
      test(`is restarted in the middle of ${args[0]}: it goes on to its end`, async () => {
        const space = await open('restart');
        await space.applySet({ retention: { whenDeleted: 'Delete' } });
        await space.mark();
        const before = await census(space);
        await space.holdPod('web-1');
        const plugin = space.start(args);
        await space.untilTerminating('web-1');
        await sandbox.component('kube-apiserver').restart();
        await space.freePod('web-1');
        expectEnd(await plugin.ended, 0);
        await assertNoClaimLost(space, before);
        await nothingOfOursLeft(space);
      });
    }

    test('is lost and stays so: it ends by its time-out, held, and the same command goes on later', async () => {
      const space = await open('lost');
      await space.applySet({ replicas: 3 });
      await space.mark();
      const before = await census(space);
      await space.holdPod('web-2');
      const plugin = space.start(['scale', 'web', '--replicas=1', '--yes', '--timeout=8s', '-o', 'json']);
      await space.untilTerminating('web-2');
      const server = sandbox.component('kube-apiserver');
      await server.kill();
      const result = resultOf(await plugin.ended, 4);
      expect(result.remaining).toContain('scale-down/1');
      expect(result.resumeCommand).toContain('kubectl sts-safe scale web');
      await server.start();
      await space.freePod('web-2');
      await space.untilPodGone('web-2');
      await assertOnlyTouched(space, before, ['web-2']);
      expectEnd(await space.run('scale', 'web', '--replicas=1', '--yes'), 0);
      await assertNoClaimLost(space, before);
    });

    test('loses an answer: it is read back before anything is said', async () => {
      const space = await open('answers');
      await space.applySet();
      await space.mark();
      const before = await census(space);
      const proxy = await WriteProxy.open(space.cluster, space.kubeconfig);
      // Every answer to a write is lost once; the write itself is done.
      const lost = new Set<number>();
      proxy.hooks = {
        after: ({ index }) => {
          if (lost.has(index - 1)) return 'pass';
          lost.add(index);
          return 'drop';
        },
      };
      expectEnd(await space.runWith({ kubeconfig: proxy.kubeconfig }, ...confirmed), 0);
      proxy.close();
      expect(lost.size).toBeGreaterThan(3);
      expect(await space.findSet()).toBeUndefined();
      await assertNoClaimLost(space, before);
      await nothingOfOursLeft(space);
    });

    test('never hears some requests: they are sent again', async () => {
      const space = await open('requests');
      await space.applySet({ replicas: 2 });
      const proxy = await WriteProxy.open(space.cluster, space.kubeconfig);
      proxy.hooks = { before: ({ index }) => (index % 2 === 0 ? 'drop' : 'pass') };
      expectEnd(await space.runWith({ kubeconfig: proxy.kubeconfig }, 'scale', 'web', '--replicas=1', '--yes'), 0);
      proxy.close();
      await nothingOfOursLeft(space);
    });
  });

  describe('the controllers', () => {
    test('hang: nothing is concluded from what they do not do', async () => {
      const space = await open('controllers');
      await space.applySet({ replicas: 2 });
      const controllers = sandbox.component('kube-controller-manager');
      await controllers.stop();
      const plugin = space.start(['scale', 'web', '--replicas=0', '--yes', '--progress=plain']);
      await plugin.sees(/remove member web-1/);
      await space.untilSet(({ spec }) => spec.replicas === 1, 'it was told');
      expect((await space.pod('web-1')).metadata.deletionTimestamp).toBeUndefined();
      await controllers.cont();
      expectEnd(await plugin.ended, 0);
    });
  });

  describe('a lost node', () => {
    test('whose member cannot stop: delete waits, says why, and goes on when the node is back', async () => {
      const space = await open('node');
      await space.applySet({ replicas: 2, podSpec: { nodeSelector: { 'kubernetes.io/hostname': 'node-2' } } });
      await space.mark();
      const before = await census(space);
      const node = sandbox.node(2);
      await node.kill();
      const nodes = '/api/v1/nodes?fieldSelector=metadata.name%3Dnode-2';
      await space.api.until(nodes, (all) => JSON.stringify([...all.values()]).includes('NodeStatusUnknown'), 'node-2 is lost');
      await space.untilUnready('web-1');
      const plugin = space.start([...confirmed, '--progress=plain']);
      await space.untilTerminating('web-1');
      expect(plugin.isRunning).toBe(true);
      await node.start();
      expectEnd(await plugin.ended, 0);
      await assertNoClaimLost(space, before);
    });
  });

  describe('KEDA', () => {
    test('blocks while its ScaledObject scales the set; without its CRD nobody asks', async () => {
      const space = await open('keda');
      await space.applySet({ replicas: 2 });
      const ids = async () => found(planOf(await space.run('scale', 'web', '--replicas=1', '--dry-run', '-o', 'json')).findings);
      expect((await ids()).join()).not.toContain('keda');
      await space.api.create('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', scaledObjectDefinition);
      expectEnd(await space.kubectl(['wait', 'crd/scaledobjects.keda.sh', '--for=condition=Established', '--timeout=60s']), 0);
      const objects = `/apis/keda.sh/v1alpha1/namespaces/${space.namespace}/scaledobjects`;
      await space.api.until(objects, () => true, 'they are served');
      expect((await ids()).join()).not.toContain('keda');
      await space.api.create(objects, {
        apiVersion: 'keda.sh/v1alpha1',
        kind: 'ScaledObject',
        metadata: { name: 'web' },
        spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web' }, minReplicaCount: 1 },
      });
      for (const args of [['scale', 'web', '--replicas=1', '--yes'], confirmed]) {
        const refused = await space.run(...args, '-o', 'json');
        expect(blocking(refusalOf(refused).findings)).toEqual(['keda-targets-set']);
        expect(refused.stderr).toContain('autoscaling.keda.sh/paused=true');
      }
      await space.expectNoWrites();
      // The remedy, as it is printed.
      expectEnd(await space.line(`kubectl annotate scaledobject web autoscaling.keda.sh/paused=true --overwrite -n ${space.namespace}`), 0);
      expectEnd(await space.run('scale', 'web', '--replicas=1', '--yes'), 0);
    });
  });
});
