import { describe, expect } from 'vitest';
import { isTerminating } from '../../src/domain/members.ts';
import { expectEnd } from '../support/documents.ts';
import { assertClaimsUnowned, assertNoClaimLost, census } from '../support/invariants.ts';
import { type Space, testInProcess as test } from '../support/namespace.ts';
import { startKubectl } from '../support/plugin.ts';

/** Pods that do not end when they are told to: whoever goes one at a time cannot come past the first. */
const held = { podLabels: { 'sandbox/stuck': 'true' } };

/** Resolves when all these are on their way out and none is gone. */
async function untilAllTerminating(space: Space, names: readonly string[]): Promise<void> {
  await space.untilPods(
    (pods) => names.every((name) => pods.get(name)?.metadata.deletionTimestamp !== undefined),
    `${names.join(', ')} are all terminating`,
  );
}

/** docs/what-you-may-have-read.md, what of it is of kubectl and the controllers alone. */
describe.concurrent('what you may have read is not so:', () => {
  const members = ['web-0', 'web-1', 'web-2'];

  for (const how of [[], ['--cascade=foreground']]) {
    test(`${['kubectl delete', ...how].join(' ')} takes the members in order, or takes the PVCs`, async ({ space }) => {
      await space.applySet(held);
      await space.mark();
      const before = await census(space);
      expectEnd(await space.kubectl(['delete', 'statefulset', 'web', '--wait=false', ...how]), 0);
      await untilAllTerminating(space, members);
      await Promise.all(members.map((name) => space.freePod(name)));
      await space.untilSetGone();
      await space.untilPods((pods) => pods.size === 0, 'all members are gone');
      await assertNoClaimLost(space, before);
    });
  }

  test('a retention policy of whenDeleted: Delete is what owns the PVCs, and takes them', async ({ space }) => {
    await space.applySet();
    await assertClaimsUnowned(space, ['data-web-0', 'data-web-1', 'data-web-2']);
    await space.patchSet({ spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete' } } });
    const owned = (claims: ReadonlyMap<string, { metadata: { ownerReferences?: readonly object[] } }>) =>
      [...claims.values()].every(({ metadata }) => metadata.ownerReferences?.length === 1);
    await space.untilClaims(owned, 'the set owns all PVCs');
    expectEnd(await space.kubectl(['delete', 'statefulset', 'web', '--cascade=foreground']), 0);
    await space.untilClaims((claims) => claims.size === 0, 'all PVCs are destroyed');
  });

  test('a set never scales down while a member is unhealthy: an ordered one removes the broken highest', async ({ space }) => {
    await space.applySet();
    await space.breakPod('web-2');
    expectEnd(await space.kubectl(['scale', 'statefulset', 'web', '--replicas=2', '--timeout=5m']), 0);
    await space.untilPodGone('web-2');
  });

  test('a set never scales down while a member is unhealthy: a Parallel one does not look, and goes all at once', async ({ space }) => {
    await space.applySet({ policy: 'Parallel', ...held });
    await space.breakPod('web-0');
    expectEnd(await space.kubectl(['scale', 'statefulset', 'web', '--replicas=1']), 0);
    await untilAllTerminating(space, ['web-1', 'web-2']);
  });

  test('kubectl scale --timeout waits until they are gone', async ({ space }) => {
    await space.applySet();
    // An ordered controller removes nothing while this one is ill, so there is something to wait for.
    await space.breakPod('web-0');
    const before = (await space.pods()).map(({ metadata }) => metadata.uid);
    const scale = startKubectl(space.cluster, ['scale', 'statefulset', 'web', '--replicas=1', '--timeout=5m', '-n', space.namespace], {
      kubeconfig: space.kubeconfig,
    });
    await space.untilSet(({ spec }) => spec.replicas === 1, 'kubectl has told it');
    await space.barrier();
    expect(scale.isRunning).toBe(true);
    await space.scaleTo(3);
    const { exitCode, stdout } = await scale.ended;
    expect([exitCode, stdout]).toEqual([0, 'statefulset.apps/web scaled\n']);
    const after = (await space.pods()).filter((pod) => !isTerminating(pod));
    expect(after.map(({ metadata }) => metadata.uid)).toEqual(before);
  });

  test('a quorum can be scaled to zero', async ({ space }) => {
    await space.applySet({ replicas: 5, podAnnotations: { 'sandbox/ready-peers': '1' } });
    for (const { metadata } of await space.pods()) {
      await space.api.patch(space.path('pods', metadata.name), { metadata: { annotations: { 'sandbox/ready-peers': '3' } } });
    }
    await space.scaleTo(0);
    await space.untilPods((pods) => pods.size === 2, 'the quorum is lost');
    for (const name of ['web-0', 'web-1']) await space.untilUnready(name);
    await space.barrier();
    const left = await space.pods();
    expect(left.map((pod) => [pod.metadata.name, isTerminating(pod)])).toEqual([
      ['web-0', false],
      ['web-1', false],
    ]);
    const said = (await space.events()).filter(({ type, involvedObject }) => type === 'Warning' && involvedObject.kind === 'StatefulSet');
    expect(said).toEqual([]);
  });
});
