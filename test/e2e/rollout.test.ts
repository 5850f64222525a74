import { describe, expect } from 'vitest';
import type { StatefulSet } from '../../src/domain/kube.ts';
import { isPodReady } from '../../src/domain/members.ts';
import type { RevisionList, RolloutStatus } from '../../src/inspect/rollout.ts';
import { blocking, documentOf, eventsOf, refusalOf, resultOf } from '../support/documents.ts';
import { assertNoClaimLost, assertOnlyTouched, census, nothingOfOursLeft } from '../support/invariants.ts';
import { inSandbox, type Space, test } from '../support/namespace.ts';
import { PodRecorder } from '../support/recorder.ts';
import { interruptedAt, openRecordOf } from '../support/records.ts';
import { admitOnly } from '../support/trouble.ts';

const start = (...more: readonly string[]): readonly string[] => ['rollout', 'start', 'web', '--yes', '-o', 'json', ...more];

/** Images of the Pods that run, by their names. */
async function images(space: Space): Promise<Readonly<Record<string, string | undefined>>> {
  return Object.fromEntries((await space.pods()).map(({ metadata, spec }) => [metadata.name, spec.containers[0]?.image]));
}

/** When an event was told, by the server's clock. */
const timeOf = (event: object): number => Date.parse((event as { readonly time?: string }).time ?? '');

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
    const first = resultOf(await space.run(...start('--image=db=app:2', '--pause-at=1', '--reason=disk <10% & rising')), 0);
    expect(first).toMatchObject({ outcome: 'paused', done: ['archive', 'start', 'update/7', 'pause/1'] });
    expect(first.message).toBe('rollout start of StatefulSet web is paused with 1 of 3 Pods updated');
    expect(first.resumeCommand).toMatch(/^kubectl sts-safe rollout resume web -n /);
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

  test('of a set with OnDelete holds the Pods that it has not reached: one that is deleted in the meantime is not updated', async ({
    space,
  }) => {
    // Updated once by hand, so that status.currentRevision is a revision that nothing runs.
    await space.applySet({ replicas: 2, strategy: { type: 'OnDelete' } });
    await space.patchSet({ spec: { template: { metadata: { labels: { since: 'long' } } } } });
    expect(blocking(refusalOf(await space.run(...start('--image=db=app:2'))).findings)).toEqual(['update-pending']);
    for (const { metadata } of await space.pods()) {
      await space.api.delete(space.path('pods', metadata.name));
      await space.untilPod(metadata.name, (pod) => pod.metadata.uid !== metadata.uid && isPodReady(pod), 'it is replaced and Ready');
    }
    const before = await census(space);
    const runs = (await space.set()).status.updateRevision;
    const first = resultOf(await space.run(...start('--image=db=app:2', '--pause-at=1')), 0);
    expect(first).toMatchObject({ outcome: 'paused', done: ['archive', 'hold', 'start', 'update/1', 'pause/1'] });
    await assertOnlyTouched(space, before, ['web-1']);
    const { uid } = (await space.pod('web-0')).metadata;
    await space.api.delete(space.path('pods', 'web-0'));
    const replaced = await space.untilPod('web-0', (pod) => pod.metadata.uid !== uid && isPodReady(pod), 'it is replaced and Ready');
    expect(replaced.metadata.labels?.['controller-revision-hash']).toBe(runs);
    resultOf(await space.run('rollout', 'resume', 'web', '--yes', '-o', 'json'), 0);
    expect(await images(space)).toEqual({ 'web-0': 'app:2', 'web-1': 'app:2' });
    expect((await space.set()).spec.updateStrategy).toEqual({ type: 'OnDelete' });
    await assertNoClaimLost(space, before);
    await nothingOfOursLeft(space, 'web', true);
    // The next one begins on the same terms, and runs through.
    resultOf(await space.run(...start('--image=db=app:3')), 0);
    expect((await space.set()).spec.updateStrategy).toEqual({ type: 'OnDelete' });
  });
});

