import { parseGoDuration, parseTimeout } from '../cluster/duration.ts';
import { UsageError } from '../domain/errors.ts';
import { nearest } from '../domain/near.ts';
import type { FlagSpec, FlagTable, RawValue } from './flag-spec.ts';
import { goInt } from './goscalars.ts';

/**
 * Checks normalised flags: whole numbers within the flag's range, durations that there can be, one of the flag's values. The
 * one place where a value is refused, always with what would be right; oclif's flags only convert it then.
 *
 * @throws UsageError
 */
export function checkValues(flags: Readonly<Record<string, RawValue>>, table: FlagTable): void {
  for (const [name, raw] of Object.entries(flags)) {
    const spec = table[name];
    if (spec && typeof raw === 'string') checkValue(name, spec, raw);
  }
}

function checkValue(name: string, spec: FlagSpec, raw: string): void {
  if (spec.kind === 'int') checkNumber(name, spec, raw);
  else if (spec.kind === 'duration' || spec.kind === 'seconds') checkTime(name, spec, raw);
  else checkOption(name, spec, raw);
}

function checkNumber(name: string, { range = [-Infinity, Infinity] }: FlagSpec, raw: string): void {
  const value = goInt(raw) ?? Number.NaN;
  if (value >= range[0] && value <= range[1]) return;
  throw new UsageError(`invalid value "${raw}" for --${name}: must be a whole number from ${range[0]} to ${range[1]}`);
}

function checkTime(name: string, spec: FlagSpec, raw: string): void {
  const value = (spec.kind === 'seconds' ? parseTimeout(raw) : parseGoDuration(raw)) ?? Number.NaN;
  if (value >= 0 && value <= longestMs) return;
  throw new UsageError(`invalid value "${raw}" for --${name}: must be from 0 (no limit) to 290 years`);
}

/** Go holds a duration in 63 bits of nanoseconds. */
const longestMs = 2 ** 63 / 1e6;

function checkOption(name: string, { options }: FlagSpec, raw: string): void {
  if (!options || options.includes(raw)) return;
  const near = nearest(raw, options);
  throw new UsageError(`invalid value "${raw}" for --${name}: must be ${either(options)}`, near && `did you mean --${name}=${near}?`);
}

/** `a`, `a or b`, `a, b or c`. */
export function either(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}
