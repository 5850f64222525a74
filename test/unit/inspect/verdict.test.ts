import { describe, expect, test } from 'vitest';
import { evictionAt, isNodeLost } from '../../../src/domain/lost-node.ts';
import { absent, unknown } from '../../../src/domain/reading.ts';
import { whyUncreatable } from '../../../src/domain/uncreatable.ts';
import { verdictOf } from '../../../src/inspect/verdict/verdict.ts';
import {
  ago,
  claimsFor,
  endingNamespace,
  MINUTE,
  NOW,
  nodeOf,
  podOf,
  podsOf,
  recordOf,
  setOf,
  snapshotOf,
  worldOf,
} from '../../support/objects.ts';

/** The verdicts themselves are told by the folders in test/scenarios; here is what folders cannot say. */

describe('what is not known is not judged', () => {
  const forbidden = unknown('forbidden', 'cannot list pods', NOW);
  test('Pods that may not be listed', () => {
    expect(verdictOf(snapshotOf({ set: setOf(), pods: forbidden }), undefined)).toBeUndefined();
  });
  test('a set that may not be read', () => {
    expect(verdictOf(snapshotOf({ set: forbidden, pods: [] }), undefined)).toBeUndefined();
  });
  test('no set, no Pods, no archive', () => {
    expect(verdictOf(snapshotOf({ set: absent('not-found', NOW), pods: [], stored: { entries: [] } }), undefined)).toBeUndefined();
  });
});

test('Pods of another owner are not what a deleted set left behind', () => {
  const [pod] = podsOf(setOf());
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'x', controller: true };
  const other = { ...pod!, metadata: { ...pod!.metadata, ownerReferences: [owner] } };
  const slices = { set: absent('not-found', NOW), stored: { entries: [] } };
  expect(verdictOf(snapshotOf({ ...slices, pods: [other] }), undefined)).toBeUndefined();
  expect(verdictOf(snapshotOf({ ...slices, pods: [pod!] }), undefined)?.reason).toBe(
    'there is no StatefulSet web; no archive is known; 1 Pod still runs without it',
  );
});

describe('an open operation of ours', () => {
  const snapshot = snapshotOf({ set: setOf(), pods: podsOf(setOf()), claims: claimsFor(setOf()) });
  const found = (phase: 'running' | 'stopped') => ({
    state: 'valid' as const,
    carrier: 'set' as const,
    raw: '',
    record: recordOf({ phase }),
  });
  test('under way', () =>
    expect(verdictOf(snapshot, found('running'))).toEqual({
      health: 'Progressing',
      reason: 'scale by ada@laptop is under way (scale-down/2)',
    }));
  test('stopped', () => expect(verdictOf(snapshot, found('stopped'))?.health).toBe('Interrupted'));
  test('damaged: shown, never guessed at', () =>
    expect(verdictOf(snapshot, { state: 'damaged', carrier: 'set', raw: 'x', message: 'not JSON' })).toEqual({
      health: 'Interrupted',
      reason: 'the record of an operation on it is damaged: not JSON',
    }));
  test('a broken member matters more', () => {
    const pods = podsOf(setOf(), { 1: { waiting: 'CrashLoopBackOff' } });
    expect(verdictOf(snapshotOf({ set: setOf(), pods }), found('stopped'))?.health).toBe('Degraded');
  });
});

describe('members that are down', () => {
  const health = (over: Parameters<typeof podsOf>[1], spec = {}) => {
    const set = setOf({ spec });
    return verdictOf(snapshotOf({ set, pods: podsOf(set, over) }), undefined);
  };
  test('young and not Ready is on its way', () =>
    expect(health({ 1: { ready: false, readySince: 30, metadata: { creationTimestamp: ago(40) } } })?.health).toBe('Progressing'));
  test('old and not Ready has lost it', () => expect(health({ 1: { ready: false, readySince: 30 } })?.health).toBe('Degraded'));
  test('a Failed Pod is replaced by the controller', () =>
    expect(health({ 1: { phase: 'Failed', ready: false } })?.reason).toMatch(/^web-1 has ended .*; the controller replaces it$/));
  test('a missing one is created', () =>
    expect(health({ 2: undefined })).toEqual({ health: 'Progressing', reason: 'web-2 is waiting to be created' }));
  test('Parallel: nobody waits for anybody', () =>
    expect(health({ 0: { waiting: 'CrashLoopBackOff' }, 2: undefined }, { podManagementPolicy: 'Parallel' })?.health).toBe('Degraded'));
  test('many that wait are counted', () => {
    const set = setOf({ replicas: 9 });
    const pods = [podOf(set, 0, { waiting: 'CrashLoopBackOff' })];
    expect(verdictOf(snapshotOf({ set, pods }), undefined)?.reason).toContain('web-1 and 7 more wait to be created until it is');
  });
});