describe.concurrent('a rollout that goes wrong', () => {
  test('holds a bad image at the canary: the result says why, and nobody else is touched', async ({ space }) => {
    await space.applySet({ replicas: 3, policy: 'Parallel' });
    const before = await census(space);
    const run = await space.run(...start('--image=db=app:nosuch', '--step-timeout=4s'));
    const result = resultOf(run, 4);
    expect(result).toMatchObject({
      done: ['archive', 'start'],
      started: 'update/2',
      remaining: ['update/2', 'update/1', 'update/0', 'finish'],
    });
    expect(result.message).toMatch(/web-2 .*(ErrImagePull|ImagePullBackOff)/);
    expect(result.resumeCommand).toMatch(/rollout resume web/);
    expect([await images(space), partitionOf(await space.set())]).toEqual([
      { 'web-0': 'app:1', 'web-1': 'app:1', 'web-2': 'app:nosuch' },
      2,
    ]);
    await assertOnlyTouched(space, before, ['web-2']);
    await assertNoClaimLost(space, before);
    // Another template is another rollout, and this one is open.
    const refused = refusalOf(await space.run(...start('--image=db=app:3')));
    expect(blocking(refused.findings)).toEqual(['other-operation']);
    const status = documentOf<RolloutStatus>((await space.run('rollout', 'status', 'web', '-o', 'json')).stdout, 'RolloutStatus');
    expect(status).toMatchObject({ partition: 2, updated: 1, operation: { operation: 'rollout start', phase: 'stopped' } });
    expect(status.revisions.map(({ revision, is, images: of, pods }) => [revision, is, of, pods])).toEqual([
      [2, 'new', ['db=app:nosuch'], ['web-2']],
      [1, 'earlier', ['db=app:1'], ['web-0', 'web-1']],
    ]);
    const history = documentOf<RevisionList>((await space.run('rollout', 'history', 'web', '-o', 'json')).stdout, 'RevisionList');
    expect(history.items.map(({ revision }) => revision)).toEqual([2, 1]);
  });

  test('counts the soak time from the newest restart, and stops at a crash loop after Ready', async ({ space }) => {
    space.playedOnly();
    await space.applySet({ replicas: 1 });
    const before = await census(space);
    // Restarts once after its start, and heals.
    const restarts = JSON.stringify({ spec: { template: { metadata: { labels: { 'sandbox/fault': 'restart' } } } } });
    const soaked = await space.run(...start(`--patch=${restarts}`, '--soak=2s', '--restart-budget=1', '--progress=json'));
    expect(resultOf(soaked, 0).outcome).toBe('done');
    const { restartCount, state } = (await space.pod('web-0')).status.containerStatuses?.[0] ?? {};
    const ended = eventsOf(soaked.stderr).flatMap((event) =>
      event.type === 'step-finished' && event.id === 'update/0' ? [timeOf(event)] : [],
    );
    expect(restartCount).toBe(1);
    expect(ended[0]).toBeGreaterThanOrEqual(Date.parse(state?.running?.startedAt ?? '') + 2000);
    const looped = resultOf(await space.run(...start('--image=db=app:crash', '--soak=20s', '--restart-budget=1')), 4);
    expect(looped).toMatchObject({ started: 'update/0', message: expect.stringMatching(/web-0 restarted 2 times, and 1 are allowed/) });
    await assertNoClaimLost(space, before);
  });

  test('stops when another client changes the Pod template, says who, and does not resume over it', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    const before = await census(space);
    await space.holdPod('web-1');
    const plugin = space.start(start('--image=db=app:2'));
    await space.untilTerminating('web-1');
    await space.kubectl(['set', 'image', 'statefulset/web', 'db=app:9']);
    const result = resultOf(await plugin.ended, 4);
    expect(result.message).toContain(
      'spec.template.spec.containers[0].image of StatefulSet web was changed by another client (field manager kubectl-set)',
    );
    await space.freePod('web-1');
    const refused = refusalOf(await space.run('rollout', 'resume', 'web', '--yes', '-o', 'json'));
    expect(refused.findings.find(({ id }) => id === 'rollout-changed')?.message).toMatch(
      /image \(app:9, was app:2\) \(field manager kubectl-set\)/,
    );
    await assertOnlyTouched(space, before, ['web-1']);
  });

  test('killed on the way, it is held; another user resumes, and no Pod is updated twice', async ({ space }) => {
    await space.applySet({ replicas: 3 });
    const before = await census(space);
    const recorder = await PodRecorder.start(space);
    await interruptedAt('web-2', space, start('--image=db=app:2'), 'SIGKILL');
    await space.barrier();
    await space.untilReady('web-2');
    await assertOnlyTouched(space, before, ['web-2']);
    const { kubeconfig } = inSandbox ? await space.restricted() : space;
    const runs = await Promise.all(
      [1, 2].map(() => space.runWith({ kubeconfig }, 'rollout', 'resume', 'web', '--yes', '--take-over', '-o', 'json')),
    );
    await recorder.stop();
    // Of two at once, one goes on.
    expect(runs.filter(({ exitCode }) => exitCode === 0)).toHaveLength(1);
    expect(recorder.mostDownAtOnce(['web-0', 'web-1', 'web-2'])).toBe(1);
    expect(recorder.removalOrder()).toEqual(['web-2', 'web-1', 'web-0']);
    expect(recorder.objectsOf('web-2')).toHaveLength(2);
    expect(await images(space)).toEqual({ 'web-0': 'app:2', 'web-1': 'app:2', 'web-2': 'app:2' });
    await assertNoClaimLost(space, before);
  });
});

