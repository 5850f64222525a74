import { describe, expect, it } from 'vitest';
import { editDistance, nearest, nearMatches, suggestion } from '../../../src/domain/near.ts';

describe('near names', () => {
  it.each([
    ['web', 'web', 0],
    ['web', 'wbe', 1],
    ['web', 'webs', 1],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
  ])('from %s to %s it is %d', (from, to, edits) => {
    expect(editDistance(from, to)).toBe(edits);
    expect(editDistance(to, from)).toBe(edits);
  });

  it('are few edits away, or begin alike, nearest first', () => {
    expect(nearMatches('postgre', ['mysql', 'postgres', 'postgresql-ha', 'redis', 'postgre2'])).toEqual([
      'postgre2',
      'postgres',
      'postgresql-ha',
    ]);
  });

  it('do not turn a short name into anything', () => {
    expect(nearMatches('db', ['web', 'es', 'mq'])).toEqual([]);
  });

  it('are asked for, or what there is is listed', () => {
    expect(suggestion('prod1', ['prod', 'prod2', 'dev'])).toBe('did you mean "prod" or "prod2"?');
    expect(suggestion('production', ['a', 'b'])).toBe('there is "a", "b"');
    expect(suggestion('x', [])).toBeUndefined();
  });
});

describe('the word that was meant', () => {
  const known = ['namespace', 'no-headers', 'output', 'replicas', 'yes', 'scale', 'status'];

  it.each([
    ['namespcae', 'namespace'],
    ['replica', 'replicas'],
    ['rep', 'replicas'],
    ['outptu', 'output'],
    ['sacle', 'scale'],
    ['yse', 'yes'],
    ['STATUS', 'status'],
    ['delete', undefined],
    ['x', undefined],
    ['', undefined],
  ])('%s means %s', (typed, meant) => {
    expect(nearest(typed, known)).toBe(meant);
  });
});
