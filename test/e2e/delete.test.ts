import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { Claim } from '../../src/domain/kube.ts';
import type { Archive } from '../../src/domain/stored.ts';
import { inShort } from '../support/audit.ts';
import { expectEnd, planOf, resultOf } from '../support/documents.ts';
import { toldSteps } from '../support/events.ts';
import { assertNoClaimLost, assertOnlyTouched, census, nothingOfOursLeft } from '../support/invariants.ts';
import { inSandbox, type Space, test } from '../support/namespace.ts';
import { PodRecorder } from '../support/recorder.ts';

const confirmed = ['delete', 'web', '--confirm', 'web'];

describe.concurrent('delete', () => {
  for (const policy of ['OrderedReady', 'Parallel'] as const) {
    test(`takes ${policy} members one at a time, highest first, then the set`, async ({ space }) => {
      await space.applySet({ policy });
      await space.mark();
      const before = await census(space);
      const recorder = await PodRecorder.start(space);
      const result = resultOf(await space.run(...confirmed, '-o', 'json'), 0);
      await recorder.stop();
      expect(recorder.removalOrder()).toEqual(['web-2', 'web-1', 'web-0']);
      expect(recorder.mostTerminatingAtOnce()).toBe(1);
      expect(result).toMatchObject({ outcome: 'done', message: 'StatefulSet web deleted', remaining: [] });
      expect(result.verified).toContain('3 PVCs unchanged (same UID and phase)');
      expect(await space.findSet()).toBeUndefined();
      await assertNoClaimLost(space, before);
      await nothingOfOursLeft(space);
    });
  }

  test('tells the cluster of each finished step, as an Event about the set, and why', async ({ space }) => {
    const { metadata } = await space.applySet({ replicas: 2 });
    const { done } = resultOf(await space.run(...confirmed, '--reason', 'ticket 12', '-o', 'json'), 0);
    const told = await toldSteps(space, 'StsSafeDelete');
    expect([...told.keys()].sort()).toEqual(done.toSorted());
    for (const { message, involvedObject } of told.values()) {
      expect(message).toMatch(/ \(ticket 12\)$/);
      // Also what came after its end is about that very object.
      expect(involvedObject).toMatchObject({ kind: 'StatefulSet', name: 'web', uid: metadata.uid });
    }
    if (!inSandbox) return;
    // One list for the plan and all steps; the other one is the last look, which rests on no watch.
    const asked = (await space.requests()).filter(({ stage }) => stage !== 'ResponseStarted').map(inShort);
    const count = (...lines: readonly string[]): readonly number[] => lines.map((line) => asked.filter((one) => one === line).length);
    expect(count('list pods', 'watch pods', 'list persistentvolumeclaims', 'watch persistentvolumeclaims')).toEqual([2, 1, 2, 1]);
    expect(count('list services', 'list jobs', 'list statefulsets', 'list statefulsets/web', 'watch statefulsets/web')).toEqual([
      1, 1, 1, 1, 1,
    ]);
  });

  test('counts from ordinals.start', async ({ space }) => {
    await space.applySet({ replicas: 2, start: 7 });
    const recorder = await PodRecorder.start(space);
    expectEnd(await space.run(...confirmed), 0);
    await recorder.stop();
    expect(recorder.removalOrder()).toEqual(['web-8', 'web-7']);
  });

  for (const replicas of [0, 1]) {
    test(`of ${replicas} members`, async ({ space }) => {
      await space.applySet({ replicas });
      expectEnd(await space.run(...confirmed), 0);
      expect(await space.findSet()).toBeUndefined();
      expect((await space.claims()).length).toBe(replicas);
    });
  }

  test('leaves sets alone whose names begin alike', async ({ space }) => {
    await Promise.all([
      space.applySet({ replicas: 1 }),
      space.applySet({ name: 'web-0', replicas: 1 }),
      space.applySet({ name: 'we', replicas: 1 }),
    ]);
    await space.mark();
    const before = await census(space);
    expectEnd(await space.run(...confirmed), 0);
    await assertOnlyTouched(space, before, ['web-0']);
    expect(await space.podNames()).toEqual(['we-0', 'web-0-0']);
    await assertNoClaimLost(space, before);
  });

  test('finishes a quorum of five that is ready only with three, where the controller stops', async ({ space }) => {
    await space.applySet({ replicas: 5, policy: 'Parallel', podAnnotations: { 'sandbox/ready-peers': '3' } });
    await space.mark();
    const before = await census(space);
    const recorder = await PodRecorder.start(space);
    expectEnd(await space.run(...confirmed, '--step-timeout=60s'), 0);
    await recorder.stop();
    expect(recorder.removalOrder()).toEqual(['web-4', 'web-3', 'web-2', 'web-1', 'web-0']);
    await assertNoClaimLost(space, before);
  });

  test.skipIf(!inSandbox)('does for an ordered controller what that will not do, by uid, and nothing more', async ({ space }) => {
    // Parallel members come up together; an ordered quorum of three could not begin.
    await space.applySet({ replicas: 5, podAnnotations: { 'sandbox/ready-peers': '1' } });
    for (const { metadata } of await space.pods()) {
      await space.api.patch(space.path('pods', metadata.name), { metadata: { annotations: { 'sandbox/ready-peers': '3' } } });
    }
    expectEnd(await space.run(...confirmed, '--step-timeout=60s'), 0);
    const deletions = (await space.writes()).filter(({ verb, objectRef }) => verb === 'delete' && objectRef?.resource === 'pods');
    expect(deletions.map(inShort)).toContain('delete pods/web-1');
    expect(deletions.map(inShort)).not.toContain('delete pods/web-4');
  });

  test('deletes a broken set: two members that are not ready', async ({ space }) => {
    await space.applySet();
    await space.breakPod('web-1');
    await space.breakPod('web-2');
    const plan = planOf(await space.run('delete', 'web', '--dry-run', '-o', 'json'));
    expect(plan.findings.map(({ id }) => id)).toContain('unhealthy-members');
    expectEnd(await space.run(...confirmed, '--step-timeout=60s'), 0);
  });

  test('removes members that an earlier scale-down left behind', async ({ space }) => {
    await space.applySet({ replicas: 3 });
    await space.breakPod('web-0');
    await space.scaleTo(2);
    await space.barrier();
    expect(await space.podNames()).toEqual(['web-0', 'web-1', 'web-2']);
    expectEnd(await space.run(...confirmed, '--step-timeout=60s'), 0);
    expect(await space.podNames()).toEqual([]);
  });

  test('lists members, PVCs and volumes with their changes', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const { changes, consent } = planOf(await space.run('delete', 'web', '--dry-run', '-o', 'json'));
    expect(changes.map(({ kind, name, after }) => [kind, name, after])).toEqual([
      ['StatefulSet', 'web', 'deleted, archived'],
      ['Pod', 'web-0', 'removed'],
      ['PersistentVolumeClaim', 'data-web-0', 'kept'],
    ]);
    expect(changes.at(-1)?.before).toMatch(/^Bound, 1Gi, volume Delete$/);
    expect(consent).toEqual({ kind: 'typed', name: 'web' });
  });

  test('waits for a Pod that a finalizer holds, after having said so', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    await space.api.patch(space.path('pods', 'web-1'), { metadata: { finalizers: ['example.test/drain'] } });
    const plan = planOf(await space.run('delete', 'web', '--dry-run', '-o', 'json'));
    expect(plan.findings.map(({ id }) => id)).toContain('pod-finalizer');
    const plugin = space.start([...confirmed, '--progress=plain']);
    await space.untilTerminating('web-1');
    await space.barrier();
    expect(plugin.isRunning).toBe(true);
    expect((await space.set()).spec.replicas).toBe(1);
    await space.api.patch(space.path('pods', 'web-1'), { metadata: { finalizers: null } });
    expectEnd(await plugin.ended, 0);
  });
});

