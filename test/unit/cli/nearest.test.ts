import { expect, it } from 'vitest';
import { nearest } from '../../../src/cli/nearest.ts';

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
