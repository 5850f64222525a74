import { describe, expect } from 'vitest';
import type { Pod, StatefulSet } from '../../src/domain/kube.ts';
import { isPodReady } from '../../src/domain/members.ts';
import { expectEnd, planOf, resultOf } from '../support/documents.ts';
import { assertNoClaimLost, assertOnlyTouched, census, nothingOfOursLeft } from '../support/invariants.ts';
import { type Space, test } from '../support/namespace.ts';
import { PodRecorder } from '../support/recorder.ts';

const HASH = 'controller-revision-hash';
const abort = ['rollout', 'abort', 'web'];

/** `kubectl set image`, as anybody would roll out. */
async function setImage(space: Space, image: string): Promise<void> {
  expectEnd(await space.kubectl(['set', 'image', 'statefulset/web', `*=${image}`]), 0);
}

const revisionOf = ({ metadata }: Pod): string | undefined => metadata.labels?.[HASH];

/** Until the Pod of that name is of another revision than this, and ready or not. */
async function untilUpdated(space: Space, name: string, from: string, ready: boolean): Promise<void> {
  await space.untilPods(
    (pods) => {
      const pod = pods.get(name);
      return pod !== undefined && revisionOf(pod) !== from && isPodReady(pod) === ready && pod.status.phase === 'Running';
    },
    `${name} is ${ready ? 'ready' : 'not ready'} at another revision than ${from}`,
  );
}

async function expectBaseline(space: Space, revision: string, strategy: StatefulSet['spec']['updateStrategy']): Promise<void> {
  const [set, pods] = await Promise.all([space.set(), space.pods()]);
  expect(pods.map((pod) => [revisionOf(pod), isPodReady(pod)])).toEqual(pods.map(() => [revision, true]));
  expect(set.spec.updateStrategy).toEqual(strategy);
  expect(set.status.updateRevision).toBe(revision);
}

