const SECOND = 1000;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** One row a range, as in apimachinery's duration.HumanDuration: below `until` seconds, in these units. */
const RANGES = [
  { until: 2 * MINUTE, unit: 1, name: 's' },
  { until: 10 * MINUTE, unit: MINUTE, name: 'm', rest: { unit: 1, name: 's' } },
  { until: 3 * HOUR, unit: MINUTE, name: 'm' },
  { until: 8 * HOUR, unit: HOUR, name: 'h', rest: { unit: MINUTE, name: 'm' } },
  { until: 2 * DAY, unit: HOUR, name: 'h' },
  { until: 8 * DAY, unit: DAY, name: 'd', rest: { unit: HOUR, name: 'h' } },
  { until: 2 * YEAR, unit: DAY, name: 'd' },
  { until: 8 * YEAR, unit: YEAR, name: 'y', rest: { unit: DAY, name: 'd' } },
  { until: Number.POSITIVE_INFINITY, unit: YEAR, name: 'y' },
] as const;

/**
 * A duration as kubectl prints it: `45s`, `3m12s`, `2d`. Negative ones are clocks that differ: `0s`.
 *
 * @param ms milliseconds.
 */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND));
  for (const range of RANGES) {
    if (seconds >= range.until) continue;
    const whole = `${Math.floor(seconds / range.unit)}${range.name}`;
    if (!('rest' in range)) return whole;
    const rest = Math.floor((seconds % range.unit) / range.rest.unit);
    return rest === 0 ? whole : `${whole}${rest}${range.rest.name}`;
  }
  return '<unknown>';
}

/** How long something took: tenths below ten seconds, where they tell something. */
export function elapsed(ms: number): string {
  return ms < 10 * SECOND ? `${(Math.max(0, ms) / SECOND).toFixed(1)}s` : duration(ms);
}

/** Age of an RFC 3339 time by the server's clock; kubectl's `<unknown>` when there is none. */
export function age(since: string | undefined, now: number): string {
  const at = since === undefined ? Number.NaN : Date.parse(since);
  return Number.isNaN(at) ? '<unknown>' : duration(now - at);
}
