const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  '\u00b5s': 1e-3,
  '\u03bcs': 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

const TERM = /^(\d+(?:\.\d*)?|\.\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/;

/**
 * `--request-timeout` as kubectl reads it: a whole number is seconds, anything else a Go duration (`1m30s`, `1.5h`).
 * Source: client-go tools/clientcmd ParseTimeout, Go time.ParseDuration.
 *
 * @returns milliseconds, or undefined when the text is neither.
 */
export function parseTimeout(text: string): number | undefined {
  return /^[+-]?\d+$/.test(text) ? Number(text) * 1000 : parseGoDuration(text);
}

/** Go's time.ParseDuration in milliseconds; undefined where Go reports an error. */
export function parseGoDuration(text: string): number | undefined {
  const negative = text.startsWith('-');
  let rest = /^[+-]/.test(text) ? text.slice(1) : text;
  if (rest === '0') return 0;
  if (rest === '') return undefined;
  let total = 0;
  while (rest !== '') {
    const term = TERM.exec(rest);
    if (term === null) return undefined;
    total += Number(term[1]) * (UNIT_MS[term[2] ?? ''] ?? Number.NaN);
    rest = rest.slice(term[0].length);
  }
  return negative ? -total : total;
}
