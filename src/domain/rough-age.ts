/**
 * An age in one unit, as apimachinery's ShortHumanDuration: `45s`, `12m`, `5h`, `90d`, `3y`. For sentences, where two
 * units would be noise; negative ones are clocks that differ.
 *
 * @param ms milliseconds
 */
export function roughAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  const hours = Math.floor(seconds / 3600);
  if (hours < 24) return `${hours}h`;
  return hours < 24 * 365 ? `${Math.floor(hours / 24)}d` : `${Math.floor(hours / 24 / 365)}y`;
}
