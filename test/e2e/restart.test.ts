import { describe, expect } from 'vitest';
import { blocking, expectEnd, refusalOf, resultOf } from '../support/documents.ts';
import { assertNoClaimLost, assertOnlyTouched, census, nothingOfOursLeft } from '../support/invariants.ts';
import { inSandbox, type Space, test } from '../support/namespace.ts';
import { killedWhen } from '../support/stages.ts';

const uidOf = async (space: Space, name: string): Promise<string | undefined> =>
  (await space.pods()).find(({ metadata }) => metadata.name === name)?.metadata.uid;

describe.concurrent('restart POD', () => {
  test('evicts this Pod once, with its PVC kept, also when it is killed and typed again with the UID', async ({ space }) => {
    await space.applySet({ replicas: 3 });
    await space.mark();
    const before = await census(space);
    const first = await uidOf(space, 'web-1');
    const result = resultOf(await space.run('restart', 'web-1', '--yes', '-o', 'json'), 0);
    expect(result.verified).toContain('1 PVC unchanged (same UID and phase)');
    const second = await uidOf(space, 'web-1');
    expect(second).not.toBe(first);

    const gone = async (): Promise<boolean> =>
      (await uidOf(space, 'web-1')) !== second || (await space.pod('web-1')).metadata.deletionTimestamp !== undefined;
    await killedWhen(gone, space, ['restart', 'web-1', '--yes']);
    const again = await space.run('restart', 'web-1', '--uid', second ?? '', '--yes');
    expectEnd(again, 0);
    expect(await uidOf(space, 'web-1')).not.toBe(second);
    await assertOnlyTouched(space, before, ['web-1']);
    await assertNoClaimLost(space, before);
    await nothingOfOursLeft(space);
    if (!inSandbox) return;
    const evictions = (await space.writes()).filter(({ requestURI }) => requestURI.includes('/pods/'));
    expect(evictions.map(({ verb, requestURI }) => [verb, requestURI.replace(/\?.*/, '')])).toEqual(
      Array(2).fill(['create', `${space.path('pods', 'web-1')}/eviction`]),
    );
  });

  test('that it cannot be evicted, would be updated, or leaves too few is refused, and nothing is changed', async ({ space }) => {
    await space.applySet({ replicas: 3 });
    const before = await census(space);
    const refused = async (...args: readonly string[]) => {
      const run = await space.run('restart', ...args, '--yes', '-o', 'json');
      expectEnd(run, 3);
      return blocking(refusalOf(run).findings);
    };
    const budget = {
      metadata: { name: 'web' },
      spec: { minAvailable: 3, selector: { matchLabels: (await space.set()).spec.selector.matchLabels } },
    };
    const budgets = `/apis/policy/v1/namespaces/${space.namespace}/poddisruptionbudgets`;
    await space.api.create(budgets, budget);
    await space.api.until<
      { metadata: { name: string; uid: string; resourceVersion: string }; status: { observedGeneration?: number } },
      true
    >(budgets, (all) => all.get('web')?.status.observedGeneration === 1, 'the budget is counted');
    expect(await refused('web-1')).toEqual(['eviction-refused']);
    await space.api.delete(`${budgets}/web`);

    // Behind the partition nothing is updated by itself, and a Pod that is deleted would be.
    await space.patchSet({ spec: { updateStrategy: { type: 'OnDelete', rollingUpdate: null } } });
    expectEnd(await space.kubectl(['set', 'env', 'statefulset/web', 'NEW=1']), 0);
    await space.untilSet(
      ({ status, metadata }) => status.observedGeneration === metadata.generation && status.updateRevision !== status.currentRevision,
      'the new revision is there',
    );
    expect(await refused('pod/web-1')).toEqual(['revision-would-change']);
    await space.breakPod('web-0');
    await space.untilUnready('web-0');
    expect(await refused('web-1', '--allow', 'revision-would-change')).toEqual(['unhealthy-member-stays']);

    const none = await space.run('restart', 'web', '--yes');
    expectEnd(none, 1);
    expect(none.stderr).toContain('Pod web not found');
    const beyond = await space.run('restart', 'web-3', '--yes');
    expectEnd(beyond, 1);
    expect(beyond.stderr).toContain('web-3 is not a Pod of StatefulSet web within its replicas');
    await space.expectNoWrites();
    // It is down by the test's own hand.
    await assertOnlyTouched(space, before, ['web-0']);
  });
});
