import { parseGoDuration, parseTimeout } from '../cluster/duration.ts';
import { UsageError } from '../domain/errors.ts';
import { nearest } from '../domain/near.ts';
import type { FlagSpec, FlagTable, RawValue, Values } from './flag.ts';
import { goInt } from './goscalars.ts';

/**
 * Turns normalised flags into checked values: whole numbers within the flag's range, durations in milliseconds, one of
 * the flag's values. The one place where a value is refused, always with what would be right.
 *
 * @throws UsageError
 */
export function readValues<T extends FlagTable>(flags: Readonly<Record<string, RawValue>>, table: T): Values<T> {
  const values: Record<string, boolean | number | string | readonly string[]> = {};
  for (const [name, raw] of Object.entries(flags)) {
    const spec = table[name];
    if (spec) values[name] = readValue(name, spec, raw);
  }
  return values as Values<T>;
}

function readValue(name: string, spec: FlagSpec, raw: RawValue): boolean | number | string | readonly string[] {
  if (typeof raw !== 'string') return raw;
  switch (spec.kind) {
    case 'int':
      return number(name, spec, raw);
    case 'duration':
    case 'seconds':
      return milliseconds(name, spec, raw);
    case 'string':
      return oneOf(name, spec, raw);
    case 'bool':
    case 'list':
      return raw;
  }
}

function number(name: string, { range = [-Infinity, Infinity] }: FlagSpec, raw: string): number {
  const value = goInt(raw) ?? Number.NaN;
  if (value >= range[0] && value <= range[1]) return value;
  throw new UsageError(`invalid value "${raw}" for --${name}: must be a whole number from ${range[0]} to ${range[1]}`);
}

function milliseconds(name: string, spec: FlagSpec, raw: string): number {
  const value = (spec.kind === 'seconds' ? parseTimeout(raw) : parseGoDuration(raw)) ?? Number.NaN;
  if (value >= 0 && value <= longestMs) return value;
  throw new UsageError(`invalid value "${raw}" for --${name}: must be from 0 (no limit) to 290 years`);
}

/** Go holds a duration in 63 bits of nanoseconds. */
const longestMs = 2 ** 63 / 1e6;

function oneOf(name: string, spec: FlagSpec, raw: string): string {
  if (!spec.oneOf || spec.oneOf.includes(raw)) return raw;
  const near = nearest(raw, spec.oneOf);
  throw new UsageError(`invalid value "${raw}" for --${name}: must be ${either(spec.oneOf)}`, near && `did you mean --${name}=${near}?`);
}

/** `a`, `a or b`, `a, b or c`. */
export function either(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}
