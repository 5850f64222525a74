/**
 * Booleans and whole numbers as Go reads them (strconv.ParseBool, strconv.ParseInt with base 0), because pflag uses
 * those and a flag must mean here what it means in kubectl. Each returns undefined for a text that Go refuses.
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
