import { describe, expect } from 'vitest';
import type { DoctorDocument } from '../../src/render/json.ts';
import { documentOf, expectEnd } from '../support/documents.ts';
import { setManifest } from '../support/manifests.ts';
import { inSandbox, type Space, testInProcess as test } from '../support/namespace.ts';
import { rollOut, untilBackedOff } from '../support/trouble.ts';

type Found = DoctorDocument['findings'][number];

async function doctor(space: Space, exitCode: number, ...args: readonly string[]): Promise<DoctorDocument> {
  const run = await space.run('doctor', ...args, '-o', 'json');
  expectEnd(run, exitCode);
  return documentOf<DoctorDocument>(run.stdout, 'DoctorReport');
}

/** The finding of this id, which must be the first: what is to be done first. */
async function firstFound(space: Space, id: string): Promise<Found> {
  const { findings } = await doctor(space, 5, 'web');
  const [first] = findings;
  if (first?.id !== id) throw new Error(`doctor finds ${findings.map((finding) => finding.id).join(', ') || 'nothing'} instead of ${id}`);
  return first;
}

/** Types what doctor printed, with a yes to what asks for one. */
async function runFix(space: Space, { commands: [command = ''] }: Found): Promise<void> {
  expectEnd(await space.line(command.startsWith('kubectl sts-safe') ? `${command} --yes` : command), 0);
}

async function expectHealed(space: Space): Promise<void> {
  expectEnd(await space.run('status', 'web', '--wait', '--for=healthy', '--timeout=2m'), 0);
  expect((await doctor(space, 0, 'web')).findings.filter(({ severity }) => severity === 'blocks')).toEqual([]);
}

const uidOf = ({ metadata: { name, uid } }: { readonly metadata: { readonly name: string; readonly uid: string } }) => `${name} ${uid}`;

async function claimsOf(space: Space): Promise<readonly string[]> {
  return (await space.claims()).map(uidOf).toSorted();
}

