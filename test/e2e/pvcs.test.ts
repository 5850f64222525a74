import { describe, expect } from 'vitest';
import type { PvcLook } from '../../src/pvcs/pvc.ts';
import { documentOf, expectEnd } from '../support/documents.ts';
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
