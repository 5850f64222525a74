import { describe, expect } from 'vitest';
import { expectEnd } from '../support/documents.ts';
import { assertClaimsUnowned, assertNoClaimLost, census } from '../support/invariants.ts';
import type { SetWish } from '../support/manifests.ts';
import { type Space, testInProcess as test } from '../support/namespace.ts';

/** What the real controllers do, that the whole of `delete` rests on. When one of these fails, Kubernetes has changed. */
describe.concurrent('the controllers', () => {
  test('destroy the PVCs of a set that was told to keep them only after it went to 0', async ({ space }) => {
    await space.applySet({ retention: { whenDeleted: 'Delete' } });
    await space.scaleTo(0);
    await space.untilPods((pods) => pods.size === 0, 'all members are gone');
    const patched = await space.patchSet({ spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain' } } });
    await space.untilSet(({ status }) => (status.observedGeneration ?? 0) >= (patched.metadata.generation ?? 0), 'it has seen Retain');
    expect((await space.claims()).map(({ metadata }) => metadata.ownerReferences?.[0]?.kind)).toEqual(Array(3).fill('StatefulSet'));
    await space.api.delete(`${space.sets}/web`);
    await space.untilClaims((claims) => claims.size === 0, 'all PVCs are destroyed');
  });

  test('leave PVCs, ConfigMaps and ControllerRevisions alone when a set of 0 is deleted by Orphan', async ({ space }) => {
    await space.applySet({ retention: { whenDeleted: 'Delete' } });
    await space.mark();
    const { metadata } = await space.set();
    const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web', uid: metadata.uid };
    await space.api.create(space.path('configmaps'), { metadata: { name: 'settings', ownerReferences: [owner] } });
    const revisions = (await space.revisions()).map((revision) => revision.metadata.name);
    expect(revisions).not.toEqual([]);
    await space.scaleTo(0);
    await space.untilPods((pods) => pods.size === 0, 'all members are gone');
    const before = await census(space);
    const { resourceVersion } = (await space.set()).metadata;
    await space.api.delete(`${space.sets}/web`, { propagationPolicy: 'Orphan', preconditions: { uid: metadata.uid, resourceVersion } });
    await space.untilSetGone();
    await assertNoClaimLost(space, before);
    expect(await space.api.find(space.path('configmaps', 'settings'))).toBeDefined();
    expect((await space.revisions()).map((revision) => revision.metadata.name)).toEqual(revisions);
  });

  test('do nothing, forever, about a condemned member while one that stays is not ready', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    await space.breakPod('web-0');
    await space.scaleTo(1);
    await space.barrier();
    expect((await space.pod('web-1')).metadata.deletionTimestamp).toBeUndefined();
  });
});

describe.concurrent('delete keeps the PVCs and their data', () => {
  async function deletes(space: Space): Promise<void> {
    await space.mark();
    const before = await census(space);
    const names = [...before.claims.keys()];
    expectEnd(await space.run('delete', 'web', '--confirm', 'web'), 0);
    await assertNoClaimLost(space, before);
    await assertClaimsUnowned(space, names);
    expect(await space.findSet()).toBeUndefined();
  }

  const policies: readonly [string, SetWish['retention']][] = [
    ['whenDeleted: Delete', { whenDeleted: 'Delete' }],
    ['whenScaled: Delete', { whenScaled: 'Delete' }],
    ['both', { whenDeleted: 'Delete', whenScaled: 'Delete' }],
    ['neither', {}],
  ];
  for (const [name, retention] of policies) {
    for (const policy of ['OrderedReady', 'Parallel'] as const) {
      test(`with ${name}, ${policy}`, async ({ space }) => {
        await space.applySet({ policy, ...(retention === undefined ? {} : { retention }) });
        await deletes(space);
      });
    }
  }

  test('also those of members that left earlier', async ({ space }) => {
    await space.applySet({ replicas: 4, retention: { whenDeleted: 'Delete' } });
    await space.scaleTo(2);
    await space.untilPods((pods) => pods.size === 2, 'two members are gone');
    expect((await space.claim('data-web-3')).metadata.ownerReferences).toHaveLength(1);
    await deletes(space);
  });

  test('also when the lowest member is not ready, so that the controller strips nothing', async ({ space }) => {
    await space.applySet({ retention: { whenDeleted: 'Delete' } });
    await space.breakPod('web-0');
    await deletes(space);
  });

  test('also when the set was scaled to 0 before', async ({ space }) => {
    await space.applySet({ retention: { whenDeleted: 'Delete' } });
    await space.scaleTo(0);
    await space.untilPods((pods) => pods.size === 0, 'all members are gone');
    await deletes(space);
  });
});
