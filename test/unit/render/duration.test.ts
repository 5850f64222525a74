import { expect, test } from 'vitest';
import { age, duration, elapsed } from '../../../src/render/duration.ts';

const S = 1000;
const M = 60 * S;
const H = 60 * M;
const D = 24 * H;

/** From apimachinery's duration_test.go, HumanDuration. */
test.each([
  [-5 * S, '0s'],
  [0, '0s'],
  [70 * S, '70s'],
  [119 * S, '119s'],
  [2 * M, '2m'],
  [3 * M + 12 * S, '3m12s'],
  [10 * M, '10m'],
  [179 * M, '179m'],
  [3 * H, '3h'],
  [3 * H + 10 * M, '3h10m'],
  [8 * H + M, '8h'],
  [47 * H, '47h'],
  [2 * D, '2d'],
  [2 * D + 10 * H, '2d10h'],
  [9 * D + 10 * H, '9d'],
  [365 * D, '365d'],
  [2 * 365 * D, '2y'],
  [2 * 365 * D + 20 * D, '2y20d'],
  [9 * 365 * D + 20 * D, '9y'],
])('%i ms is %s', (ms, shown) => expect(duration(ms)).toBe(shown));

test('elapsed shows tenths below ten seconds', () => {
  expect(elapsed(420)).toBe('0.4s');
  expect(elapsed(12_300)).toBe('12s');
});

test('age by the server’s clock', () => {
  const now = Date.parse('2026-06-01T12:00:00Z');
  expect(age('2026-06-01T11:56:48Z', now)).toBe('3m12s');
  expect(age('2026-06-01T12:00:05Z', now)).toBe('0s');
  expect(age(undefined, now)).toBe('<unknown>');
  expect(age('rubbish', now)).toBe('<unknown>');
});
