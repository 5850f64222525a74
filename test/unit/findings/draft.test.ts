import { describe, expect, it } from 'vitest';
import { absent, unknown } from '../../../src/domain/reading.ts';
import { count, known, kubectl, mergePatch, names, operationToRun, seen, subjectOf } from '../../../src/findings/draft.ts';
import { metaOf, NOW, snapshotOf } from '../../support/objects.ts';

describe('the words of a draft', () => {
  it('a subject has the namespace that its object has', () => {
    expect(subjectOf('pod', { metadata: metaOf('pod', 'web-0') })).toEqual({ kind: 'pod', name: 'web-0', namespace: 'prod' });
    expect(subjectOf('node', { metadata: { name: 'n', uid: 'u', resourceVersion: '1' } })).toEqual({ kind: 'node', name: 'n' });
  });

  it('what is not there reads <none>', () => {
    expect([seen('pod/a', 'x', undefined).value, seen('pod/a', 'x', 0).value, seen('pod/a', 'x', false).value]).toEqual([
      '<none>',
      '0',
      'false',
    ]);
  });

  it('remedies have a reason where one is given', () => {
    expect(kubectl('get', ['pods'])).toEqual({ do: 'kubectl', args: ['get', 'pods'] });
    expect(operationToRun('status', 'web', {}, 'look')).toEqual({
      do: 'operation',
      operation: 'status',
      subject: { kind: 'statefulset', name: 'web' },
      options: {},
      why: 'look',
    });
    expect(mergePatch('pdb', 'a', { x: 1 }, 'so').args).toEqual(['patch', 'pdb', 'a', '--type', 'merge', '-p', '{"x":1}']);
  });

  it('counts and names', () => {
    expect([count(0, 'pod'), count(1, 'pod'), count(2, 'pod')]).toEqual(['0 pods', '1 pod', '2 pods']);
    expect(names(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c, d, e');
    expect(names(['a', 'b', 'c', 'd', 'e', 'f'])).toBe('a, b, c, d and 2 more');
  });

  it('absent is empty, unknown is not', () => {
    expect(known(snapshotOf({ hpas: absent('not-served', NOW) }), 'hpas')).toEqual([]);
    expect(known(snapshotOf({ hpas: unknown('forbidden', 'no', NOW) }), 'hpas')).toBeUndefined();
    expect(known(snapshotOf({}), 'hpas')).toBeUndefined();
    expect(known(snapshotOf({ hpas: [] }), 'hpas')).toEqual([]);
  });
});