describe('why a member cannot be created', () => {
  const set = setOf();
  const failed = (over: object) => ({
    metadata: { name: 'e', uid: 'e', resourceVersion: '1' },
    reason: 'FailedCreate',
    message: 'create Pod web-2 in StatefulSet web failed error: pods "web-2" is forbidden: exceeded quota: budget',
    lastTimestamp: ago(MINUTE),
    involvedObject: { kind: 'StatefulSet', name: 'web' },
    ...over,
  });
  test('the newest event tells', () => {
    const older = failed({ lastTimestamp: ago(9 * MINUTE), message: 'create Pod web-2 in StatefulSet web failed error: older' });
    expect(whyUncreatable(set, 'web-2', [], [older, failed({})], NOW)).toBe('exceeded quota: budget');
  });
  test.each([
    ['too old', { lastTimestamp: ago(30 * MINUTE) }],
    ['of another member', { message: 'create Pod web-21 in StatefulSet web failed error: no' }],
    ['of another set', { involvedObject: { kind: 'StatefulSet', name: 'db' } }],
    ['of another reason', { reason: 'SuccessfulCreate' }],
  ])('not one that is %s', (_, over) => expect(whyUncreatable(set, 'web-2', [], [failed(over)], NOW)).toBeUndefined());
});

describe('eviction from a lost node', () => {
  const added = ago(100);
  const taint = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute', timeAdded: added };
  const node = nodeOf('node-2', { spec: { taints: [taint] } });
  const pod = (tolerations: readonly object[] | undefined) => podOf(setOf(), 2, tolerations === undefined ? {} : { spec: { tolerations } });
  const at = (seconds: number) => Date.parse(added) + seconds * 1000;
  test.each([
    [
      'the shortest that matches',
      [
        { key: taint.key, operator: 'Exists', tolerationSeconds: 300 },
        { operator: 'Exists', tolerationSeconds: 60 },
      ],
      at(60),
    ],
    ['no limit', [{ key: taint.key, operator: 'Exists', effect: 'NoExecute' }], 'never'],
    ['none that matches', [{ key: 'other', operator: 'Exists' }], at(0)],
    ['another effect', [{ key: taint.key, operator: 'Exists', effect: 'NoSchedule' }], at(0)],
    ['not known', undefined, undefined],
  ])('%s', (_, tolerations, expected) => expect(evictionAt(pod(tolerations), node)).toBe(expected));

  test('a node without the taint evicts nobody', () => expect(evictionAt(pod([]), nodeOf('node-2'))).toBeUndefined());
  test('lost is Ready False or Unknown, not a missing condition', () => {
    expect(isNodeLost(nodeOf('a'))).toBe(false);
    expect(isNodeLost({ ...nodeOf('a'), status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } })).toBe(true);
    expect(isNodeLost(undefined)).toBe(false);
  });
});

describe('a namespace that is being deleted', () => {
  const namespace = endingNamespace();
  const reason = 'namespace prod is Terminating: everything in it is being deleted';
  test('is more than the health of what is in it', () =>
    expect(verdictOf(worldOf(setOf(), { namespace }), undefined)).toEqual({ health: 'Terminating', reason }));
  test('leaves nothing to restore in it', () => {
    const left = { set: absent('not-found', NOW), pods: podsOf(setOf()), stored: { entries: [] } } as const;
    expect(verdictOf(snapshotOf({ ...left, namespace }), undefined)).toEqual({ health: 'Terminating', reason });
    expect(verdictOf(snapshotOf({ ...left, pods: [], namespace }), undefined)).toBeUndefined();
  });
  test('that may not be read says nothing', () => {
    const unread = unknown('forbidden', 'cannot get namespaces prod (forbidden)', NOW);
    expect(verdictOf(worldOf(setOf(), { namespace: unread }), undefined)?.health).toBe('Healthy');
  });
});
