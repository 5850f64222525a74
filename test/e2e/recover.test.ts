import { describe, expect } from 'vitest';
import { expectEnd } from '../support/documents.ts';
import { setManifest } from '../support/manifests.ts';
import { type Space, test } from '../support/namespace.ts';
import type { TerminalPlugin } from '../support/plugin.ts';
import { interruptedAt } from '../support/records.ts';
import { rollOut, untilBackedOff } from '../support/trouble.ts';

const WIDE = { columns: 250 };
const ASKED = /what shall be done\?(?![\s\S]*what shall be done\?)/;

async function withBadImage(space: Space, replicas = 2): Promise<void> {
  await space.applySet({ replicas });
  await rollOut(space, { image: 'app:nosuch' });
  await space.untilPod(`web-${replicas - 1}`, ({ status }) => JSON.stringify(status).includes('ImagePullBackOff'), 'cannot be pulled');
}

/** Answers the question that is open. */
function answer(plugin: TerminalPlugin, key: string): void {
  plugin.type(`${key}\r`);
}

async function expectHealed(plugin: TerminalPlugin): Promise<void> {
  await plugin.sees(/StatefulSet web is healthy\./);
  expect((await plugin.ended).exitCode).toBe(0);
}

const uidOf = ({ metadata: { name, uid } }: { readonly metadata: { readonly name: string; readonly uid: string } }) => `${name} ${uid}`;

