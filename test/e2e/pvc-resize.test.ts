import { describe, expect } from 'vitest';
import type { Claim } from '../../src/domain/kube.ts';
import { blocking, expectEnd, planOf, refusalOf, resultOf } from '../support/documents.ts';
import { assertNoClaimLost, assertOnlyTouched, census, nothingOfOursLeft } from '../support/invariants.ts';
import { type Space, test } from '../support/namespace.ts';
import { killedWhen } from '../support/stages.ts';

/** What each PVC requests and what it has. */
async function sizes(space: Space): Promise<Readonly<Record<string, readonly (string | undefined)[]>>> {
  const of = ({ spec, status }: Claim) => [spec.resources?.requests?.['storage'], status.capacity?.['storage']];
  return Object.fromEntries((await space.claims()).map((claim) => [claim.metadata.name, of(claim)]));
}

describe.concurrent('pvc resize', () => {
  test('expands one PVC after the other under running Pods; killed on the way, the same command finishes; scale tells what it means', async ({
    space,
  }) => {
    await space.applySet({ replicas: 3 });
    const marks = await space.mark();
    const before = await census(space);
    const [[was] = []] = Object.values(await sizes(space));
    const isBegun = async (): Promise<boolean> => (await sizes(space))['data-web-2']?.[0] === '7Gi';
    await killedWhen(isBegun, space, ['pvc', 'resize', 'web', 'data=7Gi', '--yes']);
    const between = await sizes(space);
    expect([between['data-web-1'], between['data-web-0']]).toEqual([
      [was, was],
      [was, was],
    ]);
    const result = resultOf(await space.run('pvc', 'resize', 'web', 'data=7Gi', '--yes', '-o', 'json'), 0);
    expect(result.done.slice(-2)).toEqual(['resize/data-web-1', 'resize/data-web-0']);
    expect(await sizes(space)).toEqual({ 'data-web-0': ['7Gi', '7Gi'], 'data-web-1': ['7Gi', '7Gi'], 'data-web-2': ['7Gi', '7Gi'] });
    const again = await space.run('pvc', 'resize', 'web', 'data=7Gi', '--yes');
    expectEnd(again, 0);
    expect(again.stdout).toContain('the PVCs of StatefulSet web have this size already: data (7Gi)');
    // Nobody was restarted, and what is on the volumes is what was.
    await assertOnlyTouched(space, before, []);
    await assertNoClaimLost(space, before);
    expect(await space.markers()).toEqual(marks);
    await nothingOfOursLeft(space);
    const up = planOf(await space.run('scale', 'web', '--replicas=4', '--dry-run', '-o', 'json'));
    expect(up.findings.find(({ id }) => id === 'claim-template-differs')?.message).toBe(
      `new PVCs of template data (of web-3) will have ${was}; existing ones have 7Gi`,
    );
  });

  test('refuses to shrink, and where the class does not allow it; a template or a size that there is not is told', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const smaller = await space.run('pvc', 'resize', 'web', 'data=1Mi', '--yes', '-o', 'json');
    expectEnd(smaller, 3);
    expect(refusalOf(smaller).findings).toContainEqual(
      expect.objectContaining({
        id: 'claim-not-expandable',
        message: expect.stringMatching(/^PVC data-web-0 has .*, and cannot be made smaller \(1Mi\)$/),
      }),
    );
    const rigid = `rigid-${space.namespace}`;
    const classes = '/apis/storage.k8s.io/v1/storageclasses';
    await space.api.create(classes, { metadata: { name: rigid }, provisioner: 'sandbox.sts-safe/directory', allowVolumeExpansion: false });
    try {
      await space.applySet({ name: 'db', replicas: 1, storageClass: rigid });
      const run = await space.run('pvc', 'resize', 'db', 'data=9Gi', '--yes', '-o', 'json');
      expectEnd(run, 3);
      expect(blocking(refusalOf(run).findings)).toEqual(['claim-not-expandable']);
    } finally {
      await space.api.delete(`${classes}/${rigid}`);
    }
    for (const [sizes, code, says] of [
      [['log=1Gi'], 1, 'StatefulSet web has no volumeClaimTemplate log'],
      [['data=1Qi'], 2, '"1Qi" is not a size'],
      [['data=-1Gi'], 2, '"-1Gi" is not a size'],
      [['data=1Gi', 'data=2Gi'], 2, 'the size of data is given twice'],
      [[], 2, 'a size is required'],
    ] as const) {
      const run = await space.run('pvc', 'resize', 'web', ...sizes, '--yes');
      expectEnd(run, code);
      expect(run.stderr).toContain(says);
    }
    await space.expectNoWrites();
  });
});
