import { boolean, custom } from '@oclif/core/flags';
import type { BooleanFlag, FlagInput, OptionFlag } from '@oclif/core/interfaces';
import { parseGoDuration, parseTimeout } from '../cluster/duration.ts';
import { UsageError } from '../domain/errors.ts';
import type { FlagKind, Pflag } from './flag-spec.ts';
import { goInt } from './goscalars.ts';

/**
 * The kinds of flags that commands have, as oclif's flags. What oclif does not know of pflag's rules stands beside it
 * (cli/flag-spec.ts), and goes into the manifest, which the normaliser, the help and the completion read. Values have been
 * checked there before (cli/values.ts): `parse` only converts them.
 */
type Extras = Pflag & Record<string, unknown>;

/** In front of a value that oclif would take for a flag: see cli/oclif.ts. */
export const guard = '=';

function kind<T>(of: FlagKind, convert: (value: string) => T) {
  return {
    kind: of,
    helpGroup: 'OPTIONS',
    parse: (value: string): Promise<T> =>
      new Promise((resolve) => resolve(convert(value.startsWith(guard) ? value.slice(guard.length) : value))),
  };
}

export const text = custom<string, Extras>(kind('string', (value) => value));
/** Base 0, as pflag has it; within `range`. */
export const int = custom<number, Extras>(kind('int', (value) => goInt(value) ?? Number.NaN));
/** Go's (`1m30s`), in milliseconds. */
export const duration = custom<number, Extras>(kind('duration', (value) => parseGoDuration(value) ?? Number.NaN));
/** A duration, or a plain number of seconds; in milliseconds. */
export const seconds = custom<number, Extras>(kind('seconds', (value) => parseTimeout(value) ?? Number.NaN));
export const list = custom<string, Extras>({ ...kind('list', (value) => value), multiple: true, multipleNonGreedy: true });

/** `--flag` and `--flag=false`. Undefined where it was not given. */
export function bool(told: Partial<BooleanFlag<boolean | undefined>> = {}): BooleanFlag<boolean | undefined> {
  const common = { kind: 'bool', helpGroup: 'OPTIONS', allowNo: true };
  return boolean<boolean | undefined>({ ...common, ...told });
}

/** One of these values, and nothing else. */
export function choice<const T extends readonly string[]>(options: T, told: Told<T[number]> = {}): OptionFlag<T[number] | undefined> {
  return one((value) => value as T[number], { options, ...told });
}

/**
 * A value that a rule of its own reads.
 *
 * @param rule is given what was typed; throws UsageError for what it refuses
 */
export function read<T>(rule: (value: string) => T, told: Told<T> = {}): OptionFlag<T | undefined> {
  const refusing = (value: string): T => {
    try {
      return rule(value);
    } catch (error) {
      // oclif writes into the message of what a flag throws; cli/usage.ts takes ours out again.
      throw error instanceof UsageError ? new Error(error.message, { cause: error }) : error;
    }
  };
  return one(refusing, told);
}

type Told<T> = Pflag & Partial<Omit<OptionFlag<T>, keyof Pflag | 'parse' | 'default' | 'defaultHelp' | 'multiple'>>;

/** What oclif's `option` and `custom` make, whose types know no flag that may be absent in a generic function. */
function one<T>(convert: (value: string) => T, told: Told<T>): OptionFlag<T | undefined> {
  return { ...kind('string', convert), ...told, name: '', type: 'option', multiple: false, input: [] } as unknown as OptionFlag<
    T | undefined
  >;
}

/** The checked values of these flags: numbers are numbers, durations are milliseconds. A flag that was not given is not there. */
export type Values<T> = T extends FlagInput<infer F> ? { readonly [K in keyof F]?: F[K] | undefined } : never;
