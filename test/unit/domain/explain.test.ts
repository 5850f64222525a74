import { describe, expect, it } from 'vitest';
import { explainLeaving, explainMember, missingMember } from '../../../src/domain/explain.ts';
import type { CoreEvent, Pod } from '../../../src/domain/kube.ts';
import type { Snapshot } from '../../../src/domain/snapshot.ts';
import { judge } from '../../../src/execute/judge/judge.ts';
import { verdictOf } from '../../../src/inspect/verdict/verdict.ts';
import { ago, claimsFor, nodeOf, type PodOptions, podOf, podsOf, setOf, snapshotOf } from '../../support/objects.ts';

const db = setOf({ name: 'db', spec: { podManagementPolicy: 'Parallel' } });
const account = 'error looking up service account prod/db: serviceaccount "db" not found';

function failedCreate(name: string): CoreEvent {
  return {
    metadata: { name: 'e', uid: 'e', resourceVersion: '1' },
    reason: 'FailedCreate',
    message: `create Pod ${name} in StatefulSet db failed error: pods "${name}" is forbidden: ${account}`,
    lastTimestamp: ago(5),
    involvedObject: { kind: 'StatefulSet', name: 'db' },
  };
}

const web = setOf();
const looking = (over: Parameters<typeof snapshotOf>[0]): Snapshot => snapshotOf({ set: web, claims: claimsFor(web), ...over });
const pending = (over: PodOptions = {}): Pod =>
  podOf(web, 1, { phase: 'Pending', ready: false, readySince: 5, ...over, status: { containerStatuses: [], ...over.status } });
const unscheduled = pending({
  status: {
    conditions: [
      { type: 'Ready', status: 'False', lastTransitionTime: ago(5) },
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no volume' },
    ],
  },
});
const claims = (over: Parameters<typeof claimsFor>[1]) => claimsFor(web, over);

describe('a member', () => {
  it('that cannot be created: status, a wait for it and a scale-down behind it say the same sentence', () => {
    const sentence = `db-0 cannot be created: ${account}`;
    const snapshot = snapshotOf({ set: db, pods: [podOf(db, 1), podOf(db, 2), podOf(db, 3)], events: [failedCreate('db-0')] });
    expect(explainMember(db, { name: 'db-0', pod: undefined }, snapshot)).toBe(sentence);
    expect(judge({ is: 'members-ready', ordinals: [0, 1, 2] }, snapshot).note).toBe(`2 of 3 ready; ${sentence}`);
    expect(
      verdictOf(
        { ...snapshot, slices: { ...snapshot.slices, pods: snapshotOf({ pods: podsOf(db, { 0: undefined }) }).slices.pods! } },
        undefined,
      ),
    ).toEqual({
      health: 'Stalled',
      reason: sentence,
    });
    const staying = `db-3 stays although replicas is 3: db-0 cannot be created (${account}), and a Parallel controller removes nothing before that`;
    expect(verdictOf(snapshot, undefined)).toEqual({ health: 'Stalled', reason: staying });
    expect(judge({ is: 'no-pod', name: 'db-3' }, snapshot).note).toBe(staying);
  });

  it.each<[string, Snapshot, Pod | undefined, string]>([
    ['is not there, and nothing says why', looking({ pods: [] }), undefined, 'web-1 is waiting to be created'],
    ['waits for a PVC that is gone', looking({ claims: claims({ 1: undefined }) }), pending(), '; PVC data-web-1 does not exist'],
    [
      'waits for a PVC that has lost its volume',
      looking({ claims: claims({ 1: { phase: 'Lost' } }) }),
      pending(),
      '; PVC data-web-1 is Lost',
    ],
    [
      'waits for a PVC that is being deleted',
      looking({ claims: claims({ 1: { terminating: true } }) }),
      pending(),
      '; PVC data-web-1 is being deleted',
    ],
    [
      'waits for a volume',
      looking({ claims: claims({ 1: { phase: 'Pending' } }) }),
      unscheduled,
      'Unschedulable: no volume, for 5s); PVC data-web-1 is Pending',
    ],
    [
      'is what its Pending PVC waits for',
      looking({ claims: claims({ 1: { phase: 'Pending' } }) }),
      pending(),
      '(Pending, 0/1 containers, for 5s)',
    ],
    ['runs: its PVC is bound', looking({}), podOf(web, 1, { ready: false, readySince: 5 }), '(0/1 containers, for 5s)'],
    [
      'is on a lost node',
      looking({ nodes: [{ ...nodeOf('node-1'), status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } }] }),
      podOf(web, 1, { ready: false, readySince: 5 }),
      '(0/1 containers, for 5s); its node node-1 is not Ready',
    ],
  ])('%s', (_, snapshot, pod, words) => {
    const sentence = explainMember(web, { name: 'web-1', pod }, snapshot);
    expect(sentence.endsWith(words) ? words : sentence).toBe(words);
  });
});

