import { describe, expect } from 'vitest';
import { blocking, expectEnd, found, planOf, refusalOf } from '../support/documents.ts';
import { assertNoClaimLost, census } from '../support/invariants.ts';
import type { SetWish } from '../support/manifests.ts';
import { inSandbox, type Space, testInProcess as test } from '../support/namespace.ts';
import { becomesOthers, interruptedAt } from '../support/records.ts';
import { autoscale, budget, ownConfigMap, rollOut } from '../support/trouble.ts';
import { without } from '../support/users.ts';

interface Case {
  readonly id: string;
  readonly title?: string;
  readonly wish?: SetWish;
  readonly make?: (space: Space) => Promise<unknown>;
  readonly says: RegExp;
}

const slowStart = { 'sandbox/ready-delay': '10m' };
const confirmed = ['delete', 'web', '--confirm', 'web'];

/** Takes the label away by which the set finds this member: it is nobody's now. */
async function release(space: Space): Promise<void> {
  await space.labelPod('web-1', { app: 'other' });
  await space.untilPod('web-1', ({ metadata }) => metadata.ownerReferences === undefined, 'is released');
}

/** Row "delete" of the consent table: what blocks, and can be allowed. */
const blocks: readonly Case[] = [
  { id: 'rollout-progressing', make: (space) => rollOut(space, { podAnnotations: slowStart }), says: /web is rolling out/ },
  { id: 'hpa-targets-set', make: (space) => autoscale(space), says: /HPA web/ },
  { id: 'operator-owned', make: async (space) => space.patchSet(await ownConfigMap(space)), says: /ConfigMap boss controls web/ },
  { id: 'released-pod', make: release, says: /web-1/ },
  {
    id: 'claim-not-safe',
    make: (space) => space.api.delete(space.path('persistentvolumeclaims', 'data-web-1')),
    says: /data-web-1 is being deleted and only lives while a Pod uses it/,
  },
];

describe.concurrent('delete is refused, teaches, and changes nothing', () => {
  for (const { id, wish = {}, make, says } of blocks) {
    test(`${id}, unless it is allowed`, async ({ space }) => {
      await space.applySet(wish);
      await make?.(space);
      const refused = await space.run(...confirmed, '-o', 'json');
      expect(blocking(refusalOf(refused).findings)).toEqual([id]);
      expect(refused.stderr).toMatch(says);
      await space.expectNoWrites();
      const allowed = planOf(await space.run('delete', 'web', '--dry-run', '-o', 'json', '--allow', id));
      expect(found(allowed.findings)).toContain(`warns ${id}`);
    });
  }

  test('claim-shared, whatever is allowed: two sets make one PVC', async ({ space }) => {
    await space.applySet({ name: 'web', replicas: 1, claims: ['data-a'] });
    await space.applySet({ name: 'a-web', replicas: 1, claims: ['data'] });
    expect((await space.claims()).map(({ metadata }) => metadata.name)).toEqual(['data-a-web-0']);
    const run = await space.run(...confirmed, '-o', 'json', '--allow', 'claim-shared');
    expect(blocking(refusalOf(run).findings)).toEqual(['claim-shared']);
    expect(run.stderr).toContain('a-web');
    expect(run.stderr).toContain('cannot be overridden');
    await space.expectNoWrites();
  });

  test('other-operation: someone is at work on it', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    await interruptedAt('web-1', space, confirmed);
    await becomesOthers(space, 3);
    expect(blocking(refusalOf(await space.run(...confirmed, '-o', 'json')).findings)).toEqual(['other-operation']);
  });

  test.skipIf(!inSandbox).for([
    ['delete', 'statefulsets.apps'],
    ['patch', 'persistentvolumeclaims'],
    ['delete', 'pods'],
    ['create', 'secrets'],
  ] as const)('without permission to %s %s', async ([verb, resource], { space }) => {
    await space.applySet({ replicas: 1, retention: { whenDeleted: 'Delete' } });
    const { user, kubeconfig } = await space.restricted(without([verb], resource));
    const audit = space.auditOf(user);
    const run = await space.runWith({ kubeconfig }, ...confirmed, '-o', 'json');
    expect(
      refusalOf(run)
        .findings.map(({ message }) => message)
        .join(),
    ).toContain(`you may not ${verb} ${resource}`);
    expect(await audit.writes()).toEqual([]);
  });
});

