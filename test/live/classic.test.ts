import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject } from 'vitest';
import type { Pod } from '../../src/domain/kube.ts';
import type { DoctorDocument } from '../../src/render/json.ts';
import { CoreDns } from '../support/coredns.ts';
import { documentOf, expectEnd, found, refusalOf } from '../support/documents.ts';
import { assertNoClaimLost, census, nothingOfOursLeft } from '../support/invariants.ts';
import { inSandbox, type Space, testInProcess as test } from '../support/namespace.ts';

/** A set of examples/classic, and what is done with it. */
interface Classic {
  readonly set: string;
  readonly container: string;
  readonly replicas: number;
  /** Numbers that it is scaled to, the last of which it is left at. */
  readonly counts: readonly number[];
  /** One more is refused: each needs a node of its own, and the template lists who there is. */
  readonly isFull?: true;
}

const three = { replicas: 3, counts: [2, 3] } as const;
const FILES: Readonly<Record<string, readonly Classic[]>> = {
  'mongodb-sharded': ['mongo-config', 'mongo-shard-a', 'mongo-shard-b'].map((set) => ({ set, container: 'mongod', ...three })),
  nginx: [{ set: 'web', container: 'nginx', replicas: 2, counts: [3, 2] }],
  mongodb: [{ set: 'tkb-sts', container: 'mongod', ...three }],
  mysql: [{ set: 'mysql', container: 'mysql', ...three }],
  zookeeper: [{ set: 'zk', container: 'zookeeper', isFull: true, ...three }],
  elasticsearch: [{ set: 'es', container: 'elasticsearch', isFull: true, ...three }],
  kubia: [{ set: 'kubia', container: 'kubia', replicas: 2, counts: [1, 2] }],
};

const fileOf = (name: string): string => join(import.meta.dirname, `../../examples/classic/${name}.yaml`);

/** What the file itself says that doctor says. */
function saidOf(name: string): readonly string[] {
  const text = readFileSync(fileOf(name), 'utf8');
  return [...text.matchAll(/^# {3}([a-z-]+) {2}/gm)].map(([, id = '']) => id).toSorted();
}

let dns: CoreDns;
beforeAll(async () => {
  const { kubeconfig, dir } = inject('cluster');
  if (inSandbox) dns = await CoreDns.start(kubeconfig, dir);
});
afterAll(() => dns?.stop());

/** Practices of the StorageClass are the cluster's, not the example's. */
async function expectDoctor(space: Space, name: string, sets: readonly string[]): Promise<void> {
  const run = await space.run('doctor', ...sets, '-o', 'json');
  expectEnd(run, 0);
  const ids = documentOf<DoctorDocument>(run.stdout, 'DoctorReport').findings.map(({ id }) => id);
  expect([...new Set(ids)].filter((id) => !id.startsWith('class-')).toSorted()).toEqual(saidOf(name));
}

async function expectScaled(space: Space, { set, counts, replicas, isFull }: Classic): Promise<void> {
  if (isFull) {
    const { findings } = refusalOf(await space.run('scale', set, `--replicas=${replicas + 1}`, '--yes', '-o', 'json'));
    expect(found(findings)).toEqual(['blocks anti-affinity-unsatisfiable', 'warns member-count-hardcoded']);
  }
  for (const count of counts) {
    expectEnd(await space.run('scale', set, `--replicas=${count}`, '--yes'), 0);
    expect((await space.set(set)).spec.replicas).toBe(count);
  }
}

const imageIn = (pod: Pod, container: string): string | undefined => pod.spec.containers.find(({ name }) => name === container)?.image;

/** One Pod first, then the others. */
async function expectCanary(space: Space, { set, container, replicas }: Classic): Promise<void> {
  const image = 'example.invalid/next:2';
  const started = ['rollout', 'start', set, '--image', `${container}=${image}`, '--steps', '1,100%', '--pause-at', '1', '--yes'] as const;
  expectEnd(await space.run(...started), 0);
  const names = Array.from({ length: replicas }, (_, ordinal) => `${set}-${ordinal}`);
  const updated = async () => {
    const pods = await Promise.all(names.map((name) => space.pod(name)));
    return pods.filter((pod) => imageIn(pod, container) === image).map(({ metadata }) => metadata.name);
  };
  expect(await updated()).toEqual(names.slice(-1));
  expectEnd(await space.run('rollout', 'promote', set, '--full', '--yes'), 0);
  expect(await updated()).toEqual(names);
}

/** From Healthy to Healthy, by everything that its owner does to it in a year. */
async function live(space: Space, one: Classic): Promise<void> {
  const { set, replicas } = one;
  expectEnd(
    await space.run('peers', set, '--dns-server', dns.server, '--wait', '--for', String(replicas), '--timeout', '1m', '--check'),
    0,
  );
  await expectScaled(space, one);
  await expectCanary(space, one);
  await leaveAndReturn(space, one);
}

async function leaveAndReturn(space: Space, { set, replicas }: Classic): Promise<void> {
  const before = await census(space);
  expectEnd(await space.run('delete', set, '--confirm', set), 0);
  expect(await space.findSet(set)).toBeUndefined();
  expectEnd(await space.run('restore', set, '--yes'), 0);
  expectEnd(await space.run('status', set, '--wait', '--for', 'healthy', '--timeout', '1m'), 0);
  expect((await space.set(set)).spec.replicas).toBe(replicas);
  await assertNoClaimLost(space, before);
  await nothingOfOursLeft(space, set, true);
}

describe.skipIf(!inSandbox).concurrent.each(Object.entries(FILES))('examples/classic/%s.yaml', (name, sets) => {
  test('is created, examined, scaled, updated, deleted and restored', async ({ space }) => {
    expectEnd(await space.kubectl(['apply', '-f', fileOf(name)]), 0);
    const names = sets.map(({ set }) => set);
    expectEnd(await space.run('status', ...names, '--wait', '--for', 'healthy', '--timeout', '1m'), 0);
    await space.mark();
    await expectDoctor(space, name, names);
    // A set beside it is deleted at the same time, and neither takes anything of the other's.
    await Promise.all([...sets.slice(0, 1).map((set) => live(space, set)), ...sets.slice(1).map((set) => leaveAndReturn(space, set))]);
  });
});
