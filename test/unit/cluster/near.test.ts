import { describe, expect, it } from 'vitest';
import { editDistance, nearMatches, suggestion } from '../../../src/cluster/near.ts';

describe('near names', () => {
  it.each([
    ['web', 'web', 0],
    ['web', 'wbe', 2],
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
