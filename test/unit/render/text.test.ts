import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { displayWidth, hanging, inert, quotedSafe, safe, truncate, wrap } from '../../../src/render/text.ts';
import { evil, RAW } from '../../support/evil-text.ts';

describe('safe', () => {
  test.each([
    ['\u001b[2Jgone', '\\x1b[2Jgone'],
    ['a\nb\tc\rd', 'a\\nb\\tc\\rd'],
    ['\u009b31m', '\\x9b31m'],
    ['web\u202e1-', 'web\\u202e1-'],
    ['zero\u200bwidth', 'zero\\u200bwidth'],
    ['tag\u{e0041}', 'tag\\u{e0041}'],
    ['half \ud800 pair', 'half \\ud800 pair'],
    ['plain ünï 数据 🎉', 'plain ünï 数据 🎉'],
  ])('%j is shown as %j', (text, shown) => expect(safe(text)).toBe(shown));

  test('leaves nothing that moves a terminal, whatever comes', () => {
    fc.assert(fc.property(evil, (text) => !RAW.test(safe(text))));
  });

  test('is the same when applied twice', () => {
    fc.assert(fc.property(evil, (text) => safe(safe(text)) === safe(text)));
  });
});

test('inert reaches every string and key', () => {
  expect(inert({ 'k\u001b': ['\u0007', 1, null, { deep: '\u202e' }] })).toEqual({ 'k\\x1b': ['\\x07', 1, null, { deep: '\\u202e' }] });
});

test('JSON stays the same document when its unprintables are escaped', () => {
  fc.assert(
    fc.property(evil, (text) => {
      const json = quotedSafe(JSON.stringify({ text }));
      return JSON.parse(json).text === text && !RAW.test(json);
    }),
  );
});

describe('width', () => {
  test.each([
    ['abc', 3],
    ['数据', 4],
    ['🎉', 2],
    ['e\u0301', 1],
    ['\u001b[31mred\u001b[39m', 3],
    ['', 0],
    ['…→●', 3],
    ['ﾊﾟ ａ', 5],
    ['한국', 4],
    ['\u1112\u1161\u11ab', 2],
    ['👩\u200d👩\u200d👧', 2],
    ['1\ufe0f\u20e3', 2],
  ])('%j takes %i columns', (text, columns) => expect(displayWidth(text)).toBe(columns));

  test('truncated text never takes more than it may', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 0, max: 40 }),
        (text, n) => displayWidth(truncate(safe(text), n)) <= n,
      ),
    );
  });

  test('cuts with an ellipsis', () => {
    expect(truncate('a long sentence', 8)).toBe('a long…');
    expect(truncate('数据数据', 4)).toBe('数…');
    expect(truncate('short', 8)).toBe('short');
  });
});

describe('wrap', () => {
  test('breaks at blanks and keeps long words whole', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('a averylongword b', 5)).toEqual(['a', 'averylongword', 'b']);
  });
  test('no line is longer than it may be, but for a word that is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 4, max: 40 }), (text, n) => {
        const lines = wrap(safe(text), n);
        return lines.every((line) => displayWidth(line) <= n || !line.trim().includes(' '));
      }),
    );
  });
  test('hangs under the first line', () => {
    expect(hanging('one two three four five six', 30, '  seen  ')).toEqual(['  seen  one two three four', '        five six']);
  });
});
