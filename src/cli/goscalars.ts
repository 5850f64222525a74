/**
 * Booleans, whole numbers and durations as Go reads them (strconv.ParseBool, strconv.ParseInt with base 0,
 * time.ParseDuration), because pflag uses those and a flag must mean here what it means in kubectl.
 * Each returns undefined for a text that Go refuses.
 */
const truths = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const falsehoods = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

export function goBool(text: string): boolean | undefined {
  if (truths.has(text)) return true;
  return falsehoods.has(text) ? false : undefined;
}

/** Base 0: `0x10`, `0o17`, `0b11`, `017` (octal) and `1_000` are numbers. 64 bits; beyond 2^53 the value is rounded. */
export function goInt(text: string): number | undefined {
  const match =
    /^([+-]?)(0[xX]_?[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*|0[bB]_?[01]+(?:_[01]+)*|0[oO]?_?[0-7]+(?:_[0-7]+)*|0|[1-9][0-9]*(?:_[0-9]+)*)$/.exec(
      text,
    );
  if (!match) return undefined;
  const digits = (match[2] ?? '').replaceAll('_', '');
  const value = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  const signed = match[1] === '-' ? -value : value;
  return BigInt.asIntN(64, signed) === signed ? Number(signed) : undefined;
}

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Largest duration that Go can hold: 2^63 ns, about 292 years. */
const longestMs = 2 ** 63 / 1e6;

/** @returns milliseconds; a number needs its unit, only `0` stands alone. */
export function goDuration(text: string): number | undefined {
  if (/^[+-]?0$/.test(text)) return 0;
  const whole = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.exec(text);
  if (!whole) return undefined;
  let total = 0;
  for (const [, amount = '0', unit = 's'] of (whole[2] ?? '').matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)) {
    total += Number(amount) * (unitMs[unit] ?? 0);
  }
  if (total > longestMs) return undefined;
  return whole[1] === '-' ? -total : total;
}

/** As kubectl reads --request-timeout: a plain number is seconds, anything else is a duration. */
export function goTimeout(text: string): number | undefined {
  return /^\+?\d+$/.test(text) ? Number(text) * 1000 : goDuration(text);
}
