import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalise } from '../../../src/cli/argv.ts';
import type { FlagTable } from '../../../src/cli/flag-spec.ts';
import { goBool, goInt } from '../../../src/cli/goscalars.ts';
import { checkValues, either } from '../../../src/cli/values.ts';
import { UsageError } from '../../../src/domain/errors.ts';

const table = {
  replicas: { kind: 'int', range: [0, 2_147_483_647] },
  timeout: { kind: 'duration' },
  'request-timeout': { kind: 'seconds' },
  output: { kind: 'string', options: ['wide', 'json', 'yaml'] },
  reason: { kind: 'string' },
  yes: { kind: 'bool' },
  allow: { kind: 'list', commas: true },
} as const satisfies FlagTable;

const check = (...argv: readonly string[]) => checkValues(normalise(argv, table).flags, table);

describe('checkValues', () => {
  it('lets pass what there can be', () => {
    expect(() => check('--replicas=3', '--timeout=1m30s', '--request-timeout=5', '--yes=false', '--allow=a,b', '--reason=')).not.toThrow();
    expect(() => check()).not.toThrow();
  });

  it.each([
    ['--replicas=-1', 'invalid value "-1" for --replicas: must be a whole number from 0 to 2147483647'],
    ['--replicas=2147483648', 'invalid value "2147483648" for --replicas: must be a whole number from 0 to 2147483647'],
    ['--timeout=-5s', 'invalid value "-5s" for --timeout: must be from 0 (no limit) to 290 years'],
    ['--timeout=99999999h', 'invalid value "99999999h" for --timeout: must be from 0 (no limit) to 290 years'],
    ['--output=xml', 'invalid value "xml" for --output: must be wide, json or yaml'],
    ['--output=', 'invalid value "" for --output: must be wide, json or yaml'],
  ])('%s', (argument, message) => {
    expect(() => check(argument)).toThrow(UsageError);
    expect(() => check(argument)).toThrow(message);
  });

  it('says which value was meant', () => {
    expect(() => check('--output=jsn')).toThrow(expect.objectContaining({ hint: 'did you mean --output=json?' }));
  });
});

describe('Go numbers', () => {
  it.each([
    ['0', 0],
    ['-7', -7],
    ['+7', 7],
    ['010', 8],
    ['0o17', 15],
    ['0x1F', 31],
    ['0X_1f', 31],
    ['0b101', 5],
    ['1_000', 1000],
    ['0_7', 7],
  ])('%s is %d', (text, value) => {
    expect(goInt(text)).toBe(value);
  });

  it.each(['', '-', '1_', '_1', '1__0', '08', '0x', '1e3', '1.0', ' 1', '1 ', '٣', '9223372036854775808', `0${'7'.repeat(60)}x`])(
    '%j is none',
    (text) => {
      expect(goInt(text)).toBeUndefined();
    },
  );

  it('reads every whole number', () => {
    fc.assert(fc.property(fc.maxSafeInteger(), (value) => goInt(String(value)) === value));
  });
});

describe('Go booleans', () => {
  it.each(['1', 't', 'T', 'TRUE', 'true', 'True'])('%s is true', (text) => expect(goBool(text)).toBe(true));
  it.each(['0', 'f', 'F', 'FALSE', 'false', 'False'])('%s is false', (text) => expect(goBool(text)).toBe(false));
  it.each(['', 'yes', 'no', 'tRUE', 'on', '2'])('%j is neither', (text) => expect(goBool(text)).toBeUndefined());
});

it('joins words', () => {
  expect([either([]), either(['a']), either(['a', 'b']), either(['a', 'b', 'c'])]).toEqual(['', 'a', 'a or b', 'a, b or c']);
});
