import { describe, expect } from 'vitest';
import { blocking, expectEnd, found, planOf, refusalOf } from '../support/documents.ts';
import { type SetWish, setManifest } from '../support/manifests.ts';
import { type Space, testInProcess as test } from '../support/namespace.ts';
import { autoscale, budget, ownConfigMap, rollOut } from '../support/trouble.ts';

interface Trouble {
  readonly id: string;
  readonly wish?: SetWish;
  readonly make?: (space: Space) => Promise<unknown>;
  /** A word of the refusal that only this case can say. */
  readonly says: RegExp;
}

const slowStart = { 'sandbox/ready-delay': '10m' };

/** Row "scale down" of the consent table: what blocks, and can be allowed. */
const blocks: readonly Trouble[] = [
  { id: 'unhealthy-member-stays', make: (space) => space.breakPod('web-0'), says: /web-0 stays and is not Ready/ },
  { id: 'rollout-in-progress', make: (space) => rollOut(space, { podAnnotations: slowStart }), says: /web is rolling out web-/ },
  { id: 'hpa-targets-set', make: (space) => autoscale(space), says: /HPA web/ },
  { id: 'claims-deleted-on-scale-down', wish: { retention: { whenScaled: 'Delete' } }, says: /data-web-2/ },
  { id: 'pdb-min-available', make: (space) => budget(space, { minAvailable: 3 }), says: /wants 3 healthy Pods/ },
  { id: 'operator-owned', make: async (space) => space.patchSet(await ownConfigMap(space)), says: /ConfigMap boss controls web/ },
];

describe.concurrent('scale down is refused, teaches, changes nothing, and goes on when allowed', () => {
  for (const { id, wish = {}, make, says } of blocks) {
    test(id, async ({ space }) => {
      await space.applySet(wish);
      await make?.(space);
      const args = ['scale', 'web', '--replicas=2', '-o', 'json'];
      const refused = await space.run(...args, '--yes');
      const { findings } = refusalOf(refused);
      expect(blocking(findings)).toEqual([id]);
      expect(refused.stderr).toMatch(says);
      expect(refused.stderr).toContain(`--allow ${id}`);
      await space.expectNoWrites();
      // Another finding's name does not help.
      expectEnd(await space.run(...args, '--yes', '--allow', 'short-grace'), 3);
      const allowed = planOf(await space.run(...args, '--dry-run', `--allow=${id}`));
      expect(found(allowed.findings)).toContain(`warns ${id}`);
    });
  }

  test('all of several, in one --allow', async ({ space }) => {
    await space.applySet();
    await autoscale(space);
    await budget(space, { minAvailable: 3 });
    const { findings } = refusalOf(await space.run('scale', 'web', '--replicas=2', '-o', 'json', '--yes'));
    expect(blocking(findings)).toEqual(['hpa-targets-set', 'pdb-min-available']);
    expectEnd(await space.run('scale', 'web', '--replicas=2', '--yes', '--allow', 'hpa-targets-set,pdb-min-available'), 0);
    await space.ready();
  });

  test('a finding that nobody knows is no finding to allow', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const { exitCode, stderr } = await space.run('scale', 'web', '--replicas=0', '--yes', '--allow', 'hpa-targets-sets');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('hpa-targets-set')]);
  });

  test('a set that is being deleted, whatever is allowed', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    await space.patchSet({ metadata: { finalizers: ['example.test/hold'] } });
    await space.api.delete(`${space.sets}/web`, { propagationPolicy: 'Orphan' });
    const { findings } = refusalOf(await space.run('scale', 'web', '--replicas=0', '-o', 'json', '--yes', '--allow', 'set-being-deleted'));
    await space.patchSet({ metadata: { finalizers: null } });
    expect(blocking(findings)).toEqual(['set-being-deleted']);
  });

  test('the unhealthy stays when it is allowed, and the controller that would wait is helped', async ({ space }) => {
    await space.applySet({ replicas: 3 });
    await space.breakPod('web-0');
    expectEnd(await space.run('scale', 'web', '--replicas=1', '--yes', '--allow', 'unhealthy-member-stays', '--step-timeout=40s'), 0);
    expect(await space.podNames()).toEqual(['web-0']);
  });

  test('whenScaled: Delete when it is allowed deletes the PVCs, and only these', async ({ space }) => {
    await space.applySet({ retention: { whenScaled: 'Delete' } });
    const args = ['scale', 'web', '--replicas=1', '--allow', 'claims-deleted-on-scale-down'];
    // A yes is not enough where data goes.
    expectEnd(await space.run(...args, '--yes'), 3);
    expectEnd(await space.run(...args, '--confirm', 'web'), 0);
    await space.untilClaims((claims) => claims.size === 1 && claims.has('data-web-0'), 'two PVCs are gone');
  });
});

