import { expect, test } from 'vitest';
import { colorChoice, styleFor } from '../../../src/render/style.ts';

test.each([
  ['auto', {}, true, true],
  ['auto', {}, false, false],
  ['auto', { NO_COLOR: '1' }, true, false],
  ['auto', { NO_COLOR: '' }, true, true],
  ['auto', { TERM: 'dumb' }, true, false],
  ['always', { NO_COLOR: '1' }, false, true],
  ['never', {}, true, false],
] as const)('--color=%s with %j on a terminal %s: %s', (flag, env, isTTY, colour) => {
  expect(colorChoice(flag, env, isTTY)).toBe(colour);
});

test('no colour is no escape code', () => {
  expect(styleFor(false).bad('x')).toBe('x');
  expect(styleFor(true).bad('x')).toBe('\u001b[31mx\u001b[39m');
  expect(styleFor(true).bad('')).toBe('');
});
