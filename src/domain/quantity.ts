/**
 * Kubernetes quantities (apimachinery pkg/api/resource), exactly: a whole number of billionths, the finest the API
 * keeps. Numbers of any size, no floating point.
 */
export type Quantity = bigint;

const UNIT: Quantity = 1_000_000_000n;

/** Powers of ten and of two, largest first, as the API writes them. */
const DECIMAL = { E: 18, P: 15, T: 12, G: 9, M: 6, k: 3, '': 0, m: -3, u: -6, n: -9 } as const;
const BINARY = { Ei: 60, Pi: 50, Ti: 40, Gi: 30, Mi: 20, Ki: 10 } as const;

/** The API caps binary quantities here, and only those. */
const BINARY_MAX: Quantity = ((1n << 63n) - 1n) * UNIT;

/** No real quantity has such an exponent; reading one must not take the memory of the machine. */
const MAX_EXPONENT = 400;

const FORM = /^[+-]?(?<whole>\d*)(?:\.(?<fraction>\d*))?(?:[eE](?<exponent>[+-]?\d+)|(?<binary>[KMGTPE]i)|(?<decimal>[numkMGTPE]?))$/;

/**
 * `1.5Gi`, `500m`, `1e3`, `12E` … as billionths; undefined for anything that is no quantity. What is finer than a
 * billionth is rounded away from zero, as the API does: whoever asks for something gets something.
 */
export function parseQuantity(text: string): Quantity | undefined {
  const found = FORM.exec(text)?.groups;
  const magnitude = found === undefined ? undefined : magnitudeOf(found);
  return magnitude !== undefined && text.startsWith('-') ? -magnitude : magnitude;
}

function magnitudeOf({
  whole = '',
  fraction = '',
  exponent,
  binary,
  decimal,
}: Readonly<Record<string, string | undefined>>): Quantity | undefined {
  if (whole + fraction === '') return undefined;
  const digits = BigInt(whole + fraction);
  return binary === undefined ? decimalOf(digits, fraction.length, exponent ?? decimal ?? '') : binaryOf(digits, fraction.length, binary);
}

function decimalOf(digits: bigint, places: number, exponent: string): Quantity | undefined {
  const power = isDecimal(exponent) ? DECIMAL[exponent] : Number(exponent);
  if (Math.abs(power) > MAX_EXPONENT) return undefined;
  const shift = 9 + power - places;
  return shift >= 0 ? digits * 10n ** BigInt(shift) : roundUp(digits, 10n ** BigInt(-shift));
}

function isDecimal(suffix: string): suffix is keyof typeof DECIMAL {
  return suffix in DECIMAL;
}

function binaryOf(digits: bigint, places: number, suffix: string): Quantity {
  const power = BINARY[suffix as keyof typeof BINARY];
  const value = roundUp((digits << BigInt(power)) * UNIT, 10n ** BigInt(places));
  return value > BINARY_MAX ? BINARY_MAX : value;
}

function roundUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}

/**
 * The shortest form that loses nothing: the largest suffix of the family that divides it. Fractions and numbers below
 * 1024 have no binary form and are written with decimal ones, as the API does.
 */
export function formatQuantity(value: Quantity, family: 'decimal' | 'binary' = 'decimal'): string {
  const binary = family === 'binary' ? Object.entries(BINARY).find(([, power]) => value % (UNIT << BigInt(power)) === 0n) : undefined;
  if (value === 0n) return '0';
  if (binary !== undefined) return `${value / (UNIT << BigInt(binary[1]))}${binary[0]}`;
  if (family === 'binary' && value % UNIT === 0n) return `${value / UNIT}`;
  const suffix = Object.entries(DECIMAL).find(([, power]) => value % 10n ** BigInt(9 + power) === 0n) ?? ['n', -9];
  return `${value / 10n ** BigInt(9 + suffix[1])}${suffix[0]}`;
}

/** The family in which a quantity was written, so that an answer looks like the question. */
export function familyOf(text: string): 'decimal' | 'binary' {
  return text.endsWith('i') ? 'binary' : 'decimal';
}