describe.concurrent('a rollout is refused', () => {
  test('where admission denies the image, or, by --dry-run=server, a later step', async ({ space, onTestFinished }) => {
    await space.applySet({ replicas: 2 });
    const expression =
      "object.spec.template.spec.containers.all(c, c.image != 'app:9') && object.spec.updateStrategy.rollingUpdate.partition != 1";
    const denied = { spec: { template: { spec: { containers: [{ name: 'db', image: 'app:9' }] } } } };
    const policy = await admitOnly(space, expression, 'neither app:9 nor one Pod alone', denied);
    onTestFinished(policy.remove);
    for (const args of [['--image=db=app:9'], ['--image=db=app:2', '--dry-run=server']]) {
      const { findings } = refusalOf(await space.run(...start(...args)));
      expect(blocking(findings)).toContain('admission-refuses');
      expect(findings.find(({ id }) => id === 'admission-refuses')?.message).toContain(
        `ValidatingAdmissionPolicy ${policy.name} denies step`,
      );
    }
    await space.expectNoWrites();
  });

  test('with the reason and a fix, and writes nothing', async ({ space }) => {
    await space.applySet({ replicas: 2, strategy: { type: 'RollingUpdate', rollingUpdate: { partition: 5 } } });
    const refused = async (...args: readonly string[]): Promise<readonly string[]> =>
      blocking(refusalOf(await space.run(...start(...args))).findings);
    expect(await refused('--image=db=app:2')).toEqual(['forgotten-partition']);
    await space.api.create(`/apis/autoscaling/v2/namespaces/${space.namespace}/horizontalpodautoscalers`, {
      metadata: { name: 'web' },
      spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web' }, minReplicas: 2, maxReplicas: 5, metrics: [] },
    });
    await space.breakPod('web-0');
    expect(new Set(await refused('--image=db=app:2', '--allow=forgotten-partition'))).toEqual(
      new Set(['unhealthy-baseline', 'hpa-targets-set']),
    );
    const errors = await Promise.all(
      [
        ['--image=web=app:2'],
        ['--image=db=app:2', '--steps=3'],
        ['--patch={"spec":{"template":{"metadata":{"labels":{"app":"other"}}}}}'],
        ['--patch={"spec":{"serviceName":"other","template":{}}}'],
        ['--image=db=app:1'],
      ].map(async (args) => await space.run(...start(...args))),
    );
    expect(errors.map(({ exitCode }) => exitCode)).toEqual([1, 2, 3, 2, 0]);
    const said = errors.map(({ stderr, stdout }) => `${stderr}${stdout}`);
    expect(said[0]).toContain('there is no container web in the Pod template');
    expect(said[1]).toContain('--steps 3 is more than the 2 Pods that there are');
    expect(said[2]).toContain('the API server rejects the new Pod template');
    expect(said[3]).toContain('--patch changes spec.serviceName: a rollout changes spec.template only');
    expect(said[4]).toContain('StatefulSet web already has this Pod template');
    await space.expectNoWrites();
    // Without Pods there is nothing to update: the template is set for those that are created later.
    await space.createSet({ name: 'none', replicas: 0 });
    const empty = await space.run('rollout', 'start', 'none', '--yes', '-o', 'json', '--image=db=app:2');
    expect(resultOf(empty, 0)).toMatchObject({ outcome: 'done', done: ['archive', 'start', 'finish'] });
    expect((await space.set('none')).spec.template.spec.containers[0]?.image).toBe('app:2');
    const undo = ['rollout', 'undo', 'none', '--yes', '-o', 'json'];
    const gone = await space.run(...undo, '--to-revision=9');
    expect([gone.exitCode, gone.stdout]).toEqual([1, expect.stringContaining('revision 9 is gone')]);
    expect(resultOf(await space.run(...undo), 0)).toMatchObject({ operation: 'rollout undo', outcome: 'done' });
    expect((await space.set('none')).spec.template.spec.containers[0]?.image).toBe('app:1');
  });
});
