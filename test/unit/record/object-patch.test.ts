import { describe, expect, it } from 'vitest';
import { ChangedError } from '../../../src/domain/errors.ts';
import { refTo } from '../../../src/domain/object-ref.ts';
import { isAsSent, isChanged, objectPatch } from '../../../src/record/object-patch.ts';
import { claimOf, setOf } from '../../support/objects.ts';

const scaleDown = [{ path: '/spec/replicas', from: 3, to: 2 }] as const;
const web = { ref: refTo('statefulsets', 'shop', 'web'), uid: 'uid-statefulset-web' };
const annotated = (record: string, more: Record<string, string> = {}) =>
  setOf({ metadata: { annotations: { 'sts-safe.dev/operation': record, ...more } } });

describe('the patch of a set', () => {
  it('tests uid, generation, the record and the old value, and changes both in one', () => {
    expect(objectPatch(annotated('old'), web, scaleDown, { from: 'old', to: 'new' })).toEqual([
      { op: 'test', path: '/metadata/uid', value: 'uid-statefulset-web' },
      { op: 'test', path: '/metadata/generation', value: 1 },
      { op: 'test', path: '/metadata/annotations/sts-safe.dev~1operation', value: 'old' },
      { op: 'add', path: '/metadata/annotations/sts-safe.dev~1operation', value: 'new' },
      { op: 'test', path: '/spec/replicas', value: 3 },
      { op: 'replace', path: '/spec/replicas', value: 2 },
    ]);
  });

  it('tests the resourceVersion where absence must hold, and makes the map where there is none', () => {
    const { annotations: _, ...metadata } = setOf().metadata;
    const ops = objectPatch({ ...setOf(), metadata }, web, [], { from: undefined, to: 'new' });
    expect(ops).toContainEqual({ op: 'test', path: '/metadata/resourceVersion', value: '100' });
    expect(ops).toContainEqual({ op: 'add', path: '/metadata/annotations', value: {} });
  });

  it('leaves the other annotations of a set that has some', () => {
    const ops = objectPatch(setOf({ metadata: { annotations: { team: 'db' } } }), web, [], { from: undefined, to: 'new' });
    expect(ops.filter(({ path }) => path === '/metadata/annotations')).toEqual([]);
  });

  it('puts the label beside the record, over an older one, and makes the map where there is none', () => {
    const path = '/metadata/labels/sts-safe.dev~1operation';
    const record = { from: undefined, to: 'new', label: 'rollout-start' };
    const labelled = (labels?: Record<string, string>) => {
      const { labels: _, ...metadata } = setOf().metadata;
      const set = { ...setOf(), metadata: { ...metadata, ...(labels === undefined ? {} : { labels }) } };
      return objectPatch(set, web, [], record).filter((op) => op.path.startsWith('/metadata/labels'));
    };
    const added = { op: 'add', path, value: 'rollout-start' };
    expect(labelled()).toEqual([{ op: 'add', path: '/metadata/labels', value: {} }, added]);
    expect(labelled({ team: 'db', 'sts-safe.dev/operation': 'delete' })).toEqual([added]);
    expect(labelled({ 'sts-safe.dev/operation': 'rollout-start' })).toEqual([]);
  });

  it('takes the heartbeat and the label off with the record', () => {
    const annotations = { 'sts-safe.dev/operation': 'old', 'sts-safe.dev/heartbeat': 'now' };
    const set = setOf({ metadata: { annotations, labels: { 'sts-safe.dev/operation': 'scale' } } });
    const removed = objectPatch(set, web, [], { from: 'old', to: undefined }).filter(({ op }) => op === 'remove');
    expect(removed.map(({ path }) => path)).toEqual([
      '/metadata/annotations/sts-safe.dev~1operation',
      '/metadata/annotations/sts-safe.dev~1heartbeat',
      '/metadata/labels/sts-safe.dev~1operation',
    ]);
  });

  it.each([
    ['another object', annotated('old'), 'uid-other', { from: 'old', to: 'new' }, /created again by another client/],
    [
      'our record gone',
      setOf(),
      'uid-statefulset-web',
      { from: 'old', to: 'new' },
      /removed from .* by another client|was removed by another client/,
    ],
    ['another record', annotated('theirs'), 'uid-statefulset-web', { from: 'old', to: 'new' }, /changed by another client/],
    [
      'another value',
      setOf({ replicas: 5 }),
      'uid-statefulset-web',
      { from: undefined, to: 'new' },
      /^replicas of StatefulSet web is 5, planned on 3/,
    ],
  ] as const)('says what changed: %s', (_, set, uid, record, message) => {
    expect(() => objectPatch(set, { ...web, uid }, scaleDown, record)).toThrow(ChangedError);
    expect(() => objectPatch(set, { ...web, uid }, scaleDown, record)).toThrow(message);
  });

  it('recognises a write whose answer was lost', () => {
    const record = { from: 'old', to: 'new' };
    expect(isChanged(annotated('new'), 'uid-statefulset-web', [], record)).toBe(true);
    expect(isChanged(annotated('old'), 'uid-statefulset-web', [], record)).toBe(false);
    expect(isChanged(annotated('new'), 'uid-statefulset-web', scaleDown, record)).toBe(false);
  });

  it('tests the resourceVersion of an object that has no generation', () => {
    const claim = claimOf(setOf(), 0);
    const object = { ref: refTo('persistentvolumeclaims', 'shop', 'data-web-0'), uid: claim.metadata.uid };
    const ops = objectPatch(claim, object, [{ path: '/spec/resources/requests/storage', from: '1Gi', to: '2Gi' }]);
    expect(ops.map(({ path }) => path)).not.toContain('/metadata/generation');
    expect(ops).toContainEqual({ op: 'test', path: '/metadata/resourceVersion', value: claim.metadata.resourceVersion });
  });

  it('recognises what it sent although the server has added defaults, and nothing else', () => {
    const sent = { spec: { containers: [{ name: 'db', image: 'mongo:8.1' }] } };
    const stored = { spec: { containers: [{ name: 'db', image: 'mongo:8.1', imagePullPolicy: 'Always' }], dnsPolicy: 'ClusterFirst' } };
    expect(isAsSent(sent, stored)).toBe(true);
    expect(isAsSent(stored, sent)).toBe(false);
    expect(isAsSent({ spec: { containers: [{ name: 'db', image: 'mongo:8.0' }] } }, stored)).toBe(false);
  });
});