describe.concurrent('delete with an option', () => {
  test('--with-service takes the governing Service, and says so', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const plan = planOf(await space.run('delete', 'web', '--with-service', '--dry-run', '-o', 'json'));
    expect(plan.changes.at(-1)).toMatchObject({ kind: 'Service', name: 'web' });
    expectEnd(await space.run(...confirmed, '--with-service'), 0);
    expect(await space.services()).toEqual([]);
  });

  test('says how to come back, where it kept what that takes', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const run = await space.run(...confirmed);
    expectEnd(run, 0);
    const [, line = ''] = /restore +(.*)/.exec(run.stdout) ?? [];
    expectEnd(await space.line(`${line} --yes`), 0);
    await space.ready();
    expect((await space.run(...confirmed, '--delete-claims')).stdout).not.toMatch(/^ +restore /m);
  });

  test('says of each PVC what its volume makes of the deletion', async ({ space }) => {
    await space.applySet({ replicas: 2 });
    const volume = (await space.claims()).find(({ metadata }) => metadata.name === 'data-web-1')?.spec.volumeName ?? '';
    await space.api.patch(`/api/v1/persistentvolumes/${volume}`, { spec: { persistentVolumeReclaimPolicy: 'Retain' } });
    const { summary, changes, steps } = planOf(await space.run('delete', 'web', '--delete-claims', '--dry-run', '-o', 'json'));
    expect(summary).toContain('DELETE 2 PVCs and the data of 1');
    expect(changes.filter(({ kind }) => kind === 'PersistentVolumeClaim').map(({ after }) => after)).toEqual([
      'DELETED, with its data',
      'DELETED; its volume is kept',
    ]);
    expect(steps.map(({ title }) => title)).toContain('delete PVC data-web-1; its volume is kept');
    await space.api.patch(`/api/v1/persistentvolumes/${volume}`, { spec: { persistentVolumeReclaimPolicy: 'Delete' } });
  });

  test('--save-to where nothing can be saved is told before anything is asked', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    for (const [file, says] of [
      ['/nonexistent/web.json', 'there is no folder /nonexistent'],
      ['/', 'is a folder'],
    ] as const) {
      const run = await space.run('delete', 'web', '--dry-run', '--save-to', file);
      expect([run.exitCode, run.stderr]).toEqual([1, expect.stringContaining(says)]);
    }
  });

  test('--with-service leaves a Service that another set names, and says so', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    await space.applySet({ name: 'db', replicas: 0, spec: { serviceName: 'web' } });
    const plan = planOf(await space.run('delete', 'web', '--with-service', '--dry-run', '-o', 'json'));
    expect(plan.changes.at(-1)).toEqual({ kind: 'Service', name: 'web', before: 'StatefulSet db uses it too', after: 'kept' });
    expectEnd(await space.run(...confirmed, '--with-service'), 0);
    expect((await space.services()).map(({ metadata }) => metadata.name)).toContain('web');
  });

  test('--with-service leaves a Service that selects another client’s Pod', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const { selector } = (await space.services()).find(({ metadata }) => metadata.name === 'web')?.spec ?? {};
    const container = { name: 'main', image: 'app:1' };
    await space.api.create(space.path('pods'), { metadata: { name: 'by-hand', labels: selector }, spec: { containers: [container] } });
    const plan = planOf(await space.run('delete', 'web', '--with-service', '--dry-run', '-o', 'json'));
    expect(plan.changes.at(-1)).toEqual({ kind: 'Service', name: 'web', before: 'Pod by-hand uses it too', after: 'kept' });
  });

  test('--with-service leaves a Service whose endpoints are made by hand, and says so', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    await space.api.patch(space.path('services', 'web'), { spec: { selector: null } });
    const slices = `/apis/discovery.k8s.io/v1/namespaces/${space.namespace}/endpointslices`;
    await space.api.create(slices, {
      metadata: { name: 'by-hand', labels: { 'kubernetes.io/service-name': 'web' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['10.1.2.3'] }],
      ports: [],
    });
    const before = (await space.services()).find(({ metadata }) => metadata.name === 'web')?.metadata.uid;
    const args = [...confirmed, '--with-service', '-o', 'json'];
    const plan = planOf(await space.run(...args, '--dry-run'));
    const kept = { kind: 'Service', name: 'web', before: 'no selector: its endpoints are not made from Pods', after: 'kept' };
    expect(plan.changes.at(-1)).toEqual(kept);
    expectEnd(await space.run(...args), 0);
    expect((await space.services()).find(({ metadata }) => metadata.name === 'web')?.metadata.uid).toBe(before);
  });

  test('a dry run by the server tries each kind of write, the owners of PVCs too', async ({ space }) => {
    await space.applySet({ replicas: 1, retention: { whenDeleted: 'Delete' } });
    const owned = (claims: ReadonlyMap<string, Claim>): boolean => claims.get('data-web-0')?.metadata.ownerReferences !== undefined;
    await space.untilClaims(owned, 'the set owns its PVC');
    const before = await space.set();
    const run = await space.run('delete', 'web', '--dry-run=server');
    expectEnd(run, 0);
    for (const kind of [
      "save the set's manifest",
      'patch StatefulSet',
      'patch PersistentVolumeClaim',
      'write the operation record',
      'delete StatefulSet',
    ])
      expect(run.stdout).toMatch(new RegExp(`${kind}: accepted by the server`));
    // A DELETE says in its body that it is none in earnest, so the audit log's addresses do not tell.
    expect((await space.set()).metadata).toMatchObject({ uid: before.metadata.uid, resourceVersion: before.metadata.resourceVersion });
    expect(await space.secrets()).toEqual([]);
    await space.untilClaims(owned, 'still owned');
  });

  test('--delete-claims destroys the data, of this set only, and says so', async ({ space }) => {
    await Promise.all([space.applySet({ replicas: 2 }), space.applySet({ name: 'db', replicas: 1 })]);
    await space.mark();
    const before = await census(space);
    const volumes = [...before.claims.values()]
      .filter(({ metadata }) => metadata.name.includes('web'))
      .map(({ spec }) => spec.volumeName ?? '');
    const { summary } = planOf(await space.run('delete', 'web', '--delete-claims', '--dry-run', '-o', 'json'));
    expect(summary).toContain('DELETE 2 PVCs and their data');
    expectEnd(await space.run(...confirmed, '--delete-claims'), 0);
    expect((await space.claims()).map(({ metadata }) => metadata.name)).toEqual(['data-db-0']);
    await assertNoClaimLost(space, before, ['data-web-0', 'data-web-1']);
    await space.api.until('/api/v1/persistentvolumes', (found) => volumes.every((name) => !found.has(name)), 'their volumes are gone');
  });

  test('--save-to writes the manifest to a file too, readable by nobody else', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const file = join(space.cluster.dir, `${space.namespace}.json`);
    expectEnd(await space.run(...confirmed, '--save-to', file), 0);
    const saved = JSON.parse(readFileSync(file, 'utf8')) as Archive;
    expect(saved.manifest).toMatchObject({ kind: 'StatefulSet', metadata: { name: 'web' } });
    expect(saved.claims.map(({ name }) => name)).toEqual(['data-web-0']);
  });
});

