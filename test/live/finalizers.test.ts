import { describe, expect } from 'vitest';
import type { StatefulSet } from '../../src/domain/kube.ts';
import { blocking, expectEnd, planOf, refusalOf, resultOf } from '../support/documents.ts';
import { assertNoClaimLost, census, nothingOfOursLeft, recordOf } from '../support/invariants.ts';
import { setManifest } from '../support/manifests.ts';
import { type Space, testInProcess as test } from '../support/namespace.ts';
import { openRecordOf } from '../support/records.ts';
import { killedAtStep } from '../support/stages.ts';

/** Public reports of deletions that hang: a finalizer of another client on the StatefulSet (starrocks#622), or on a PVC (external-provisioner#1507). */

const gone = ['delete', 'web', '--confirm', 'web'];
const cancel = ['cancel', 'web', '--yes'];

const finalize = (space: Space, resource: string, name: string, finalizers: readonly string[] | null) =>
  space.api.patch(resource === 'statefulsets' ? `${space.sets}/${name}` : space.path(resource, name), { metadata: { finalizers } });

/** What a GitOps client owns of the StatefulSet's spec. */
const applies = (set: StatefulSet): boolean =>
  set.metadata.managedFields?.some(
    ({ manager, operation, fieldsV1 }) =>
      manager === 'deploy-bot' && operation === 'Apply' && JSON.stringify(fieldsV1).includes('f:replicas'),
  ) ?? false;

describe.concurrent('what other clients have put on the set', () => {
  test('a finalizer on the StatefulSet is shown before, named within seconds, and is nothing to cancel', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    await space.mark();
    const before = await census(space);
    await finalize(space, 'statefulsets', 'web', ['example.com/protection']);
    const { findings } = planOf(await space.run('delete', 'web', '--dry-run', '-o', 'json'));
    expect(findings).toContainEqual(expect.objectContaining({ id: 'set-finalizer', severity: 'warns' }));
    const held = resultOf(await space.run(...gone, '-o', 'json'), 4);
    expect(held.message).toMatch(/until finalizer example.com\/protection \(likely owner: example.com; set by [^)]+\) is removed/);
    expect(held).toMatchObject({ started: 'delete-set', remaining: ['delete-set', 'finish'] });
    expect((await space.run('status', 'web')).stdout).toContain('waits for finalizer example.com/protection');
    const record = await openRecordOf(space);
    const refused = refusalOf(await space.run(...cancel, '-o', 'json'));
    expect(blocking(refused.findings)).toEqual(['set-being-deleted']);
    expect(await openRecordOf(space)).toEqual(record);
    await finalize(space, 'statefulsets', 'web', null);
    await space.untilSetGone();
    expect((await space.run('restore', 'web', '--list')).stdout).toMatch(/sts-safe\.web\.1 .*deleted/);
    expectEnd(await space.run(...gone), 0);
    expectEnd(await space.run('restore', 'web', '--yes'), 0);
    await assertNoClaimLost(space, before);
    await nothingOfOursLeft(space);
  });

  test('a finalizer on a PVC keeps no other PVC waiting, and the same command deletes it when it can', async ({ space }) => {
    await space.applySet({ replicas: 3, policy: 'Parallel' });
    await finalize(space, 'persistentvolumeclaims', 'data-web-1', ['kubernetes.io/pvc-protection', 'example.com/hold']);
    const command = [...gone, '--delete-claims'];
    const { findings } = planOf(await space.run('delete', 'web', '--delete-claims', '--dry-run', '-o', 'json'));
    expect(findings).toContainEqual(expect.objectContaining({ id: 'pvc-finalizer', severity: 'warns' }));
    const held = resultOf(await space.run(...command, '-o', 'json'), 4);
    expect(held.message).toMatch(
      /PVC data-web-1 is being deleted and remains until finalizer example.com\/hold \(likely owner: example.com; set by [^)]+\)/,
    );
    expect(held).toMatchObject({ remaining: ['claims-gone', 'finish'] });
    expect((await space.claims()).map(({ metadata }) => metadata.name)).toEqual(['data-web-1']);
    expect((await space.run('restore', 'web', '--list')).stdout).toMatch(/sts-safe\.web\.1 .*deleted/);
    const refused = refusalOf(await space.run(...cancel, '-o', 'json'));
    expect(new Set(blocking(refused.findings))).toEqual(new Set(['claim-missing', 'claim-terminating']));
    expect(JSON.stringify(refused.findings)).toContain('this delete was to delete it (--delete-claims)');
    expect(JSON.stringify(refused.findings)).not.toContain('if it is Released and retained');
    await finalize(space, 'persistentvolumeclaims', 'data-web-1', null);
    expectEnd(await space.run(...command), 0);
    expect(await space.claims()).toEqual([]);
    expect(await recordOf(space)).toBeUndefined();
  });

  test('cancel gives the ownership of what it restores back: the same manifest applies without a conflict', async ({ space }) => {
    const manifest = JSON.stringify(setManifest(space.runnable({ replicas: 2, retention: { whenDeleted: 'Delete' } })));
    const apply = async () => {
      expectEnd(await space.kubectl(['apply', '--server-side', '--field-manager=deploy-bot', '-f', '-'], manifest), 0);
    };
    await apply();
    const before = await space.ready();
    const { findings } = planOf(await space.run('delete', 'web', '--dry-run', '-o', 'json'));
    expect(findings).toContainEqual(expect.objectContaining({ id: 'replicas-applied', severity: 'notes' }));
    await killedAtStep('scale-down/1', space, gone);
    expect(applies(await space.set())).toBe(false);
    expectEnd(await space.run(...cancel), 0);
    const after = await space.set();
    expect(applies(after)).toBe(true);
    expect(after.metadata.managedFields?.map(({ manager }) => manager)).not.toContain('kubectl-sts-safe');
    expect(after.spec).toEqual(before.spec);
    await apply();
  });
});
