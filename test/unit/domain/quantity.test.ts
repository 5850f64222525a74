import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { familyOf, formatQuantity, parseQuantity } from '../../../src/domain/quantity.ts';

const ONE = 1_000_000_000n;
const POWERS: Readonly<Record<string, readonly [bigint, bigint]>> = {
  n: [1n, 10n ** 9n],
  u: [1n, 10n ** 6n],
  m: [1n, 10n ** 3n],
  '': [1n, 1n],
  k: [10n ** 3n, 1n],
  M: [10n ** 6n, 1n],
  G: [10n ** 9n, 1n],
  T: [10n ** 12n, 1n],
  P: [10n ** 15n, 1n],
  E: [10n ** 18n, 1n],
  e3: [10n ** 3n, 1n],
  'E-3': [1n, 10n ** 3n],
  'e+6': [10n ** 6n, 1n],
  Ki: [2n ** 10n, 1n],
  Mi: [2n ** 20n, 1n],
  Gi: [2n ** 30n, 1n],
};

const suffix = fc.constantFrom(...Object.keys(POWERS));
const digits = fc.string({ unit: fc.constantFrom('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'), minLength: 0, maxLength: 12 });
const sign = fc.constantFrom('', '+', '-');

describe('parseQuantity', () => {
  it.each([
    ['0', 0n],
    ['1', ONE],
    ['+1', ONE],
    ['-1', -ONE],
    ['007', 7n * ONE],
    ['.5', ONE / 2n],
    ['5.', 5n * ONE],
    ['500m', ONE / 2n],
    ['1.5Gi', (3n * ONE * 2n ** 30n) / 2n],
    ['1Ei', 2n ** 60n * ONE],
    ['1E', 10n ** 18n * ONE],
    ['1E3', 1000n * ONE],
    ['1e3', 1000n * ONE],
    ['12e-3', 12n * (ONE / 1000n)],
    ['0.1n', 1n],
    ['-0.1n', -1n],
    ['0.0000000001Ki', 103n],
    ['8Ei', (2n ** 63n - 1n) * ONE],
    ['-9Ei', -(2n ** 63n - 1n) * ONE],
    ['9223372036854775808', 2n ** 63n * ONE],
  ])('%s', (text, nano) => {
    expect(parseQuantity(text)).toBe(nano);
  });

  it.each([
    '',
    '.',
    '-',
    '+',
    ' 1',
    '1 ',
    '1.2.3',
    '1ki',
    '1Kii',
    '1mi',
    '0.1am',
    '1i',
    '1e',
    '1e1.5',
    '--1',
    '1+1',
    '0x10',
    'Gi',
    '1,5',
    '1e9999',
    '1_000',
  ])('is no quantity: "%s"', (text) => {
    expect(parseQuantity(text)).toBeUndefined();
  });

  it('is digits times the power of the suffix, rounded away from zero at a billionth', () => {
    fc.assert(
      fc.property(sign, digits, digits, suffix, (minus, whole, fraction, unit) => {
        fc.pre(whole + fraction !== '');
        const [times, over] = POWERS[unit] ?? [1n, 1n];
        const dividend = BigInt(whole + fraction) * times * ONE;
        const divisor = over * 10n ** BigInt(fraction.length);
        const magnitude = (dividend + divisor - 1n) / divisor;
        const capped = unit.endsWith('i') && magnitude > (2n ** 63n - 1n) * ONE ? (2n ** 63n - 1n) * ONE : magnitude;
        expect(parseQuantity(`${minus}${whole}.${fraction}${unit}`)).toBe(minus === '-' ? -capped : capped);
      }),
    );
  });

  it('never throws, whatever it is given', () => {
    fc.assert(fc.property(fc.string(), (text) => ['bigint', 'undefined'].includes(typeof parseQuantity(text))));
  });
});

describe('formatQuantity', () => {
  it.each([
    [0n, 'decimal', '0'],
    [ONE, 'decimal', '1'],
    [ONE / 2n, 'decimal', '500m'],
    [1500n * ONE, 'decimal', '1500'],
    [2000n * ONE, 'decimal', '2k'],
    [1n, 'decimal', '1n'],
    [-3n * ONE, 'decimal', '-3'],
    [(3n * ONE * 2n ** 30n) / 2n, 'binary', '1536Mi'],
    [1024n * ONE, 'binary', '1Ki'],
    [1000n * ONE, 'binary', '1000'],
    [ONE / 2n, 'binary', '500m'],
    [-2048n * ONE, 'binary', '-2Ki'],
  ] as const)('%s %s', (value, family, text) => {
    expect(formatQuantity(value, family)).toBe(text);
  });

  it('loses nothing', () => {
    const value = fc.bigInt({ min: -(2n ** 63n - 1n) * ONE, max: (2n ** 63n - 1n) * ONE });
    fc.assert(
      fc.property(value, fc.constantFrom('decimal' as const, 'binary' as const), (quantity, family) => {
        expect(parseQuantity(formatQuantity(quantity, family))).toBe(quantity);
      }),
    );
  });

  it('uses the family that the question was in', () => {
    expect([familyOf('10Gi'), familyOf('10G'), familyOf('10')]).toEqual(['binary', 'decimal', 'decimal']);
  });
});
