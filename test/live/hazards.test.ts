import { describe, expect } from 'vitest';
import type { DoctorDocument } from '../../src/render/json.ts';
import { documentOf, expectEnd } from '../support/documents.ts';
import { setManifest } from '../support/manifests.ts';
import { type Space, testInProcess as test } from '../support/namespace.ts';
import { budget, rollOut } from '../support/trouble.ts';

type Found = DoctorDocument['findings'][number];

async function findingsIn(space: Space): Promise<readonly Found[]> {
  const run = await space.run('doctor', '-o', 'json');
  expectEnd(run, 0);
  return documentOf<DoctorDocument>(run.stdout, 'DoctorReport').findings;
}

const idOf = ({ id, subject }: Found): string => `${id} ${subject.name}`;

/** Types the first command of each of these findings, as it is printed. */
async function runFixes(space: Space, wanted: readonly string[]): Promise<void> {
  const found = await findingsIn(space);
  expect(found.map(idOf)).toEqual(expect.arrayContaining([...wanted]));
  const fixes = found.filter((finding) => wanted.includes(idOf(finding))).map(({ commands: [command = ''] }) => command);
  for (const fix of fixes) expectEnd(await space.line(fix), 0);
}

async function expectNoneLeft(space: Space, wanted: readonly string[]): Promise<void> {
  const left = (await findingsIn(space)).map(idOf);
  expect(left.filter((id) => wanted.includes(id))).toEqual([]);
}

const uidOf = ({ metadata: { name, uid } }: { readonly metadata: { readonly name: string; readonly uid: string } }) => `${name} ${uid}`;

describe.concurrent('doctor', () => {
  test('prints what removes the hazards of a StatefulSet that works', async ({ space }) => {
    const one = { replicas: 1, retention: { whenDeleted: 'Delete' }, strategy: partitioned(1) } as const;
    await Promise.all([space.applySet(one), budget(space, { maxUnavailable: 0 })]);
    await space.api.patch(space.path('services', 'web'), { spec: { selector: { app: 'other' }, ports: [{ port: 5432, name: null }] } });
    const before = [await space.pod('web-0'), ...(await space.claims())].map(uidOf);
    const hazards = ['claim-owned web', 'forgotten-partition web', 'pdb-allows-none web', 'service-selector-mismatch web'];
    await runFixes(space, hazards);
    await space.untilClaims(
      (claims) => [...claims.values()].every(({ metadata }) => metadata.ownerReferences === undefined),
      'are nobody’s',
    );
    await expectNoneLeft(space, hazards);
    expectEnd(await space.run('status', 'web', '--wait', '--for=healthy', '--timeout=1m'), 0);
    expect([await space.pod('web-0'), ...(await space.claims())].map(uidOf)).toEqual(before);
  });

  test('prints what updates Pods that a partition or OnDelete holds back', async ({ space }) => {
    await Promise.all([
      space.applySet({ replicas: 2, strategy: partitioned(1) }),
      space.applySet({ name: 'db', replicas: 1, strategy: { type: 'OnDelete' } }),
    ]);
    await rollOut(space, { replicas: 2, image: 'app:2' });
    const claims = (await space.claims()).map(uidOf).toSorted();
    const { metadata } = await space.pod('db-0');
    await space.patchSet({ spec: { template: setManifest({ ...space.runnable({ image: 'app:2' }), name: 'db' }).spec.template } }, 'db');
    await space.untilSet(({ status }) => status.updateRevision !== status.currentRevision, 'it has a new revision', 'db');
    await space.ready('web');
    const held = ['held-by-partition web', 'on-delete-drift db'];
    await runFixes(space, held);
    await space.untilPod('db-0', (pod) => pod.metadata.uid !== metadata.uid, 'is created again');
    for (const name of ['web', 'db']) expectEnd(await space.run('status', name, '--wait', '--for=healthy', '--timeout=1m'), 0);
    await expectNoneLeft(space, held);
    const images = (await space.pods()).map(({ spec }) => spec.containers[0]?.image);
    expect([images, (await space.claims()).map(uidOf).toSorted()]).toEqual([['app:2', 'app:2', 'app:2'], claims]);
  });

  test('prints what ends the controller’s vain updates of Pods that another StatefulSet left', async ({ space }) => {
    await space.applySet({ replicas: 1 });
    const claim = uidOf(await space.claim('data-web-0'));
    expectEnd(await space.kubectl(['delete', 'statefulset', 'web', '--cascade=orphan', '--wait']), 0);
    await space.api.create(space.sets, setManifest(space.runnable({ replicas: 1, claims: ['data', 'log'] })));
    await space.api.until(space.path('events'), (found) => JSON.stringify([...found]).includes('FailedUpdate'), 'the controller cannot');
    const refused = ['pod-update-refused web-0'];
    await runFixes(space, refused);
    expectEnd(await space.run('status', 'web', '--wait', '--for=healthy', '--timeout=1m'), 0);
    await expectNoneLeft(space, refused);
    expect((await space.claims()).map(({ metadata }) => metadata.name).toSorted()).toEqual(['data-web-0', 'log-web-0']);
    expect(uidOf(await space.claim('data-web-0'))).toBe(claim);
  });
});

function partitioned(partition: number): object {
  return { type: 'RollingUpdate', rollingUpdate: { partition } };
}