const warns: readonly Case[] = [
  {
    id: 'gitops-managed',
    title: 'Argo CD',
    wish: { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:apps/StatefulSet:x/web' } },
    says: /Argo CD/,
  },
  {
    id: 'gitops-managed',
    title: 'Flux',
    wish: { labels: { 'kustomize.toolkit.fluxcd.io/name': 'shop', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' } },
    says: /Flux/,
  },
  {
    id: 'gitops-managed',
    title: 'Helm',
    wish: { labels: { 'app.kubernetes.io/managed-by': 'Helm' }, annotations: { 'meta.helm.sh/release-name': 'shop' } },
    says: /Helm/,
  },
  {
    id: 'held-by-partition',
    wish: { strategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } },
    make: async (space) => {
      await rollOut(space, { image: 'app:2' });
      await space.untilReady('web-2');
    },
    says: /partition 2 holds/,
  },
  { id: 'unhealthy-members', make: (space) => space.breakPod('web-1'), says: /1 of 3 members is not healthy: web-1/ },
  {
    id: 'rollout-stuck',
    make: (space) =>
      rollOut(space, { image: 'app:nosuch' }).then(() =>
        space.untilPod('web-2', ({ status }) => JSON.stringify(status).includes('ImagePullBackOff'), 'cannot be pulled'),
      ),
    says: /web is stuck/,
  },
  { id: 'short-grace', wish: { graceSeconds: 3 }, says: /3 s to shut down/ },
];

describe.concurrent('delete warns and goes on', () => {
  for (const { id, title = '', wish = {}, make, says } of warns) {
    test(`${id} ${title}`, async ({ space }) => {
      await space.applySet(wish);
      await make?.(space);
      expect(found(planOf(await space.run('delete', 'web', '--dry-run', '-o', 'json')).findings)).toContain(`warns ${id}`);
      const run = await space.run(...confirmed, '--step-timeout=60s');
      expectEnd(run, 0);
      expect(run.stderr).toMatch(says);
      expect(await space.findSet()).toBeUndefined();
    });
  }

  test('pdb-min-available is a note: nobody enforces it here', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    await budget(space, { minAvailable: 1 });
    expect(found(planOf(await space.run('delete', 'web', '--dry-run', '-o', 'json')).findings)).toContain('notes pdb-min-available');
    expectEnd(await space.run(...confirmed), 0);
  });

  test('a PVC that another client owns stays theirs', async ({ space }) => {
    await space.applySet({ replicas: 1, retention: { whenDeleted: 'Delete' } });
    await space.mark();
    const { metadata } = await space.api.create(space.path('configmaps'), { metadata: { name: 'boss' } });
    const foreign = { apiVersion: 'v1', kind: 'ConfigMap', name: 'boss', uid: metadata.uid };
    const claim = space.path('persistentvolumeclaims', 'data-web-0');
    const own = (await space.claim('data-web-0')).metadata.ownerReferences ?? [];
    await space.api.patch(claim, { metadata: { ownerReferences: [...own, foreign] } });
    const before = await census(space);
    expectEnd(await space.run(...confirmed), 0);
    expect((await space.claim('data-web-0')).metadata.ownerReferences).toEqual([foreign]);
    await assertNoClaimLost(space, before);
  });

  test('a released Pod, when that is allowed, is left where it is', async ({ space }) => {
    await space.applySet();
    await release(space);
    const { uid } = (await space.pod('web-1')).metadata;
    expectEnd(await space.run(...confirmed, '--allow', 'released-pod', '--step-timeout=60s'), 0);
    expect((await space.pod('web-1')).metadata.uid).toBe(uid);
    expect(await space.podNames()).toEqual(['web-1']);
  });
});
