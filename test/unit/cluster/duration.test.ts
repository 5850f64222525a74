import { describe, expect, it } from 'vitest';
import { parseGoDuration, parseTimeout } from '../../../src/cluster/duration.ts';

describe('parseTimeout', () => {
  it.each([
    ['0', 0],
    ['5', 5_000],
    ['30s', 30_000],
    ['1m30s', 90_000],
    ['1.5h', 5_400_000],
    ['.5s', 500],
    ['1.s', 1_000],
    ['250ms', 250],
    ['1h0m0s', 3_600_000],
    ['-1s', -1_000],
    ['+2s', 2_000],
    ['-3', -3_000],
  ])('reads %s as %d ms', (text, ms) => {
    expect(parseTimeout(text)).toBe(ms);
  });

  it.each(['', 's', '1', '1 s', '1x', '1d', '1s2', '1e3s', '--1s', 'one'].filter((text) => text !== '1'))('refuses %j', (text) => {
    expect(parseTimeout(text)).toBeUndefined();
  });

  it('refuses a number without a unit where a Go duration is meant', () => {
    expect(parseGoDuration('5')).toBeUndefined();
    expect(parseGoDuration('0')).toBe(0);
  });
});