describe.concurrent('in the middle of a delete', () => {
  async function while_(space: Space, pod: string, change: () => Promise<unknown>) {
    await space.applySet({ retention: { whenDeleted: 'Delete' } });
    await space.mark();
    const before = await census(space);
    await space.holdPod(pod);
    const plugin = space.start([...confirmed, '-o', 'json']);
    await space.untilTerminating(pod);
    await change();
    const run = await plugin.ended;
    await space.freePod(pod);
    await assertNoClaimLost(space, before);
    return resultOf(run, 4);
  }

  test('the set is deleted by someone: it stops and says so, and no PVC is lost', async ({ space }) => {
    const result = await while_(space, 'web-1', () => space.api.delete(`${space.sets}/web`));
    expect(result.message).toMatch(/StatefulSet web (was|is being) deleted by another client/);
    expect(result.remaining).toContain('scale-down/0');
  });

  test('replicas are raised by someone: it stops, and what it did is told', async ({ space }) => {
    const result = await while_(space, 'web-2', () => space.scaleTo(3));
    expect(result.message).toMatch(/replicas of StatefulSet web is 3, we had set 2/);
    expect(result.done).toEqual(['archive', 'protect', 'unown']);
  });

  test('the policy is set back to Delete by someone: it stops at once and says so, and no PVC is lost', async ({ space }) => {
    const result = await while_(space, 'web-1', async () => {
      await space.patchSet({ spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete' } } });
      await space.untilSet(({ metadata, status }) => status.observedGeneration === metadata.generation, 'it has seen Delete');
    });
    expect(result.message).toContain('persistentVolumeClaimRetentionPolicy of StatefulSet web is {"whenDeleted":"Delete"');
    expect(result.remaining[0]).toBe('scale-down/1');
  });

  test('whenScaled is set to Delete by someone while a member leaves: set back, and that PVC stays too', async ({ space }) => {
    const result = await while_(space, 'web-1', () =>
      space.patchSet({ spec: { persistentVolumeClaimRetentionPolicy: { whenScaled: 'Delete' } } }),
    );
    expect(result.message).toContain('persistentVolumeClaimRetentionPolicy of StatefulSet web is');
    expect(result.warnings).toEqual([expect.stringContaining('while web-1 was leaving: set back to Retain')]);
    await space.untilPodGone('web-1');
    await space.barrier();
    expect((await space.claims()).map(({ metadata }) => metadata.name)).toEqual(['data-web-0', 'data-web-1', 'data-web-2']);
    expectEnd(await space.run(...confirmed), 0);
    expect(await space.claims()).toHaveLength(3);
  });

  test('Ctrl-C: held; the printed lines go on, or back', async ({ space }) => {
    await space.applySet({ retention: { whenDeleted: 'Delete' } });
    await space.mark();
    const before = await census(space);
    await space.holdPod('web-1');
    const plugin = space.start([...confirmed, '-o', 'json']);
    await space.untilTerminating('web-1');
    plugin.kill('SIGINT');
    const result = resultOf(await plugin.ended, 130);
    await space.freePod('web-1');
    await space.untilPodGone('web-1');
    await space.barrier();
    expect((await space.set()).spec.replicas).toBe(1);
    expect(result.resumeCommand).toContain('kubectl sts-safe delete web');
    expectEnd(await space.line(`${result.cancelCommand} --yes`), 0);
    await space.ready();
    expect((await space.set()).spec).toMatchObject({ replicas: 3, persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete' } });
    await assertNoClaimLost(space, before);
    await nothingOfOursLeft(space);
  });
});