/** What is only said: the plan goes ahead. */
const warns: readonly Trouble[] = [
  { id: 'gitops-managed', wish: { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:apps/StatefulSet:x/web' } }, says: /Argo/ },
  { id: 'short-grace', wish: { graceSeconds: 2 }, says: /2 s to shut down/ },
  {
    id: 'pod-finalizer',
    make: (space) => space.api.patch(space.path('pods', 'web-2'), { metadata: { finalizers: ['example.test/drain'] } }),
    says: /example\.test\/drain/,
  },
  {
    id: 'held-by-partition',
    wish: { strategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } },
    make: (space) =>
      rollOut(space, { image: 'app:2' }).then(() => space.untilPod('web-2', (pod) => pod.spec.containers[0]?.image === 'app:2', 'is new')),
    says: /partition 2 holds/,
  },
  {
    id: 'foreign-writer',
    make: (space) =>
      space.api
        .patch(`${space.sets}/web?fieldManager=robot`, { spec: { template: { metadata: { annotations: { by: 'robot' } } } } })
        .then(() => space.rolledOut()),
    says: /robot wrote/,
  },
];

describe.concurrent('scale down warns', () => {
  for (const { id, wish = {}, make, says } of warns) {
    test(id, async ({ space }) => {
      await space.applySet(wish);
      await make?.(space);
      await space.untilSet(({ status, spec }) => status.readyReplicas === spec.replicas, 'all are ready');
      const run = await space.run('scale', 'web', '--replicas=2', '--dry-run', '-o', 'json');
      expect(found(planOf(run).findings)).toContain(`warns ${id}`);
      expect((await space.run('scale', 'web', '--replicas=2', '--dry-run')).stdout).toMatch(says);
    });
  }
});

test('scale notes whose field replicas was, and what their next apply will say', async ({ space }) => {
  const apply = ['apply', '--server-side', '--field-manager=git', '-f', '-'];
  expectEnd(await space.kubectl(apply, JSON.stringify(setManifest(space.runnable({ replicas: 2 })))), 0);
  await space.ready();
  const run = await space.run('scale', 'web', '--replicas=1', '--yes');
  expectEnd(run, 0);
  expect(run.stderr).toMatch(/git applies spec\.replicas of web/);
  const again = await space.kubectl(apply, JSON.stringify(setManifest(space.runnable({ replicas: 2 }))));
  expect([again.exitCode, again.stderr]).toEqual([1, expect.stringContaining('conflict with "kubectl-sts-safe"')]);
});

describe.concurrent('scale up is refused', () => {
  test('when a PVC that would be attached is on its way out', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    expectEnd(await space.run('scale', 'web', '--replicas=1', '--yes'), 0);
    await space.api.patch(space.path('persistentvolumeclaims', 'data-web-1'), { metadata: { finalizers: ['example.test/hold'] } });
    await space.api.delete(space.path('persistentvolumeclaims', 'data-web-1'));
    const { findings } = refusalOf(await space.run('scale', 'web', '--replicas=2', '--yes', '-o', 'json'));
    await space.api.patch(space.path('persistentvolumeclaims', 'data-web-1'), { metadata: { finalizers: null } });
    expect(blocking(findings)).toEqual(['claim-terminating']);
  });

  test('when a quota has no room', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    await space.api.create(space.path('resourcequotas'), { metadata: { name: 'few' }, spec: { hard: { pods: '2' } } });
    await space.api.until(
      space.path('resourcequotas'),
      (quotas) => JSON.stringify(quotas.get('few') ?? {}).includes('"used":{"pods":"1"}'),
      'it counts',
    );
    const { findings } = refusalOf(await space.run('scale', 'web', '--replicas=3', '--yes', '-o', 'json'));
    expect(blocking(findings)).toEqual(['quota-exceeded']);
    expectEnd(await space.run('scale', 'web', '--replicas=2', '--yes'), 0);
  });

  test('when the nodes cannot satisfy the anti-affinity', async ({ space }) => {
    const apart = {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'kubernetes.io/hostname' },
      ],
    };
    await space.applySet({ replicas: 1, podSpec: { affinity: { podAntiAffinity: apart } } });
    const { findings } = refusalOf(await space.run('scale', 'web', '--replicas=50', '--yes', '-o', 'json'));
    expect(blocking(findings)).toEqual(['anti-affinity-unsatisfiable']);
  });
});
