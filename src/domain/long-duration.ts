const UNITS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 };

/**
 * `7d`, `36h`, `1d12h`: Go's durations with days, as people say how long data is kept. Undefined for anything else, and for
 * negative ones.
 * @returns milliseconds
 */
export function parseLongDuration(text: string): number | undefined {
  if (!/^(?:\d{1,6}[dhms])+$/.test(text)) return undefined;
  const parts = text.match(/\d+[dhms]/g) ?? [];
  return parts.reduce((sum, part) => sum + Number(part.slice(0, -1)) * (UNITS[part.slice(-1)] ?? 0), 0);
}
