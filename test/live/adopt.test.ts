import { describe, expect } from 'vitest';
import type { Pod } from '../../src/domain/kube.ts';
import { commandLine } from '../../src/plan/commandline.ts';
import { blocking, expectEnd, planOf, refusalOf, resultOf } from '../support/documents.ts';
import { INJECTED, whileInjecting } from '../support/injector.ts';
import { assertNoClaimLost, census, nothingOfOursLeft } from '../support/invariants.ts';
import type { SetWish } from '../support/manifests.ts';
import { type Space, testInProcess as test } from '../support/namespace.ts';

const adopt = ['restore', 'web', '--adopt', '--yes'];

/** Scaled by us from number to number: each leaves the saved manifest of the number before. */
async function scaledBy(space: Space, wish: SetWish, numbers: readonly number[]): Promise<void> {
  const [replicas = 1, ...others] = numbers;
  await space.applySet({ ...wish, replicas });
  for (const number of others)
    expectEnd(await space.run('scale', 'web', `--replicas=${number}`, '--yes', '--allow=claims-deleted-on-scale-down'), 0);
}

/** `kubectl delete statefulset web --cascade=orphan`, to its end. */
async function orphan(space: Space): Promise<void> {
  await space.api.delete(`${space.sets}/web`, { propagationPolicy: 'Orphan' });
  await space.untilSetGone();
  await space.untilPods((pods) => [...pods.values()].every(({ metadata }) => metadata.ownerReferences === undefined), 'they are orphans');
}

const identities = (pods: readonly Pod[]) =>
  pods.map(({ metadata: { name, uid, deletionTimestamp } }) => `${name} ${uid} ${deletionTimestamp ?? 'stays'}`).sort();

describe.concurrent('what a restore with --adopt puts back is compared with what runs', () => {
  test('a template that admission has changed is not let loose: held, every Pod untouched', async ({ space }) => {
    await scaledBy(space, {}, [3, 2, 3]);
    await orphan(space);
    const before = identities(await space.pods());
    const unnamed = await space.run(...adopt);
    expectEnd(unnamed, 3);
    expect(unnamed.stderr).toMatch(/sts-safe\.web\.2 \(scale, 2 replicas, \d+s old\), sts-safe\.web\.1 \(scale, 3 replicas/);
    const command = /kubectl sts-safe restore web --adopt --archive sts-safe\.web\.1 .*/.exec(unnamed.stderr)?.[0] ?? '';

    await whileInjecting(space, async () => {
      const { message } = resultOf(await space.line(`${command} --yes -o json`), 4);
      expect(message).toMatch(
        /lifting the partition would restart web-0, web-1, web-2; not as in the saved manifest: spec\.template\.metadata/,
      );
      expect(message).toContain(INJECTED);
    });
    const held = await space.set();
    expect(held.spec).toMatchObject({
      replicas: 3,
      updateStrategy: { rollingUpdate: { partition: 3 } },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    });
    await space.barrier();
    expect(identities(await space.pods())).toEqual(before);

    const refusal = refusalOf(await space.run(...adopt, '-o', 'json'));
    expect(blocking(refusal.findings)).toEqual(['adopted-pods-restart']);
    const [remedy] = refusal.findings.flatMap(({ id, remedies }) => (id === 'adopted-pods-restart' ? remedies : []));
    if (remedy === undefined) throw new Error('no remedy');
    expectEnd(await space.line(commandLine(remedy, { namespace: space.namespace, flags: [] })), 0);
    expectEnd(await space.run(...adopt), 0);
    const restored = await space.ready();
    expect(restored.spec.updateStrategy?.rollingUpdate?.partition).toBe(0);
    await space.barrier();
    expect(identities(await space.pods())).toEqual(before);
    await nothingOfOursLeft(space);
  });

  test('Pods beyond the saved replicas, and of another template, block; they leave only when allowed, and their PVCs stay', async ({
    space,
  }) => {
    space.playedOnly();
    await scaledBy(space, { image: 'app:1', retention: { whenScaled: 'Delete', whenDeleted: 'Retain' } }, [2, 3]);
    await space.patchSet({ spec: { template: { spec: { containers: [{ name: 'app', image: 'app:2' }] } } } });
    await space.rolledOut();
    await space.mark();
    await orphan(space);
    const before = await census(space);
    const archived = [...adopt, '--archive=sts-safe.web.1'];
    const refused = await space.run(...archived, '-o', 'json');
    const { findings } = refusalOf(refused);
    expect(blocking(findings)).toEqual(['pods-beyond-archive', 'adopted-pods-restart']);
    expect(refused.stderr).toContain('web-2 would be deleted');
    expect(refused.stderr).toContain('image (app:1, was app:2)');
    expect(await space.findSet()).toBeUndefined();
    expect(identities(await space.pods())).toEqual(identities([...before.pods.values()]));

    const allowed = [...archived, '--allow=pods-beyond-archive,adopted-pods-restart'];
    const { changes } = planOf(await space.run(...allowed, '--dry-run', '-o', 'json'));
    expect(changes.map(({ name, after }) => [name, after])).toEqual([
      ['web', expect.stringContaining('created with 2 replicas')],
      ['web-0', expect.stringContaining('restarted')],
      ['web-1', expect.stringContaining('restarted')],
      ['web-2', 'removed'],
      ['data-web-0', 'attached'],
      ['data-web-1', 'attached'],
      ['data-web-2', 'retained (unused)'],
    ]);
    expectEnd(await space.run(...allowed), 0);
    expect((await space.rolledOut()).spec.persistentVolumeClaimRetentionPolicy).toEqual({ whenScaled: 'Delete', whenDeleted: 'Retain' });
    expect(await space.podNames()).toEqual(['web-0', 'web-1']);
    await assertNoClaimLost(space, before);
  });
});
