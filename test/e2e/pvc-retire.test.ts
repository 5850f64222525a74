import { describe, expect } from 'vitest';
import type { KubeObject, Volume } from '../../src/domain/kube.ts';
import type { OpenItem } from '../../src/inspect/open-operations.ts';
import { blocking, documentOf, expectEnd, refusalOf, resultOf } from '../support/documents.ts';
import { claimManifest } from '../support/manifests.ts';
import { inSandbox, type Space, test } from '../support/namespace.ts';
import { killedWhen } from '../support/stages.ts';

/** A set that was scaled down, with a marker on every volume. */
async function scaledDown(space: Space, from: number, to: number): Promise<ReadonlyMap<string, string>> {
  await space.applySet({ replicas: from, policy: 'Parallel' });
  const markers = await space.mark();
  await down(space, to);
  return markers;
}

async function down(space: Space, to: number): Promise<void> {
  await space.scaleTo(to);
  await space.untilPods((pods) => pods.size === to, `${to} Pods are left`);
}

const volumeOf = async (space: Space, claim: string): Promise<Volume> => space.volume((await space.claim(claim)).spec.volumeName ?? '');
const volumesLeft = async (space: Space): Promise<readonly Volume[]> =>
  (await space.api.list<Volume>('/api/v1/persistentvolumes')).filter(({ spec }) => spec.claimRef?.namespace === space.namespace);

/** What a test has retained is not deleted with its namespace. */
async function removeVolumes(space: Space): Promise<void> {
  for (const { metadata } of await volumesLeft(space)) await space.api.delete(`/api/v1/persistentvolumes/${metadata.name}`);
}

