import { describe, expect } from 'vitest';
import { blocking, expectEnd, planOf, refusalOf, resultOf } from '../support/documents.ts';
import { assertNoClaimLost, assertOnlyTouched, census, nothingOfOursLeft, recordOf } from '../support/invariants.ts';
import { inSandbox, type Space, test } from '../support/namespace.ts';
import { interruptedAt } from '../support/records.ts';
import { killedAtStep, killedWhen } from '../support/stages.ts';
import { autoscale } from '../support/trouble.ts';

const gone = ['delete', 'web', '--confirm', 'web'];
const cancel = ['cancel', 'web', '--yes'];

/** What is the user's of a set. */
const specOf = async (space: Space) => (await space.set()).spec;

/** Orphan deletion takes the collector's turn: the set is told to end, and gone a moment later. */
async function isGoing(space: Space): Promise<boolean> {
  const set = await space.findSet();
  return set === undefined || set.metadata.deletionTimestamp !== undefined;
}

describe.concurrent('cancel goes back from delete', () => {
  for (const step of ['protect', 'scale-down/2', 'scale-down/0', 'delete-set']) {
    test(`from ${step}`, async ({ space }) => {
      await space.applySet({ retention: { whenDeleted: 'Delete', whenScaled: 'Delete' } });
      await space.mark();
      const [before, spec] = [await census(space), await specOf(space)];
      await killedAtStep(step, space, gone);
      expectEnd(await space.run(...cancel), 0);
      await space.ready();
      expect(await specOf(space)).toEqual(spec);
      await assertNoClaimLost(space, before);
      await nothingOfOursLeft(space);
    });
  }

  test('from unown, where the controller had left the owners', async ({ space }) => {
    await space.applySet({ retention: { whenDeleted: 'Delete' } });
    await space.mark();
    const [before, spec] = [await census(space), await specOf(space)];
    await space.breakPod('web-0');
    await killedAtStep('unown', space, gone);
    await space.labelPod('web-0', { 'sandbox/fault': null });
    expectEnd(await space.run(...cancel), 0);
    expect(await specOf(space)).toEqual(spec);
    await assertNoClaimLost(space, before);
    await nothingOfOursLeft(space);
  });

  test('and out of time after its last write, it has nothing to go on with, only to wait for', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    await killedAtStep('scale-down/1', space, gone);
    await space.untilPodGone('web-1');
    // A Pod of that name which is not the set's: the member cannot come.
    const stranger = { metadata: { name: 'web-1', labels: { app: 'stranger' } }, spec: { containers: [{ name: 'x', image: 'app:1' }] } };
    await space.api.create(space.path('pods'), stranger);
    const result = resultOf(await space.run(...cancel, '--timeout=2s', '-o', 'json'), 4);
    expect(result).toMatchObject({ remaining: ['members'] });
    expect(result.message).toContain('the controller keeps scaling');
    expect(result.resumeCommand).toContain('sts-safe status web --wait');
    expect(result.cancelCommand).toBeUndefined();
    await nothingOfOursLeft(space);
    await space.api.delete(space.path('pods', 'web-1'), { gracePeriodSeconds: 0 });
    expectEnd(await space.line(String(result.resumeCommand)), 0);
  });

  test('when the set is gone: it comes back', async ({ space }) => {
    await space.applySet({ retention: { whenDeleted: 'Delete' } });
    await space.mark();
    const [before, spec] = [await census(space), await specOf(space)];
    await killedWhen(() => isGoing(space), space, gone);
    await space.untilSetGone();
    expectEnd(await space.run(...cancel), 0);
    await space.ready();
    expect(await specOf(space)).toEqual(spec);
    await assertNoClaimLost(space, before);
    await nothingOfOursLeft(space);
  });

  test('members that had not left are not touched', async ({ space }) => {
    await space.applySet();
    const before = await census(space);
    await killedAtStep('scale-down/2', space, gone);
    expectEnd(await space.run(...cancel), 0);
    await space.ready();
    await assertOnlyTouched(space, before, ['web-2']);
  });
});

test('cancel starts no member without the PVC that it had, unless that is allowed', async ({ space }) => {
  await space.applySet({ replicas: 2 });
  await killedAtStep('scale-down/1', space, gone);
  await space.untilPodGone('web-1');
  await space.api.delete(space.path('persistentvolumeclaims', 'data-web-1'));
  await space.untilClaims((claims) => !claims.has('data-web-1'), 'it is gone');
  const { findings } = refusalOf(await space.run(...cancel, '-o', 'json'));
  expect(blocking(findings)).toEqual(['claim-missing']);
  const run = await space.run(...cancel, '--allow', 'claim-missing');
  expectEnd(run, 0);
  expect(run.stderr + run.stdout).toMatch(/data-web-1 +missing +created EMPTY/);
  expect(run.stdout).toContain('1 PVC unchanged (same UID and phase)');
});

