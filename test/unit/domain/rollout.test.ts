import { describe, expect, it } from 'vitest';
import { type Rollout, rolloutOf } from '../../../src/domain/rollout.ts';
import { NOW, podOf, podsOf, type SetOptions, setOf } from '../../support/objects.ts';

const between = (spec: SetOptions['spec'] = {}, replicas = 5) =>
  setOf({ replicas, spec, status: { currentRevision: 'web-a', updateRevision: 'web-b' } });
const old = { revision: 'web-a' };
const crashing = { waiting: 'CrashLoopBackOff' };
const rolling = (partition: number, maxUnavailable?: number | string) => ({
  updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition, ...(maxUnavailable === undefined ? {} : { maxUnavailable }) } },
});
const parallel = { podManagementPolicy: 'Parallel' };

/** `progressing web-0 web-1`, `stuck by web-4: CrashLoopBackOff`, `held web-0` … */
function words(rollout: Rollout): string {
  const named = (members: readonly { readonly name: string }[]) => members.map(({ name }) => name).join(' ');
  switch (rollout.state) {
    case 'progressing':
      return `progressing ${named(rollout.pending)}`;
    case 'stuck':
      return `stuck by ${rollout.by.name}: ${rollout.why}`;
    case 'held':
      return `held by ${rollout.by} ${named(rollout.stale)}`;
    case 'complete':
    case 'unobserved':
      return rollout.state;
  }
}

describe('rolloutOf', () => {
  const see = (spec: SetOptions['spec'], over: Parameters<typeof podsOf>[1], replicas?: number) => {
    const set = between(spec, replicas);
    return words(rolloutOf(set, podsOf(set, over), NOW));
  };

  it.each<[string, SetOptions['spec'], Parameters<typeof podsOf>[1], string]>([
    ['all replaced and Available, promoted or not', {}, {}, 'complete'],
    ['one is missing: just deleted for the update', {}, { 2: undefined }, 'progressing web-2'],
    ['one is terminating', {}, { 2: { ...old, terminatingFor: 5 } }, 'progressing web-2'],
    ['an ordered controller waits for the lowest of two broken ones', {}, { 1: crashing, 3: crashing }, 'stuck by web-1: CrashLoopBackOff'],
    [
      'a broken one below the partition blocks what is above',
      rolling(3),
      { 0: { ...old, ...crashing }, 1: old, 2: old, 3: old },
      'stuck by web-0: CrashLoopBackOff',
    ],
    [
      'a broken one below the partition, with nothing due above',
      rolling(3),
      { 0: { ...old, ...crashing }, 1: old, 2: old },
      'held by partition web-0 web-1 web-2',
    ],
    [
      'a partition beyond the set',
      rolling(9),
      { 0: old, 1: old, 2: old, 3: old, 4: old },
      'held by partition web-0 web-1 web-2 web-3 web-4',
    ],
    [
      'Parallel: the highest stale one is next, whatever is broken below',
      parallel,
      { 0: { ...old, ...crashing }, 4: old },
      'progressing web-0 web-4',
    ],
    [
      'Parallel: the highest stale one is terminating',
      parallel,
      { 3: { ...old, terminatingFor: 99 } },
      'stuck by web-3: 1m past its deadline',
    ],
    [
      'Parallel: a broken updated one below a stale one is not waited for yet',
      parallel,
      { 1: crashing, 3: old },
      'progressing web-1 web-3',
    ],
    ['Parallel: a missing one is being made', parallel, { 1: old, 3: undefined }, 'progressing web-1 web-3'],
    [
      'Parallel: what is below the partition is not waited for',
      { ...parallel, ...rolling(2) },
      { 0: { ...old, ...crashing }, 1: old, 3: old },
      'progressing web-3',
    ],
    ['maxUnavailable 2: one broken leaves room', { ...parallel, ...rolling(0, 2) }, { 0: old, 3: crashing }, 'progressing web-0 web-3'],
    [
      'maxUnavailable 2: two broken do not; the highest is named',
      { ...parallel, ...rolling(0, 2) },
      { 0: old, 1: crashing, 3: crashing },
      'stuck by web-3: CrashLoopBackOff',
    ],
    [
      'maxUnavailable 2: a starting and a broken one',
      { ...parallel, ...rolling(0, 2) },
      { 0: old, 1: crashing, 3: { ready: false, readySince: 5 } },
      'stuck by web-1: CrashLoopBackOff',
    ],
    [
      'maxUnavailable 2: two that start',
      { ...parallel, ...rolling(0, 2) },
      { 0: old, 1: undefined, 3: { ready: false, readySince: 5 } },
      'progressing web-0 web-1 web-3',
    ],
    ['maxUnavailable 30 % of 5 is 1', { ...parallel, ...rolling(0, '30%') }, { 0: old, 3: crashing }, 'stuck by web-3: CrashLoopBackOff'],
    ['maxUnavailable 40 % of 5 is 2', { ...parallel, ...rolling(0, '40%') }, { 0: old, 3: crashing }, 'progressing web-0 web-3'],
    ['maxUnavailable 1 % of 5 is 1', { ...parallel, ...rolling(0, '1%') }, { 0: old, 3: crashing }, 'stuck by web-3: CrashLoopBackOff'],
    ['maxUnavailable 1 % of 5 and nobody down', { ...parallel, ...rolling(0, '1%') }, { 0: old }, 'progressing web-0'],
    ['OnDelete', { updateStrategy: { type: 'OnDelete' } }, { 1: old, 2: crashing }, 'held by on-delete web-1'],
    ['OnDelete, all deleted once', { updateStrategy: { type: 'OnDelete' } }, { 2: crashing }, 'complete'],
    ['a strategy of tomorrow moves', { updateStrategy: { type: 'Recreate' } }, { 1: old }, 'progressing web-1'],
  ])('%s', (_name, spec, pods, expected) => {
    expect(see(spec, pods)).toBe(expected);
  });

  it('no rollout: a broken member is just a broken member', () => {
    const web = setOf();
    expect(words(rolloutOf(web, podsOf(web, { 1: crashing, 2: undefined }), NOW))).toBe('complete');
  });

  it('the baseline is lost (current = update), and members still carry the old one', () => {
    const web = setOf({ status: { currentRevision: 'web-b', updateRevision: 'web-b' } });
    expect(words(rolloutOf(web, podsOf(web, { 0: old }), NOW))).toBe('progressing web-0');
  });

  it('condemned members and released Pods do not count', () => {
    const web = between();
    const extra = [podOf(web, 7, old), podOf(web, 8, { ...old, metadata: { ownerReferences: [] } })];
    expect(words(rolloutOf(web, [...podsOf(web), ...extra], NOW))).toBe('complete');
  });

  it('minReadySeconds: replaced and Ready is not Available yet', () => {
    expect(see({ minReadySeconds: 60 }, { 4: { readySince: 59 } })).toBe('progressing web-4');
    expect(see({ minReadySeconds: 60 }, { 4: { readySince: 60 } })).toBe('complete');
  });

  it('nothing is concluded before the controller has seen the spec', () => {
    const web = setOf({ metadata: { generation: 3 }, status: { observedGeneration: 2 } });
    expect(words(rolloutOf(web, podsOf(web), NOW))).toBe('unobserved');
  });

  it('0 members are complete', () => {
    expect(see({}, {}, 0)).toBe('complete');
  });
});
