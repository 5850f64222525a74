import { describe, expect } from 'vitest';
import type { Volume } from '../../src/domain/kube.ts';
import type { PvcLook } from '../../src/pvcs/pvc.ts';
import { blocking, documentOf, expectEnd, refusalOf, resultOf } from '../support/documents.ts';
import { claimManifest } from '../support/manifests.ts';
import { type Space, test } from '../support/namespace.ts';
import type { PluginRun } from '../support/plugin.ts';

const look = (run: PluginRun): PvcLook => {
  expectEnd(run, 0);
  return documentOf(run.stdout, 'PvcList');
};
const classes = (run: PluginRun): Readonly<Record<string, string>> =>
  Object.fromEntries(look(run).items.map((item) => [item.name, item.class]));

async function scaledDown(space: Space, name: string, replicas: number): Promise<void> {
  await space.scaleTo(replicas, name);
  await space.untilPods(
    (pods) => [...pods.keys()].filter((pod) => pod.startsWith(`${name}-`)).length === replicas,
    `${name} has ${replicas} Pods`,
  );
}

describe.concurrent('pvc list and orphans', () => {
  test('tell what every PVC is, with real objects and their real managers', async ({ space }) => {
    const policy = 'Parallel';
    await Promise.all([
      space.applySet({ name: 'web', replicas: 2, policy, claims: ['data', 'twin-a'] }),
      space.applySet({ name: 'rest', replicas: 1, policy }),
      space.applySet({ name: 'gone', replicas: 1, policy }),
      space.applySet({ name: 'a-web', replicas: 1, policy, claims: ['twin'] }),
      space.api.create(`${space.path('persistentvolumeclaims')}?fieldManager=kubectl-create`, claimManifest('data-web-7')),
    ]);
    await Promise.all([scaledDown(space, 'web', 1), scaledDown(space, 'rest', 0)]);
    await space.api.delete(`${space.sets}/gone`, { propagationPolicy: 'Background' });
    await space.untilPods((pods) => !pods.has('gone-0'), 'gone-0 is gone');

    expect(classes(await space.run('pvc', 'list', '-o', 'json'))).toEqual({
      'data-web-0': 'in-use',
      'data-web-1': 'excess',
      'data-web-7': 'foreign',
      'data-rest-0': 'parked',
      'data-gone-0': 'set-deleted',
      'twin-a-web-0': 'in-use',
      'twin-a-web-1': 'ambiguous',
    });
    const orphans = await space.run('pvc', 'orphans');
    expectEnd(orphans, 0);
    expect(orphans.stdout).toMatch(/data-web-1 +excess +1Gi .*StatefulSet web has ordinals 0 to 0/);
    expect(orphans.stdout).not.toContain('data-web-0');
    expect(orphans.stdout).toContain('5 PVCs: 1 parked (1Gi), 1 excess (1Gi), 1 set deleted (1Gi), 1 ambiguous (1Gi), 1 foreign (1Gi)');
    expect(look(await space.run('pvc', 'orphans', '-l', 'app=rest', '-o', 'json')).items.map(({ name }) => name)).toEqual(['data-rest-0']);
    expect((await space.run('pvc', 'list', 'web', '-o', 'name')).stdout.split('\n').filter(Boolean)).toEqual([
      'persistentvolumeclaim/data-web-0',
      'persistentvolumeclaim/data-web-1',
      'persistentvolumeclaim/data-web-7',
    ]);
    const none = await space.run('pvc', 'list', 'nosuch');
    expect([none.exitCode, none.stderr]).toEqual([1, expect.stringContaining('StatefulSet nosuch not found')]);
    await space.expectNoWrites();
  });
});

describe.concurrent('pvc protect', () => {
  const policies = async (space: Space): Promise<readonly (string | undefined)[]> => {
    const volumes = await Promise.all((await space.claims()).map(({ spec }) => space.volume(spec.volumeName ?? '')));
    return volumes.map(({ spec }) => spec.persistentVolumeReclaimPolicy);
  };

  test('keeps the volumes through the end of the PVCs, and unprotect restores what was before', async ({ space }) => {
    await space.applySet({ replicas: 2, policy: 'Parallel' });
    const uids = (await space.claims()).map(({ metadata }) => metadata.uid).sort();
    const [first] = await space.claims();
    const volume = first?.spec.volumeName ?? '';

    const done = resultOf(await space.run('pvc', 'protect', 'web', '--yes', '--reason', 'before the upgrade', '-o', 'json'), 0);
    expect(done.verified).toEqual([expect.stringMatching(/^2 PVs are retained: /)]);
    expect(await policies(space)).toEqual(['Retain', 'Retain']);
    const { labels, annotations } = (await space.volume(volume)).metadata;
    expect(labels).toMatchObject({ 'sts-safe.dev/protected': 'true' });
    expect(JSON.parse(annotations?.['sts-safe.dev/protected'] ?? '')).toMatchObject({ policy: 'Delete', reason: 'before the upgrade' });
    const again = resultOf(await space.run('pvc', 'protect', 'web', '--yes', '-o', 'json'), 0);
    expect(again.message).toBe('the PVs of StatefulSet web are protected already');

    expectEnd(await space.run('pvc', 'unprotect', 'web', '--yes'), 0);
    expect(await policies(space)).toEqual(['Delete', 'Delete']);
    expect((await space.volume(volume)).metadata.labels ?? {}).not.toHaveProperty('sts-safe.dev/protected');
    expect((await space.claims()).map(({ metadata }) => metadata.uid).sort()).toEqual(uids);

    // A PVC that is being deleted can still be protected; then its volume outlives it, and is not given back to the collector.
    await space.api.delete(space.path('persistentvolumeclaims', first?.metadata.name ?? ''));
    expectEnd(await space.run('pvc', 'protect', 'web', '--yes'), 0);
    const refused = refusalOf(await space.run('pvc', 'unprotect', 'web', '--yes', '-o', 'json'));
    expect(blocking(refused.findings)).toEqual(['volume-would-be-deleted']);
    await space.api.delete(`${space.sets}/web`);
    await space.api.until(space.path('persistentvolumeclaims'), (claims) => !claims.has(first?.metadata.name ?? ''), 'its PVC is gone');
    expect((await space.volume(volume)).spec.persistentVolumeReclaimPolicy).toBe('Retain');
    for (const kept of (await space.api.list<Volume>('/api/v1/persistentvolumes')).filter(
      ({ spec }) => spec.claimRef?.namespace === space.namespace,
    ))
      await space.api.delete(`/api/v1/persistentvolumes/${kept.metadata.name}`);
  });
});
