import { expect } from 'vitest';
import { replicasOf } from '../../src/domain/naming.ts';
import { type Census, recordOf } from '../support/invariants.ts';
import type { SetWish } from '../support/manifests.ts';
import type { Space } from '../support/namespace.ts';
import { WriteProxy } from '../support/proxy.ts';
import { settled } from './end-state.ts';

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
  /** Its plan shows the set's claims as DELETED. */
  readonly dooms?: true;
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

async function deleted(space: Space, wish = deleting): Promise<void> {
  await space.applySet(wish);
  await space.mark();
  const { exitCode, stderr } = await space.run('delete', 'web', '--confirm', 'web', '--with-service');
  expect(exitCode, stderr).toBe(0);
}

async function running(space: Space, wish: SetWish): Promise<void> {
  await space.applySet(wish);
  await space.mark();
}

/** Beside it another set, whose claim nobody said a word about. */
async function withNeighbour(space: Space): Promise<void> {
  await Promise.all([space.applySet(deleting), space.applySet({ name: 'db', replicas: 1 })]);
  await space.mark();
}

const deletion = { prepare: (space: Space) => running(space, deleting), holds: true, cancellable: true } as const;

export const subjects = {
  delete: { ...deletion, name: 'delete', args: ['delete', 'web', '--confirm', 'web'] },
  'delete with service': { ...deletion, name: 'delete --with-service', args: ['delete', 'web', '--confirm', 'web', '--with-service'] },
  'delete PVCs': {
    ...deletion,
    name: 'delete --delete-claims',
    args: ['delete', 'web', '--confirm', 'web', '--delete-claims'],
    prepare: withNeighbour,
    dooms: true,
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
  restore: { name: 'restore', args: ['restore', 'web', '--yes'], prepare: (space) => deleted(space), holds: false, cancellable: true },
  cancel: { name: 'cancel', args: ['cancel', 'web', '--yes'], prepare: halfDeleted, holds: false, cancellable: false },
} as const satisfies Record<string, Subject>;

const two: SetWish = { ...deleting, replicas: 2 };

/** The operations that are stopped by a signal at every point: two members have all that more have. */
export const stoppedSubjects = {
  delete: { ...subjects.delete, prepare: (space: Space) => running(space, two) },
  restore: { ...subjects.restore, prepare: (space: Space) => deleted(space, two) },
} as const satisfies Record<string, Subject>;

/** The claims that the plan shows as DELETED. */
export function doomed({ dooms }: Subject, { claims }: Census): readonly string[] {
  return dooms === true ? [...claims.keys()].filter((name) => name.startsWith('data-web-')).sort() : [];
}

/** Those of them that may be gone by now: none before the set is, then one after another, as the record says. */
export async function doomedSoFar(subject: Subject, before: Census, space: Space): Promise<readonly string[]> {
  const all = doomed(subject, before);
  if ((await space.findSet()) !== undefined) return [];
  const found = await recordOf(space);
  if (found === undefined) return all;
  const [step, claim = ''] = found.state === 'valid' ? found.record.cursor.split('/') : [];
  return step === 'delete-claim' ? all.slice(0, all.indexOf(claim) + 1) : [];
}