describe.concurrent('doctor', () => {
  test('prints what heals a rollout of an image that does not exist', async ({ space }) => {
    await space.applySet();
    const [claims, kept] = [await claimsOf(space), [await space.pod('web-0'), await space.pod('web-1')].map(uidOf)];
    await rollOut(space, { image: 'app:nosuch' });
    await space.untilPod('web-2', ({ status }) => JSON.stringify(status).includes('ImagePullBackOff'), 'cannot be pulled');
    const found = await firstFound(space, 'rollout-stuck');
    expect(found.commands[0]).toMatch(/^kubectl sts-safe rollout abort web -n /);
    expect((await space.run('status', 'web')).stdout).toContain(`\n  next  ${found.commands[0]}\n`);
    await runFix(space, found);
    await expectHealed(space);
    expect([await claimsOf(space), [await space.pod('web-0'), await space.pod('web-1')].map(uidOf)]).toEqual([claims, kept]);
  });

  test('prints what heals a Pod that keeps the controller from the corrected template (#67250)', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    const claims = await claimsOf(space);
    await rollOut(space, { image: 'app:nosuch' });
    await space.untilPod('web-1', ({ status }) => JSON.stringify(status).includes('ImagePullBackOff'), 'cannot be pulled');
    const { status } = await space.set();
    await space.patchSet({ spec: { template: setManifest(space.runnable({ replicas: 2 })).spec.template } });
    await space.untilSet((set) => set.status.updateRevision !== status.updateRevision, 'the template is as before');
    await runFix(space, await firstFound(space, 'forced-rollback'));
    await expectHealed(space);
    expect(await claimsOf(space)).toEqual(claims);
  });

  test('prints what heals a quota that is used up', async ({ space }) => {
    await space.api.create(space.path('resourcequotas'), { metadata: { name: 'budget' }, spec: { hard: { pods: '1' } } });
    await space.createSet({ replicas: 2 });
    await space.api.until(space.path('events'), (found) => JSON.stringify([...found]).includes('exceeded quota'), 'the quota refuses');
    await runFix(space, await firstFound(space, 'pod-over-quota'));
    // The controller backs off, for longer than a wait for what is stuck takes.
    await space.untilReady('web-1');
    await expectHealed(space);
  });

  test('prints what heals a Pod that lost its label', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    const before = uidOf(await space.pod('web-1'));
    await space.labelPod('web-1', { app: null });
    await space.untilPod('web-1', ({ metadata }) => metadata.ownerReferences === undefined, 'is released');
    await runFix(space, await firstFound(space, 'released-pod'));
    await expectHealed(space);
    expect(uidOf(await space.pod('web-1'))).toBe(before);
  });

  test('prints what heals a scale-down that waits for a Pod that crashes', async ({ space }) => {
    await space.applySet();
    const claims = await claimsOf(space);
    await space.labelPod('web-0', { 'sandbox/fault': 'crashloop' });
    await untilBackedOff(space, 'web-0');
    await space.scaleTo(2);
    await space.untilSet(({ metadata, status }) => status.observedGeneration === metadata.generation, 'the controller has seen it');
    await runFix(space, await firstFound(space, 'scale-down-stuck'));
    await space.untilPodGone('web-2');
    await space.labelPod('web-0', { 'sandbox/fault': null });
    await expectHealed(space);
    expect(await claimsOf(space)).toEqual(claims);
  });

  test('examines many sets, and exits by what it finds', async ({ space }) => {
    await Promise.all([
      space.applySet({ replicas: 1 }),
      space.applySet({ name: 'db', replicas: 1, strategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } }),
      space.createSet({ name: 'bad', replicas: 1, image: 'app:nosuch' }),
    ]);
    await space.untilPod('bad-0', ({ status }) => JSON.stringify(status).includes('ImagePullBackOff'), 'cannot be pulled');
    const { sets, findings } = await doctor(space, 5);
    expect(sets.map(({ name, health }) => `${name} ${health}`)).toEqual(['bad Degraded', 'db Healthy', 'web Healthy']);
    expect(findings.filter(({ severity }) => severity !== 'notes').map(({ id }) => id)).toEqual([
      'image-pull-failed',
      'forgotten-partition',
    ]);
    await doctor(space, 0, 'web', 'db');
    await doctor(space, 5, 'web', 'db', '--fail-on=warning');
    await doctor(space, 0, 'db', '--fail-on=warns', '--skip=forgotten-partition');
    await doctor(space, 0, '--only', 'forgotten-partition,crash-loop');
    const text = await space.run('doctor', '-A');
    expect(text.stdout).toContain(`StatefulSet ${space.namespace}/bad: Degraded`);
    expect((await space.run('doctor', 'bad')).stdout).toMatch(/^error {3}image-pull-failed {2}pod\/bad-0$/m);
    await space.expectNoWrites();
  });

  test('of what is not there says so', async ({ space }) => {
    const none = await space.run('doctor');
    expectEnd(none, 0);
    expect(none.stderr).toBe(`No StatefulSets found in namespace ${space.namespace}.\n`);
    const missing = await space.run('doctor', 'nosuch');
    expectEnd(missing, 1);
    expect(missing.stderr).toContain(`StatefulSet nosuch not found in namespace ${space.namespace}`);
    for (const args of [['--only', 'crash-lop'], ['web', '-A'], ['--skip', 'archive-newer'], ['--fail-on=fatal']])
      expectEnd(await space.run('doctor', ...args), 2);
  });

  test('checks a manifest before it is applied, from stdin too, and asks no server', async ({ space }) => {
    const manifest = setManifest({ replicas: 3, graceSeconds: 1 });
    const run = await space.runWith({ kubeconfig: '/nonexistent', input: JSON.stringify(manifest) }, 'doctor', '-f', '-', '-o', 'json');
    expectEnd(run, 0);
    const { findings, sets } = documentOf<DoctorDocument>(run.stdout, 'DoctorReport');
    expect(sets).toEqual([{ namespace: space.namespace, name: 'web' }]);
    expect(findings.map(({ id }) => id)).toContain('readiness-probe-missing');
    const broken = await space.runWith({ input: 'kind: StatefulSet\nmetadata:\n  name: [web\nspec: {}\n' }, 'doctor', '-f', '-');
    expectEnd(broken, 2);
    expect(broken.stderr).toMatch(/^error: stdin, line \d+, column \d+: /);
    expectEnd(await space.run('doctor', '-f', '/nonexistent.yaml'), 1);
  });

  test.skipIf(!inSandbox)('works with what may be read, and says what may not', async ({ space }) => {
    await space.createSet({ replicas: 1, image: 'app:nosuch' });
    await space.untilPod('web-0', ({ status }) => JSON.stringify(status).includes('ImagePullBackOff'), 'cannot be pulled');
    const { kubeconfig } = await space.restricted([{ verbs: ['get', 'list'], resources: ['statefulsets.apps', 'pods'] }]);
    const run = await space.runWith({ kubeconfig }, 'doctor', 'web', '-o', 'json');
    expectEnd(run, 5);
    const { findings, unknown } = documentOf<DoctorDocument>(run.stdout, 'DoctorReport');
    expect(findings[0]?.id).toBe('image-pull-failed');
    expect(findings.filter(({ id }) => id === 'evidence-unknown').map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^cannot list persistentvolumeclaims .*forbidden.*; not checked: .*claim-pending/),
    );
    expect(unknown.length).toBeGreaterThan(0);
  });
});
