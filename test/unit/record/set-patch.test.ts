import { describe, expect, it } from 'vitest';
import { ChangedError } from '../../../src/domain/errors.ts';
import { alreadyChanged, setPatch } from '../../../src/record/set-patch.ts';
import { setOf } from '../../support/objects.ts';

const scaleDown = [{ path: '/spec/replicas', from: 3, to: 2 }] as const;
const annotated = (record: string, more: Record<string, string> = {}) =>
  setOf({ metadata: { annotations: { 'sts-safe.dev/operation': record, ...more } } });

describe('the patch of a set', () => {
  it('tests uid, generation, the record and the old value, and changes both in one', () => {
    expect(setPatch(annotated('old'), 'uid-statefulset-web', scaleDown, { from: 'old', to: 'new' })).toEqual([
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
    const ops = setPatch({ ...setOf(), metadata }, 'uid-statefulset-web', [], { from: undefined, to: 'new' });
    expect(ops).toContainEqual({ op: 'test', path: '/metadata/resourceVersion', value: '100' });
    expect(ops).toContainEqual({ op: 'add', path: '/metadata/annotations', value: {} });
  });

  it('leaves the other annotations of a set that has some', () => {
    const ops = setPatch(setOf({ metadata: { annotations: { team: 'db' } } }), 'uid-statefulset-web', [], { from: undefined, to: 'new' });
    expect(ops.filter(({ path }) => path === '/metadata/annotations')).toEqual([]);
  });

  it('takes the heartbeat off with the record', () => {
    const set = annotated('old', { 'sts-safe.dev/heartbeat': 'now' });
    const removed = setPatch(set, 'uid-statefulset-web', [], { from: 'old', to: undefined }).filter(({ op }) => op === 'remove');
    expect(removed.map(({ path }) => path)).toEqual([
      '/metadata/annotations/sts-safe.dev~1operation',
      '/metadata/annotations/sts-safe.dev~1heartbeat',
    ]);
  });

  it.each([
    ['another object', annotated('old'), 'uid-other', { from: 'old', to: 'new' }, /created again by somebody else/],
    ['our record gone', setOf(), 'uid-statefulset-web', { from: 'old', to: 'new' }, /taken off by somebody else/],
    ['another record', annotated('theirs'), 'uid-statefulset-web', { from: 'old', to: 'new' }, /changed by somebody else/],
    [
      'another value',
      setOf({ replicas: 5 }),
      'uid-statefulset-web',
      { from: undefined, to: 'new' },
      /^replicas of StatefulSet web is 5, planned on 3/,
    ],
  ] as const)('says what changed: %s', (_, set, uid, record, message) => {
    expect(() => setPatch(set, uid, scaleDown, record)).toThrow(ChangedError);
    expect(() => setPatch(set, uid, scaleDown, record)).toThrow(message);
  });

  it('recognises a write whose answer was lost', () => {
    const record = { from: 'old', to: 'new' };
    expect(alreadyChanged(annotated('new'), 'uid-statefulset-web', [], record)).toBe(true);
    expect(alreadyChanged(annotated('old'), 'uid-statefulset-web', [], record)).toBe(false);
    expect(alreadyChanged(annotated('new'), 'uid-statefulset-web', scaleDown, record)).toBe(false);
  });
});