describe.concurrent('pvc retire', () => {
  test('keeps the data, reserved for the name: restore, or whoever creates it, brings it back, and purge alone deletes it', async ({
    space,
  }) => {
    const markers = await scaledDown(space, 3, 2);
    const claim = await space.claim('data-web-2');
    const before = await volumeOf(space, 'data-web-2');

    const refused = refusalOf(await space.run('pvc', 'retire', 'data-web-0', '--yes', '-o', 'json'));
    expect(blocking(refused.findings)).toEqual(['pvc-in-use']);
    expectEnd(await space.run('pvc', 'retire', 'data-web-9', '--yes'), 1);
    expect((await space.claim('data-web-2')).metadata.uid).toBe(claim.metadata.uid);

    expectEnd(await space.run('pvc', 'retire', '--excess', '--quarantine', '7d', '--yes'), 0);
    expect((await space.claim('data-web-2')).metadata).toMatchObject({
      uid: claim.metadata.uid,
      labels: { 'sts-safe.dev/quarantined': 'true' },
    });
    expect((await space.run('operations')).stdout).toMatch(/data-web-2 +quarantined-pvc/);

    const done = resultOf(await space.run('pvc', 'retire', '--excess', '--yes', '--reason', 'smaller now', '-o', 'json'), 0);
    expect(done.message).toBe('1 PVC retired, data retained: data-web-2');
    expect((await space.claims()).map(({ metadata }) => metadata.name)).toEqual(['data-web-0', 'data-web-1']);
    const kept = await space.volume(before.metadata.name);
    expect(kept).toMatchObject({
      metadata: { uid: before.metadata.uid, labels: { 'sts-safe.dev/retired': 'true' } },
      spec: { persistentVolumeReclaimPolicy: 'Retain', claimRef: { name: 'data-web-2', namespace: space.namespace } },
      status: { phase: 'Available' },
    });
    expect(kept.spec.claimRef).not.toHaveProperty('uid');
    expect(JSON.parse(kept.metadata.annotations?.['sts-safe.dev/retired'] ?? '')).toMatchObject({
      policy: 'Delete',
      uid: claim.metadata.uid,
      reason: 'smaller now',
    });
    expect(resultOf(await space.run('pvc', 'retire', 'data-web-2', '--yes', '-o', 'json'), 0).message).toBe('already retired: data-web-2');
    expect((await space.run('pvc', 'list', '--released')).stdout).toMatch(/data-web-2 +pvc-\S+ +retired +Available/);
    const { items } = documentOf<{ readonly items: readonly OpenItem[] }>(
      (await space.run('operations', '-o', 'json')).stdout,
      'OperationList',
    );
    const [open] = items;
    expect(items).toHaveLength(1);
    expect(open).toMatchObject({ what: 'retired-pvc', pvc: 'data-web-2', volume: before.metadata.name, reason: 'smaller now' });

    // The controller creates the name again, and gets the old data; then only the policy is left to restore.
    await space.scaleTo(3);
    await space.ready();
    expect((await volumeOf(space, 'data-web-2')).metadata.uid).toBe(before.metadata.uid);
    expectEnd(await space.line(`${open?.resumeCommand ?? ''} --yes`), 0);
    const restored = await volumeOf(space, 'data-web-2');
    expect([restored.spec.persistentVolumeReclaimPolicy, restored.metadata.labels ?? {}]).toEqual(['Delete', {}]);

    expect(await space.markers()).toEqual(markers);

    await down(space, 2);
    expectEnd(await space.run('pvc', 'purge', 'data-web-2', '--confirm', 'data-web-2'), 1);
    expectEnd(await space.run('pvc', 'retire', 'data-web-2', '--yes'), 0);
    expectEnd(await space.run('pvc', 'purge', 'data-web-2', '--yes'), 3);
    expectEnd(await space.run('pvc', 'purge', 'data-web-2', '--confirm', 'data-web-2'), 0);
    expect(await volumesLeft(space)).toHaveLength(2);
  });

  test('swaps the volumes where an empty one has taken the name', async ({ space }) => {
    const markers = await scaledDown(space, 2, 1);
    const full = await volumeOf(space, 'data-web-1');
    const old = (await space.claim('data-web-1')).metadata.uid;
    expectEnd(await space.run('pvc', 'retire', 'data-web-1', '--yes'), 0);
    // Someone takes the reservation away, and the set starts on an empty volume.
    await space.api.patch(`/api/v1/persistentvolumes/${full.metadata.name}`, { spec: { claimRef: { uid: old } } });
    await space.api.until<Volume, true>(
      '/api/v1/persistentvolumes',
      (all) => all.get(full.metadata.name)?.status.phase === 'Released',
      'it is reserved no more',
    );
    await space.scaleTo(2);
    await space.ready();
    await down(space, 1);
    const empty = await volumeOf(space, 'data-web-1');
    expect(empty.metadata.uid).not.toBe(full.metadata.uid);

    const refused = await space.run('pvc', 'restore', 'data-web-1', '--yes');
    expect([refused.exitCode, refused.stderr]).toEqual([3, expect.stringContaining('pvc restore data-web-1 --swap')]);
    expectEnd(await space.run('pvc', 'restore', 'data-web-1', '--swap', '--yes'), 0);
    expect(await volumeOf(space, 'data-web-1')).toMatchObject({
      metadata: { uid: full.metadata.uid },
      spec: { persistentVolumeReclaimPolicy: 'Delete', claimRef: { uid: (await space.claim('data-web-1')).metadata.uid } },
    });
    if (inSandbox) expect(await space.markers()).toEqual(markers);
    expect(await space.volume(empty.metadata.name)).toMatchObject({
      metadata: { uid: empty.metadata.uid, labels: { 'sts-safe.dev/retired': 'true' } },
      spec: { persistentVolumeReclaimPolicy: 'Retain' },
    });
    await removeVolumes(space);
  });

  test('that is killed leaves the name taken and no Pod on an empty volume; the same command finishes', async ({ space }) => {
    const markers = await scaledDown(space, 3, 1);
    const before = new Map(
      await Promise.all(['data-web-1', 'data-web-2'].map(async (name) => [name, await volumeOf(space, name)] as const)),
    );
    const isDeleted = async (name: string) => (await space.claim(name)).metadata.deletionTimestamp !== undefined;
    await killedWhen(() => isDeleted('data-web-2'), space, ['pvc', 'retire', 'data-web-2', '--yes']);
    const volume = before.get('data-web-1')?.metadata.name ?? '';
    const isReserved = async (): Promise<boolean> => (await space.volume(volume)).spec.claimRef?.uid === undefined;
    await killedWhen(isReserved, space, ['pvc', 'retire', 'data-web-1', '--yes']);

    // The controller, and a bot, want the names back.
    await space.scaleTo(3);
    for (const name of before.keys()) {
      const again = space.api.create(space.path('persistentvolumeclaims'), claimManifest(name));
      await expect(again).rejects.toMatchObject({ code: 409 });
    }
    await space.api.until<KubeObject & { readonly message?: string }, true>(
      space.path('events'),
      (events) => [...events.values()].some(({ message = '' }) => message.includes('is being deleted')),
      'the controller says that it waits',
    );
    expect((await space.podNames()).filter((name) => name !== 'web-0')).toEqual([]);

    expectEnd(await space.run('pvc', 'retire', 'data-web-1', 'data-web-2', '--yes'), 0);
    await space.ready();
    for (const [name, was] of before) expect((await volumeOf(space, name)).metadata.uid).toBe(was.metadata.uid);
    expect(await space.markers()).toEqual(markers);
    await removeVolumes(space);
  });
});