describe.concurrent('recover', () => {
  test('heals a rollout that is stuck: why, the commands, then the abort with its own plan and question', async ({ space }) => {
    await withBadImage(space);
    const kept = [uidOf(await space.pod('web-0')), ...(await space.claims()).map(uidOf).toSorted()];
    const plugin = space.terminal(['recover', 'web'], WIDE);
    await plugin.sees(/1\) restore the previous revision: kubectl sts-safe rollout abort web/);
    answer(plugin, '?');
    await plugin.sees(/The controller does nothing until one certain member is Ready/);
    answer(plugin, 'c');
    await plugin.sees(new RegExp(`kubectl sts-safe rollout abort web -n ${space.namespace} --context`));
    answer(plugin, '1');
    await plugin.sees(/Proceed\?/);
    plugin.type('y\r');
    await expectHealed(plugin);
    expect([uidOf(await space.pod('web-0')), ...(await space.claims()).map(uidOf).toSorted()]).toEqual(kept);
  });

  test('heals a Pod that the controller does not replace', async ({ space }) => {
    await withBadImage(space);
    const broken = uidOf(await space.pod('web-1'));
    const { status } = await space.set();
    await space.patchSet({ spec: { template: setManifest(space.runnable({ replicas: 2 })).spec.template } });
    await space.untilSet(
      (set) => set.status.observedGeneration === set.metadata.generation && set.status.updateRevision !== status.updateRevision,
      'the template is as before',
    );
    expect(uidOf(await space.pod('web-1')), 'the controller leaves the broken Pod where it is').toBe(broken);
    const plugin = space.terminal(['recover'], WIDE);
    await plugin.sees(/1\) .*: kubectl delete pod web-1/);
    answer(plugin, '1');
    await expectHealed(plugin);
  });

  test('heals a Pod that lost its label', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    const before = uidOf(await space.pod('web-1'));
    await space.labelPod('web-1', { app: null });
    await space.untilPod('web-1', ({ metadata }) => metadata.ownerReferences === undefined, 'is released');
    const plugin = space.terminal(['recover', 'web'], WIDE);
    await plugin.sees(/1\) .*: kubectl label pod web-1/);
    answer(plugin, '1');
    await expectHealed(plugin);
    expect(uidOf(await space.pod('web-1'))).toBe(before);
  });

  test('heals a quota that is used up', async ({ space }) => {
    await space.api.create(space.path('resourcequotas'), { metadata: { name: 'budget' }, spec: { hard: { pods: '1' } } });
    await space.createSet({ replicas: 2 });
    await space.api.until(space.path('events'), (found) => JSON.stringify([...found]).includes('exceeded quota'), 'the quota refuses');
    const plugin = space.terminal(['recover', 'web'], WIDE);
    await plugin.sees(/1\) raise the quota by what this Pod needs: kubectl patch resourcequota budget/);
    answer(plugin, '1');
    await expectHealed(plugin);
  });

  test('heals a scale to 0 that two Pods hold up', async ({ space }) => {
    await space.applySet();
    const claims = (await space.claims()).map(uidOf).toSorted();
    for (const pod of ['web-0', 'web-2']) await space.labelPod(pod, { 'sandbox/fault': 'crashloop' });
    for (const pod of ['web-0', 'web-2']) await untilBackedOff(space, pod);
    await space.scaleTo(0);
    await space.untilSet(({ metadata, status }) => status.observedGeneration === metadata.generation, 'the controller has seen it');
    const plugin = space.terminal(['recover', 'web'], WIDE);
    await plugin.sees(/\d\) [^\n]*kubectl delete pod web-2/);
    const [, key = ''] = /(\d)\) [^\n]*kubectl delete pod web-2/.exec(plugin.text) ?? [];
    answer(plugin, key);
    await expectHealed(plugin);
    expect([await space.podNames(), (await space.claims()).map(uidOf).toSorted()]).toEqual([[], claims]);
  });

  test('heals Pods whose ServiceAccount does not exist', async ({ space }) => {
    await space.createSet({ replicas: 1, podSpec: { serviceAccountName: 'nosuch' } });
    await space.api.until(space.path('events'), (found) => JSON.stringify([...found]).includes('FailedCreate'), 'the creation fails');
    const plugin = space.terminal(['recover', 'web'], WIDE);
    await plugin.sees(/1\) [^\n]*kubectl create serviceaccount nosuch/);
    answer(plugin, '1');
    await expectHealed(plugin);
  });

  test('heals a StatefulSet that was deleted', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    const claims = (await space.claims()).map(uidOf).toSorted();
    expectEnd(await space.run('delete', 'web', '--confirm', 'web'), 0);
    const plugin = space.terminal(['recover', 'web'], WIDE);
    await plugin.sees(/1\) [^\n]*kubectl sts-safe restore web/);
    answer(plugin, '1');
    await plugin.sees(/Proceed\?/);
    plugin.type('y\r');
    await expectHealed(plugin);
    expect((await space.claims()).map(uidOf).toSorted()).toEqual(claims);
  });

  test('heals a StatefulSet that left its Pods behind', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    const claims = (await space.claims()).map(uidOf).toSorted();
    expectEnd(await space.run('scale', 'web', '--replicas=1', '--yes'), 0);
    const pod = uidOf(await space.pod('web-0'));
    expectEnd(await space.kubectl(['delete', 'statefulset', 'web', '--cascade=orphan', '--wait']), 0);
    const adopts = space.terminal(['recover', 'web'], WIDE);
    await adopts.sees(/1\) [^\n]*kubectl sts-safe restore web [^\n]*--adopt/);
    answer(adopts, '1');
    await adopts.sees(/Proceed\?/);
    adopts.type('y\r');
    await expectHealed(adopts);
    expect([uidOf(await space.pod('web-0')), (await space.claims()).map(uidOf).toSorted()]).toEqual([pod, claims]);
  });

  test('resumes or cancels an operation that was stopped', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    const claims = (await space.claims()).map(uidOf).toSorted();
    await interruptedAt('web-1', space, ['scale', 'web', '--replicas=0', '--yes']);
    await space.untilPodGone('web-1');
    const plugin = space.terminal(['recover', 'web'], WIDE);
    await plugin.sees(
      /1\) resume it: kubectl sts-safe scale web --replicas 0\s+2\) restore what was before it: kubectl sts-safe cancel web/,
    );
    answer(plugin, '2');
    await plugin.sees(/Proceed\?/);
    plugin.type('y\r');
    await expectHealed(plugin);
    expect([await space.podNames(), (await space.claims()).map(uidOf).toSorted()]).toEqual([['web-0', 'web-1'], claims]);
  });

  test('heals nothing that only a person can: it says what to do', async ({ space }) => {
    await space.createSet({ replicas: 1, podSpec: { nodeSelector: { disk: 'nosuch' } } });
    await space.untilPod('web-0', ({ status }) => JSON.stringify(status).includes('Unschedulable'), 'cannot be scheduled');
    const plugin = space.terminal(['recover', 'web'], WIDE);
    await plugin.sees(/No command heals this: no node can take Pod web-0: 0\/\d+ nodes are available[^]*kubectl describe pod web-0/);
    expect((await plugin.ended).exitCode).toBe(5);
  });

  test('leaves by q and by Ctrl-C, and sees that a set has healed in the meantime', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    await space.labelPod('web-1', { app: null });
    await space.untilPod('web-1', ({ metadata }) => metadata.ownerReferences === undefined, 'is released');
    const [quits, stops, waits] = [0, 1, 2].map(() => space.terminal(['recover', 'web'], WIDE));
    if (quits === undefined || stops === undefined || waits === undefined) throw new Error('three terminals');
    await Promise.all([quits, stops, waits].map((plugin) => plugin.sees(ASKED)));
    answer(quits, 'q');
    expect((await quits.ended).exitCode).toBe(5);
    stops.press('ctrl-c');
    expect((await stops.ended).exitCode).toBe(130);
    await space.expectNoWrites();
    await space.labelPod('web-1', { app: 'web' });
    await space.untilPod('web-1', ({ metadata }) => metadata.ownerReferences !== undefined, 'is adopted');
    answer(waits, '1');
    await waits.sees(/That is no longer so: web-1/);
    await expectHealed(waits);
    await space.expectNoWrites();
  });

  test('asks which of several, answers ?, c and q there too, and Ctrl-C ends it at each prompt', async ({ space }) => {
    await Promise.all([withBadImage(space), space.createSet({ name: 'bad', replicas: 1, image: 'app:nosuch' })]);
    await space.untilPod('bad-0', ({ status }) => JSON.stringify(status).includes('ImagePullBackOff'), 'cannot be pulled');
    const [asks, stops, declines] = [['recover'], ['recover'], ['recover', 'web']].map((words) => space.terminal(words, WIDE));
    if (asks === undefined || stops === undefined || declines === undefined) throw new Error('three terminals');
    await Promise.all([asks, stops].map((plugin) => plugin.sees(/which StatefulSet\?\s+1\) bad: [^]*2\) web: [^]*q\) quit/)));
    stops.press('ctrl-c');
    answer(asks, '?');
    await asks.sees(/image app:nosuch of [^]*The kubelet cannot get an image/);
    answer(asks, 'c');
    await asks.sees(/# [^]*kubectl edit statefulset bad -n /);
    answer(asks, 'q');
    await declines.sees(ASKED);
    answer(declines, '1');
    await declines.sees(/Proceed\?/);
    declines.press('ctrl-c');
    expect((await Promise.all([asks, stops, declines].map(({ ended }) => ended))).map(({ exitCode }) => exitCode)).toEqual([5, 130, 130]);
    await space.expectNoWrites();
  });

  test('without a terminal, and with --print, prints the commands and runs none', async ({ space }) => {
    await withBadImage(space);
    for (const run of [await space.run('recover', 'web'), await space.run('recover', '--print')]) {
      expectEnd(run, 5);
      expect(run.stdout).toMatch(new RegExp(`^# web is stuck: .*\\nkubectl sts-safe rollout abort web -n ${space.namespace} `));
    }
    await space.expectNoWrites();
    await space.api.delete(`${space.sets}/web`);
    await space.untilSetGone();
    expectEnd(await space.run('recover'), 0);
    expectEnd(await space.run('recover', 'nosuch'), 1);
  });
});