describe.concurrent('rollout abort', () => {
  test('heals what kubectl set image has broken, and touches only that Pod', async ({ space }) => {
    await space.applySet({ replicas: 3 });
    await space.mark();
    const before = await census(space);
    const { spec, status } = await space.set();
    const baseline = status.updateRevision ?? '';
    await setImage(space, 'app:bad');
    await untilUpdated(space, 'web-2', baseline, false);

    const plan = planOf(await space.run(...abort, '--dry-run', '-o', 'json'));
    expect(plan.steps.map(({ id }) => id)).toEqual([
      'archive',
      'to-baseline',
      'replace/2',
      'available',
      'all-updated',
      'strategy-back',
      'finish',
    ]);
    expect(plan.changes.filter(({ kind }) => kind === 'Pod').map(({ after }) => after)).toEqual([
      'stays',
      'stays',
      `replaced 1st, back to ${baseline}`,
    ]);
    const recorder = await PodRecorder.start(space);
    const run = await space.run(...abort, '--yes', '-o', 'json');
    await recorder.stop();
    expect(resultOf(run, 0)).toMatchObject({ message: `StatefulSet web is back at revision ${baseline}`, remaining: [] });
    expect(recorder.removalOrder()).toEqual(['web-2']);
    expect(recorder.mostDownAtOnce(['web-0', 'web-1'])).toBe(0);
    await expectBaseline(space, baseline, spec.updateStrategy);
    await assertNoClaimLost(space, before);
    await assertOnlyTouched(space, before, ['web-2']);
    await nothingOfOursLeft(space);
  });

  test('takes a healthy canary only when the broken Pod below it is back', async ({ space }) => {
    await space.applySet({ replicas: 4, strategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } });
    const before = await census(space);
    const { spec, status } = await space.set();
    const baseline = status.updateRevision ?? '';
    await setImage(space, 'app:2');
    await untilUpdated(space, 'web-2', baseline, true);
    expectEnd(await space.kubectl(['label', 'pod', 'web-2', 'sandbox/fault=not-ready']), 0);
    await space.untilPods((pods) => pods.get('web-2') !== undefined && !isPodReady(pods.get('web-2') as Pod), 'web-2 is not ready');

    const recorder = await PodRecorder.start(space);
    expectEnd(await space.run(...abort, '--yes'), 0);
    await recorder.stop();
    expect(recorder.removalOrder()).toEqual(['web-2', 'web-3']);
    expect(recorder.mostDownAtOnce(['web-0', 'web-1', 'web-2', 'web-3'])).toBe(1);
    await expectBaseline(space, baseline, spec.updateStrategy);
    await assertOnlyTouched(space, before, ['web-2', 'web-3']);
    await assertNoClaimLost(space, before);
  });

  test('heals all Pods above the partition, lowest ordinal first, where it starts at 5', async ({ space }) => {
    await space.applySet({ replicas: 3, start: 5, strategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } });
    const baseline = (await space.set()).status.updateRevision ?? '';
    await setImage(space, 'app:2');
    await untilUpdated(space, 'web-6', baseline, true);
    expectEnd(await space.kubectl(['label', 'pod', 'web-6', 'web-7', 'sandbox/fault=not-ready']), 0);
    await space.untilPods((pods) => [...pods.values()].filter(isPodReady).length === 1, 'web-6 and web-7 are not ready');

    const recorder = await PodRecorder.start(space);
    const run = await space.run(...abort, '--yes', '-o', 'json');
    await recorder.stop();
    expect(resultOf(run, 0).done).toEqual(expect.arrayContaining(['replace/6', 'replace/7']));
    expect(recorder.removalOrder()).toEqual(['web-6', 'web-7']);
    expect(recorder.mostDownAtOnce(['web-5'])).toBe(0);
    expect((await space.pods()).map((pod) => [revisionOf(pod), isPodReady(pod)])).toEqual([5, 6, 7].map(() => [baseline, true]));
  });

  test('asks which revision when the controller has promoted the bad one, and takes the one that it proposes', async ({ space }) => {
    await space.applySet({ replicas: 2, policy: 'Parallel' });
    const baseline = (await space.set()).status.updateRevision ?? '';
    await setImage(space, 'app:2');
    await space.untilPods(
      (pods) => pods.size === 2 && [...pods.values()].every((pod) => revisionOf(pod) !== baseline && isPodReady(pod)),
      'all are updated',
    );
    await space.untilSet(({ status }) => status.currentRevision === status.updateRevision, 'it is promoted');
    expectEnd(await space.kubectl(['label', 'pod', 'web-0', 'web-1', 'sandbox/fault=not-ready']), 0);
    await space.untilPods((pods) => [...pods.values()].every((pod) => !isPodReady(pod)), 'none is ready');

    const refused = await space.run(...abort, '--yes');
    expectEnd(refused, 3);
    expect(refused.stderr).toContain('all Pods of StatefulSet web are of revision');
    await space.expectNoWrites();
    const line = /kubectl sts-safe rollout abort web --to-revision 1\b[^(]*/.exec(refused.stderr)?.[0] ?? '';
    expectEnd(await space.line(`${line.trim()} --yes`), 0);
    expect((await space.pods()).map((pod) => [revisionOf(pod), isPodReady(pod)])).toEqual([
      [baseline, true],
      [baseline, true],
    ]);
    await nothingOfOursLeft(space);
  });

  test('killed while a Pod ends, it goes on from elsewhere, and no Pod is replaced twice', async ({ space }) => {
    await space.applySet({ replicas: 3, podAnnotations: { 'sandbox/stop-delay': '2s' } });
    const before = await census(space);
    const { spec, status } = await space.set();
    const baseline = status.updateRevision ?? '';
    await setImage(space, 'app:bad');
    await untilUpdated(space, 'web-2', baseline, false);
    const bad = (await space.pod('web-2')).metadata.uid;

    const killed = space.start([...abort, '--yes']);
    await space.untilTerminating('web-2');
    killed.kill('SIGKILL');
    await killed.ended;
    expect((await space.set()).spec.updateStrategy).toEqual({ type: 'OnDelete' });
    const recorder = await PodRecorder.start(space);
    expectEnd(await space.run(...abort, '--yes'), 0);
    await recorder.stop();
    await expectBaseline(space, baseline, spec.updateStrategy);
    expect((await space.pod('web-2')).metadata.uid).not.toBe(bad);
    expect(recorder.mostDownAtOnce(['web-0', 'web-1'])).toBe(0);
    await assertOnlyTouched(space, before, ['web-2']);
    await assertNoClaimLost(space, before);
    await nothingOfOursLeft(space);
  });
});
