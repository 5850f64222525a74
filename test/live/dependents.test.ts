import { describe, expect } from 'vitest';
import type { Pod } from '../../src/domain/kube.ts';
import { blocking, expectEnd, found, planOf, refusalOf } from '../support/documents.ts';
import { assertNoClaimLost, assertOnlyTouched, census } from '../support/invariants.ts';
import { claimManifest } from '../support/manifests.ts';
import { inSandbox, type Space, testInProcess as test } from '../support/namespace.ts';

const allow = ['--allow', 'pod-owns-objects'];

function ownedBy({ metadata }: Pod, controller: boolean) {
  const { name, uid } = metadata;
  return [{ apiVersion: 'v1', kind: 'Pod', name, uid, ...(controller ? { controller, blockOwnerDeletion: true } : {}) }];
}

/** A set of one that the Pod owns, with PVCs that go with it, as LeaderWorkerSet makes it (kubernetes-sigs/lws#804). */
async function workersOf(space: Space, leader: string): Promise<void> {
  const ownerReferences = ownedBy(await space.pod(leader), true);
  await space.applySet({ name: leader, replicas: 1, start: 1, retention: { whenDeleted: 'Delete' }, ownerReferences });
  await space.untilClaims((claims) => claims.get(`data-${leader}-1`)?.metadata.ownerReferences !== undefined, `${leader} owns its PVC`);
}

const scratch = {
  name: 'scratch',
  ephemeral: { volumeClaimTemplate: { spec: claimManifest('scratch').spec } },
};

describe.concurrent('what the garbage collector deletes with a Pod', () => {
  test('StatefulSets that Pods own are refused, shown, and asked for by name; nothing else is deleted', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    await Promise.all(['web-0', 'web-1'].map((leader) => workersOf(space, leader)));
    const before = await census(space);
    const down = ['scale', 'web', '--replicas=1'];
    for (const refused of [
      await space.run(...down, '-o', 'json', '--yes'),
      await space.run('delete', 'web', '-o', 'json', '--confirm', 'web'),
    ]) {
      expect(blocking(refusalOf(refused).findings)).toEqual(['pod-owns-objects']);
      expect(refused.stderr).toMatch(/deleted because removed Pods own them.*persistentvolumeclaim\/data-web-1-1: .* StatefulSet\/web-1/s);
    }
    const inner = await space.run('delete', 'web-1', '-o', 'json', '--confirm', 'web-1');
    expect(blocking(refusalOf(inner).findings)).toEqual(['operator-owned']);
    expect(inner.stderr).toMatch(/Pod web-1 \(which StatefulSet web controls\) controls web-1/);
    expect(inner.stderr).toContain('kubectl sts-safe status web');
    // A yes is not enough where data goes.
    expectEnd(await space.run(...down, '--yes', ...allow), 3);
    await space.expectNoWrites();
    await assertNoClaimLost(space, before);
    await assertOnlyTouched(space, before, []);
    const { changes, consent } = planOf(await space.run(...down, '--dry-run', '-o', 'json', ...allow));
    expect(consent.kind).toBe('typed');
    expect(changes.filter(({ after }) => /deleted/i.test(after)).map(({ kind, name, after }) => `${kind} ${name}: ${after}`)).toEqual([
      'StatefulSet web-1: deleted with it',
      'Pod web-1-1: deleted with it',
      expect.stringMatching(/^PersistentVolumeClaim data-web-1-1: DELETED with StatefulSet web-1/),
    ]);
    expectEnd(await space.run(...down, '--confirm', 'web', ...allow), 0);
    await space.untilSetGone('web-1');
    await space.untilClaims((claims) => !claims.has('data-web-1-1'), 'the PVC of web-1 is gone');
    await assertNoClaimLost(space, before, ['data-web-1-1']);
    await assertOnlyTouched(space, before, ['web-1', 'web-1-1']);
  });

  test('an ephemeral volume is shown as what it is; it blocks nothing and asks for no name', async ({ space }) => {
    await space.applySet({ replicas: 2, podSpec: { volumes: [scratch] } });
    const before = await census(space);
    const { changes, findings } = planOf(await space.run('scale', 'web', '--replicas=1', '--dry-run', '-o', 'json'));
    expect(found(findings)).toContain('notes ephemeral-volume');
    expect(changes).toContainEqual({
      kind: 'PersistentVolumeClaim',
      name: 'web-1-scratch',
      before: 'ephemeral volume of Pod web-1',
      after: expect.stringMatching(/^deleted with it/),
    });
    expectEnd(await space.run('scale', 'web', '--replicas=1', '--yes'), 0);
    await space.untilClaims((claims) => !claims.has('web-1-scratch'), 'it is gone');
    await assertNoClaimLost(space, before, ['web-1-scratch']);
  });

  test('what a Pod comes to own after the plan stops the operation before that Pod', async ({ space }) => {
    await space.applySet({ replicas: 3, podAnnotations: { 'sandbox/stop-delay': '3s' } });
    const run = space.start(['scale', 'web', '--replicas=1', '--yes']);
    await space.untilTerminating('web-2');
    const metadata = { name: 'late', ownerReferences: ownedBy(await space.pod('web-1'), false) };
    await space.api.create(space.path('persistentvolumeclaims'), { ...claimManifest('late'), metadata });
    const before = await census(space);
    const { exitCode, stderr } = await run.ended;
    expect([exitCode, stderr]).toEqual([4, expect.stringContaining('PVC late would be deleted with Pod web-1, and was not in the plan')]);
    expect(await space.podNames()).toEqual(['web-0', 'web-1']);
    expect((await space.claim('late')).metadata.uid).toBe(before.claims.get('late')?.metadata.uid);
    await assertOnlyTouched(space, before, ['web-2']);
  });

  test.runIf(inSandbox)('what may not be listed is a warning each, and no refusal', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const { kubeconfig } = await space.restricted();
    const { findings } = planOf(await space.runWith({ kubeconfig }, 'scale', 'web', '--replicas=0', '--dry-run', '-o', 'json'));
    const unseen = findings.filter(({ id }) => id === 'evidence-unknown').map(({ evidence }) => evidence[0]?.object);
    expect(unseen).toEqual(expect.arrayContaining(['deployments', 'jobs', 'configMaps', 'secrets']));
    expectEnd(await space.runWith({ kubeconfig }, 'scale', 'web', '--replicas=0', '--yes'), 0);
  });
});