test('status never hides what is open behind what is worse', async ({ space }) => {
  await space.applySet({ replicas: 3 });
  await killedAtStep('scale-down/2', space, gone);
  await space.untilPodGone('web-2');
  await space.breakPod('web-0');
  const { stdout } = await space.run('status', 'web');
  expect(stdout).toMatch(/web-0 is not Ready.*; delete by .* (is under way|was stopped)/s);
});

describe.concurrent('cancel goes back from scale', () => {
  test('down', async ({ space }) => {
    await space.applySet();
    await space.mark();
    const before = await census(space);
    await killedAtStep('scale-down/1', space, ['scale', 'web', '--replicas=0', '--yes']);
    expectEnd(await space.run(...cancel), 0);
    expect((await space.ready()).spec.replicas).toBe(3);
    await assertNoClaimLost(space, before);
    await assertOnlyTouched(space, before, ['web-1', 'web-2']);
  });

  test('up, one member at a time, and the new PVCs stay', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    await killedAtStep('scale-up/2', space, ['scale', 'web', '--replicas=3', '--yes']);
    await space.untilReady('web-2');
    expectEnd(await space.run(...cancel), 0);
    expect(await space.podNames()).toEqual(['web-0']);
    expect((await space.claims()).length).toBe(3);
    await nothingOfOursLeft(space);
  });
});

describe.concurrent('cancel goes back from restore', () => {
  test('before the members start: the set stays deleted, its PVCs stay', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    await space.mark();
    const before = await census(space);
    expectEnd(await space.run(...gone), 0);
    for (const step of ['create-set', 'put-back']) {
      await killedAtStep(step, space, ['restore', 'web', '--yes']);
      expectEnd(await space.run(...cancel), 0);
      expect(await space.findSet()).toBeUndefined();
      expect(await recordOf(space)).toBeUndefined();
    }
    expectEnd(await space.run('restore', 'web', '--yes'), 0);
    await space.ready();
    await assertNoClaimLost(space, before);
  });

  test('not once they have: it says what to do instead, and that works', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    expectEnd(await space.run(...gone), 0);
    await killedAtStep('hand-back', space, ['restore', 'web', '--yes']);
    const { exitCode, stderr } = await space.run(...cancel);
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('has started its members already')]);
    expectEnd(await space.run('restore', 'web', '--yes'), 0);
    await space.ready();
  });
});

describe.concurrent('cancel', () => {
  test('has nothing to go back from', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const { exitCode, stderr } = await space.run(...cancel);
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining(`no operation is open on StatefulSet web in namespace ${space.namespace}`),
    ]);
    await space.expectNoWrites();
  });

  test('shows what it would put back, and changes nothing', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    await killedAtStep('scale-down/1', space, gone);
    const before = await space.set();
    const plan = planOf(await space.run('cancel', 'web', '--dry-run', '-o', 'json'));
    expect(plan.summary).toBe('cancel delete of StatefulSet web: back to 2 replicas');
    expect((await space.set()).metadata.generation).toBe(before.metadata.generation);
    expect(await recordOf(space)).toBeDefined();
  });

  test('goes back whatever else is wrong: a way out asks less than a way in', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    await killedAtStep('scale-down/1', space, gone);
    await autoscale(space);
    await space.breakPod('web-0');
    await interruptedCancel(space);
    await space.labelPod('web-0', { 'sandbox/fault': null });
    await space.ready();
    await nothingOfOursLeft(space);
  });

  test.skipIf(!inSandbox)('cancels by the record alone when the archive is gone', async ({ space }) => {
    await space.applySet({ replicas: 2, retention: { whenDeleted: 'Delete' } });
    const spec = await specOf(space);
    await interruptedAt('web-1', space, gone);
    await space.untilPodGone('web-1');
    await space.api.delete(space.path('secrets', 'sts-safe.web.1'));
    expectEnd(await space.run(...cancel), 0);
    await space.ready();
    expect(await specOf(space)).toEqual(spec);
  });

  test('is itself gone on with by typing it again', async ({ space }) => {
    await space.applySet();
    await space.mark();
    const before = await census(space);
    await killedWhen(() => isGoing(space), space, gone);
    await space.untilSetGone();
    await killedAtStep('create-set', space, cancel);
    expectEnd(await space.run(...cancel), 0);
    await space.ready();
    await assertNoClaimLost(space, before);
    await nothingOfOursLeft(space);
  });
});

/** With a member that does not become ready, cancel puts everything back and then waits: that far it must come. */
async function interruptedCancel(space: Space): Promise<void> {
  const plugin = space.start([...cancel, '--progress=json']);
  await plugin.sees(/"type":"step-started","id":"members"/);
  plugin.kill('SIGINT');
  await plugin.ended;
}
