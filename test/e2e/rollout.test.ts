import { describe, expect } from 'vitest';
import type { StatefulSet } from '../../src/domain/kube.ts';
import { blocking, refusalOf, resultOf } from '../support/documents.ts';
import { assertNoClaimLost, assertOnlyTouched, census, nothingOfOursLeft } from '../support/invariants.ts';
import { inSandbox, type Space, test } from '../support/namespace.ts';
import { PodRecorder } from '../support/recorder.ts';
import { openRecordOf } from '../support/records.ts';

const start = (...more: readonly string[]): readonly string[] => ['rollout', 'start', 'web', '--yes', '-o', 'json', ...more];

/** Images of the Pods that run, by their names. */
async function images(space: Space): Promise<Readonly<Record<string, string | undefined>>> {
  return Object.fromEntries((await space.pods()).map(({ metadata, spec }) => [metadata.name, spec.containers[0]?.image]));
}

const partitionOf = ({ spec }: StatefulSet): number | undefined => spec.updateStrategy?.rollingUpdate?.partition;

describe.concurrent('rollout start', () => {
  test('updates one Pod at a time, highest first, from ordinals.start on, pauses where it was asked to, and another user resumes', async ({
    space,
  }) => {
    // Stored without a rollingUpdate object, which is taken off again.
    await space.applySet({ replicas: 3, start: 5, strategy: { type: 'RollingUpdate' } });
    await space.mark();
    const before = await census(space);
    const recorder = await PodRecorder.start(space);
    const first = resultOf(await space.run(...start('--image=db=app:2', '--pause-at=1')), 0);
    expect(first).toMatchObject({ outcome: 'paused', done: ['archive', 'start', 'update/7', 'pause/1'] });
    expect(first.message).toBe('rollout start of StatefulSet web is paused with 1 of 3 Pods updated');
    expect(first.continueWith).toMatch(/^kubectl sts-safe rollout resume web -n /);
    expect(await images(space)).toEqual({ 'web-5': 'app:1', 'web-6': 'app:1', 'web-7': 'app:2' });
    expect(partitionOf(await space.set())).toBe(2);
    await assertOnlyTouched(space, before, ['web-7']);
    expect((await openRecordOf(space)).phase).toBe('paused');
    // A script that runs again does not go past it.
    expect(blocking(refusalOf(await space.run(...start('--image=db=app:2', '--pause-at=1'))).findings)).toEqual(['other-operation']);
    const options = inSandbox ? { kubeconfig: (await space.restricted()).kubeconfig } : {};
    const last = resultOf(await space.runWith(options, 'rollout', 'resume', 'web', '--yes', '-o', 'json'), 0);
    await recorder.stop();
    expect(last).toMatchObject({ outcome: 'done', message: 'StatefulSet web rolled out: 3 Pods updated', remaining: [] });
    expect(recorder.removalOrder()).toEqual(['web-7', 'web-6', 'web-5']);
    expect(recorder.mostDownAtOnce(['web-5', 'web-6', 'web-7'])).toBe(1);
    expect(await images(space)).toEqual({ 'web-5': 'app:2', 'web-6': 'app:2', 'web-7': 'app:2' });
    expect((await space.set()).spec.updateStrategy).toEqual({ type: 'RollingUpdate' });
    await assertNoClaimLost(space, before);
    await nothingOfOursLeft(space, 'web', true);
  });
});