describe('a Pod that is to go', () => {
  const leaving = (over: PodOptions, slices: Parameters<typeof snapshotOf>[0] = {}): string =>
    explainLeaving(podOf(web, 2, over), looking({ pods: [], ...slices }));

  it.each<[string, string, string]>([
    ['in time', leaving({ terminatingFor: 12 }), 'web-2 is terminating (18s of grace left)'],
    ['late', leaving({ terminatingFor: 35 }), 'web-2 is terminating (5s past its deadline); its node has not confirmed that it has ended'],
    [
      'kept by a finalizer',
      leaving({ terminatingFor: 35, metadata: { finalizers: ['example.com/hold'], deletionTimestamp: ago(5) } }),
      'web-2 is terminating (5s past its deadline); finalizer example.com/hold keeps it',
    ],
    ['not told yet', leaving({}), 'web-2 is not terminating yet'],
  ])('%s', (_, is, wanted) => {
    expect(is).toBe(wanted);
  });

  it('and that the controller leaves alone: a wait says what status says', () => {
    const two = setOf({ replicas: 2 });
    const pods = podsOf(setOf(), { 0: { waiting: 'CrashLoopBackOff' } });
    const snapshot = snapshotOf({ set: two, pods });
    const sentence =
      'web-2 stays although replicas is 2: web-0 is not Ready (0/1 containers, CrashLoopBackOff, for 1h); no member is removed until it is Ready';
    expect(verdictOf(snapshot, undefined)).toEqual({ health: 'Stalled', reason: sentence });
    expect(judge({ is: 'no-pod', name: 'web-2' }, snapshot).note).toBe(sentence);
  });
});

describe('a set whose change the controller has not seen', () => {
  it('is told alike by status and by a wait', () => {
    const snapshot = snapshotOf({ set: setOf({ metadata: { generation: 4 }, status: { observedGeneration: 3 } }), pods: [] });
    const sentence = 'the controller has not seen generation 4 yet, only 3';
    expect(verdictOf(snapshot, undefined)?.reason).toBe(sentence);
    expect(judge({ is: 'set-observed' }, snapshot).note).toBe(sentence);
  });
});

describe('what else is waited for', () => {
  const rolling = setOf({ status: { updateRevision: 'web-b' } });
  const old = { revision: 'web-a' };
  const stale = (over: Parameters<typeof podsOf>[1], set = rolling): string =>
    judge({ is: 'members-updated', ordinals: [0, 1, 2] }, snapshotOf({ set, pods: podsOf(set, over) })).note;

  it('a member to be replaced: what status says of its rollout', () => {
    const broken = { 0: old, 1: old, 2: { waiting: 'CrashLoopBackOff' } };
    const why = verdictOf(snapshotOf({ set: rolling, pods: podsOf(rolling, broken) }), undefined)?.reason;
    expect(why).toMatch(/^web-2 is not Ready .* at the new web-b; the rollout does not progress/);
    expect(stale(broken)).toBe(`web-0 is not replaced yet: ${why}`);
    expect(stale({ 0: undefined, 1: old })).toBe('web-0 is waiting to be created');
    expect(stale({ 0: old })).toBe('web-0 is not replaced yet: rolling out web-b: 1 member to go');
  });

  it.each([
    ['that was not told', {}, 'PVC data-web-2 is not terminating yet'],
    ['that is in use', { 2: { terminating: true } }, 'PVC data-web-2 is terminating; Pod web-2 still uses it'],
  ])('a PVC %s', (_, over, note) => {
    const left = claims(over);
    const [claim] = left.slice(2);
    const condition = { is: 'claims-gone', claims: [{ name: 'data-web-2', uid: claim?.metadata.uid ?? '' }] } as const;
    expect(judge(condition, snapshotOf({ set: web, pods: podsOf(web), claims: left })).note).toBe(note);
  });

  it.each([
    [{}, 'StatefulSet web is not terminating yet'],
    [{ deletionTimestamp: ago(1) }, 'StatefulSet web is terminating'],
    [
      { deletionTimestamp: ago(1), finalizers: ['orphan'] },
      'StatefulSet web is terminating; the garbage collector has not released its Pods yet',
    ],
  ])('a set %j', (metadata, note) => {
    expect(judge({ is: 'set-gone', uid: web.metadata.uid }, snapshotOf({ set: setOf({ metadata }), pods: [] })).note).toBe(note);
  });
});

describe('the member that is to be created next', () => {
  it.each<[string, Snapshot, string | undefined]>([
    ['ordered: the lowest', looking({ pods: [] }), 'web-0'],
    ['ordered: none, while a lower one is not Ready', looking({ pods: [podOf(web, 0, { ready: false })] }), undefined],
    ['Parallel: any', snapshotOf({ set: db, pods: [podOf(db, 0, { ready: false }), podOf(db, 1)] }), 'db-2'],
    ['none', looking({ pods: podsOf(web) }), undefined],
    [
      'not known before the controller has looked',
      looking({ set: setOf({ metadata: { generation: 2 }, status: { observedGeneration: 1 } }), pods: [] }),
      undefined,
    ],
  ])('%s', (_, snapshot, name) => {
    expect(missingMember(snapshot)).toBe(name);
  });
});
