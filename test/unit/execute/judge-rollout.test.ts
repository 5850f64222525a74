import { describe, expect, it } from 'vitest';
import type { ContainerStatus } from '../../../src/domain/kube.ts';
import { judge } from '../../../src/execute/judge/judge.ts';
import type { Condition } from '../../../src/plan/condition.ts';
import { ago, type PodOptions, podsOf, setOf, worldOf } from '../../support/objects.ts';

/** web-0 and web-1 of the old revision, web-2 of the new one. */
const set = setOf({ status: { currentRevision: 'web-a', updateRevision: 'web-b' } });
const old: PodOptions = { revision: 'web-a' };
const condition = (over: Partial<Extract<Condition, { is: 'rolled-out' }>> = {}): Condition => ({
  is: 'rolled-out',
  from: 2,
  soakMs: 0,
  restarts: 3,
  others: true,
  ...over,
});
const judged = (pods: Readonly<Record<number, PodOptions | undefined>>, over: Parameters<typeof condition>[0] = {}) =>
  judge(condition(over), worldOf(set, { pods: podsOf(set, { 0: old, 1: old, ...pods }) }));
const container = (over: Partial<ContainerStatus>): PodOptions => ({
  status: { containerStatuses: [{ name: 'main', ready: true, restartCount: 0, image: 'app:2', ...over }] },
});

describe('rolled-out', () => {
  it('holds when the Pods from there on are of the new revision, and all are Available', () => {
    expect(judged({})).toMatchObject({ holds: true });
    expect(judged({}, { from: 3 })).toMatchObject({ holds: true });
  });

  it.each([
    ['is of the old revision', { 2: old }, {}, /web-2 is not replaced yet/],
    ['is missing', { 2: undefined }, {}, /web-2/],
    ['is not Ready', { 2: { ready: false } }, {}, /web-2 is not Ready/],
    ['is terminating', { 2: { terminatingFor: 1 } }, {}, /web-2 is (being deleted|terminating)/],
    ['below is not Ready', { 0: { ...old, ready: false } }, {}, /web-0 is not Ready/],
  ] as const)('does not hold while a Pod %s', (_, pods, over, note) => {
    expect(judged(pods, over)).toMatchObject({ holds: false, note: expect.stringMatching(note) });
  });

  it('does not ask for those below where they were allowed to be down', () => {
    expect(judged({ 0: { ...old, ready: false } }, { others: false })).toMatchObject({ holds: true });
  });

  it.each([
    ['has restarted too often', { 2: { restarts: 4 } }, { patienceMs: 0 }, /web-2 restarted 4 times, and 3 are allowed/],
    ['crashes', { 2: { waiting: 'CrashLoopBackOff' } }, { patienceMs: 30_000 }, /CrashLoopBackOff/],
    ['cannot pull its image', { 2: { waiting: 'ImagePullBackOff' } }, { patienceMs: 30_000 }, /ImagePullBackOff/],
  ] as const)('is given up when the Pod %s', (_, pods, held, note) => {
    expect(judged(pods)).toMatchObject({ holds: false, held, note: expect.stringMatching(note) });
  });

  it('waits for a slow start, however long it takes: that is what the start-up probe and the step’s time-out are for', () => {
    const slow = judged({ 2: { ready: false, readySince: 3600 } });
    expect([slow.holds, slow.held]).toEqual([false, undefined]);
  });

  it('waits for the soak time since Ready, or since a restart that is newer', () => {
    expect(judged({ 2: { readySince: 10 } }, { soakMs: 30_000 })).toMatchObject({
      holds: false,
      note: 'web-2 is Ready and is watched for 20s more',
    });
    expect(judged({ 2: { readySince: 30 } }, { soakMs: 30_000 })).toMatchObject({ holds: true });
    const restarted = container({ restartCount: 1, state: { running: { startedAt: ago(5) } } });
    expect(judged({ 2: { readySince: 60, ...restarted } }, { soakMs: 30_000 })).toMatchObject({
      holds: false,
      note: expect.stringContaining('25s more'),
    });
  });

  it('does not hold where a tag was moved: the same image name, and another image', () => {
    const from = { from: 1 };
    const one = container({ imageID: 'app@sha256:1' });
    const other = container({ imageID: 'app@sha256:2' });
    expect(judged({ 1: one, 2: one }, from)).toMatchObject({ holds: true });
    expect(judged({ 1: one, 2: other }, from)).toMatchObject({
      holds: false,
      note: 'web-2 runs app@sha256:2 as app:2, and web-1 runs app@sha256:1: the tag was moved',
    });
    expect(judged({ 1: one, 2: container({ imageID: '' }) }, from)).toMatchObject({ holds: true });
  });

  it('never holds on what is unknown', () => {
    const unseen = setOf({ metadata: { generation: 2 }, status: { observedGeneration: 1 } });
    expect(judge(condition(), worldOf(unseen))).toMatchObject({ holds: false });
  });
});
