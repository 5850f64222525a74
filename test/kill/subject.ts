import { expect } from 'vitest';
import { retentionOf } from '../../src/domain/claims.ts';
import type { StatefulSet } from '../../src/domain/kube.ts';
import { memberName, replicasOf, startOf } from '../../src/domain/naming.ts';
import { entriesOf } from '../../src/record/index-secret.ts';
import type { SetWish } from '../support/manifests.ts';
import type { Space } from '../support/namespace.ts';
import { WriteProxy } from '../support/proxy.ts';

/** One operation that is killed at every point of it. */
export interface Subject {
  readonly name: string;
  readonly args: readonly string[];
  /** Makes the world in which the operation begins. */
  prepare(space: Space): Promise<void>;
  /** Whether the controller leaves things as they are when nobody drives: true on the way down. */
  readonly holds: boolean;
  /** Whether `cancel` is another way than typing the same command again. */
  readonly cancellable: boolean;
}

const deleting: SetWish = { retention: { whenDeleted: 'Delete' } };

/** A delete of the set was killed when it had told the controller to keep one member. */
async function halfDeleted(space: Space): Promise<void> {
  await space.applySet(deleting);
  await space.mark();
  const proxy = await WriteProxy.open(space.cluster, space.kubeconfig);
  const plugin = space.start(['delete', 'web', '--confirm', 'web'], { kubeconfig: proxy.kubeconfig });
  proxy.hooks = {
    after: async () => {
      const set = await space.findSet();
      if (set === undefined || replicasOf(set) !== 1) return 'pass';
      plugin.kill('SIGKILL');
      await plugin.ended;
      return 'drop';
    },
  };
  expect((await plugin.ended).signal).toBe('SIGKILL');
  proxy.close();
  await settled(space);
}

async function deleted(space: Space): Promise<void> {
  await space.applySet(deleting);
  await space.mark();
  const { exitCode, stderr } = await space.run('delete', 'web', '--confirm', 'web', '--with-service');
  expect(exitCode, stderr).toBe(0);
}

async function running(space: Space, wish: SetWish): Promise<void> {
  await space.applySet(wish);
  await space.mark();
}

export const subjects = {
  delete: {
    name: 'delete',
    args: ['delete', 'web', '--confirm', 'web'],
    prepare: (space) => running(space, deleting),
    holds: true,
    cancellable: true,
  },
  'scale down': {
    name: 'scale down',
    args: ['scale', 'web', '--replicas=2', '--yes'],
    prepare: (space) => running(space, { replicas: 4, policy: 'Parallel' }),
    holds: true,
    cancellable: true,
  },
  'scale up': {
    name: 'scale up',
    args: ['scale', 'web', '--replicas=3', '--yes'],
    prepare: (space) => running(space, { replicas: 1 }),
    holds: false,
    cancellable: true,
  },
  restore: { name: 'restore', args: ['restore', 'web', '--yes'], prepare: deleted, holds: false, cancellable: true },
  cancel: { name: 'cancel', args: ['cancel', 'web', '--yes'], prepare: halfDeleted, holds: false, cancellable: false },
} as const satisfies Record<string, Subject>;

/** What is left when nobody drives any more: members above the range are gone, those in it are as they are. */
export async function settled(space: Space): Promise<void> {
  const set = await space.findSet();
  if (set === undefined) return;
  const end = startOf(set) + replicasOf(set);
  await space.untilPods(
    (pods) => ![...pods.keys()].some((name) => Number(name.slice(set.metadata.name.length + 1)) >= end),
    `no member is above the ${replicasOf(set)} that there shall be`,
  );
}

/** The end of an operation, as far as two runs of it are alike: no uids, no times, no record. */
export async function endState(space: Space) {
  const [set, pods, claims, services, secrets] = await Promise.all([
    space.findSet(),
    space.pods(),
    space.claims(),
    space.services(),
    space.secrets(),
  ]);
  const index = secrets.find(({ metadata }) => metadata.name === 'sts-safe.web');
  return {
    set: set && lasting(set),
    pods: pods.map(({ metadata }) => metadata.name).sort(),
    claims: claims.map(({ metadata, status }) => `${metadata.name} ${status.phase}`).sort(),
    services: services.map(({ metadata }) => metadata.name),
    restorable: index === undefined ? false : (entriesOf(index).at(-1)?.setDeleted ?? false),
    open: index?.data?.['record'] !== undefined || set?.metadata.annotations?.['sts-safe.dev/operation'] !== undefined,
  };
}

/** What of a set is its user's. */
export function lasting({ metadata, spec }: StatefulSet) {
  const { labels, annotations } = metadata;
  return { labels, annotations, spec: { ...spec, persistentVolumeClaimRetentionPolicy: retentionOf({ metadata, spec } as StatefulSet) } };
}

/** Members that may have changed when replicas went to `replicas`: those above. */
export function above(names: Iterable<string>, set: StatefulSet | undefined): readonly string[] {
  const all = [...names];
  if (set === undefined) return all;
  const kept = new Set(Array.from({ length: replicasOf(set) }, (_, index) => memberName(set.metadata.name, startOf(set) + index)));
  return all.filter((name) => !kept.has(name));
}
