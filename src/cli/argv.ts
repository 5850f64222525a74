import { parseGoDuration, parseTimeout } from '../cluster/duration.ts';
import { UsageError } from '../domain/errors.ts';
import { nearest } from '../domain/near.ts';
import type { FlagSpec, FlagTable, RawValue } from './flag-spec.ts';
import { goBool, goInt } from './goscalars.ts';

export interface Normalised {
  /** What is not a flag, in order. */
  readonly args: readonly string[];
  readonly flags: Readonly<Record<string, RawValue>>;
}

interface Flag {
  readonly name: string;
  readonly spec: FlagSpec;
}

/** What one argument took from those that follow it. */
type Rest = readonly string[];

/**
 * Reads arguments by pflag's rules (spf13/pflag v1.0.10, flag.go: parseArgs, parseLongArg, parseSingleShortArg), with
 * kubectl's `_` for `-` in flag names, so that every spelling means here what it means in kubectl. oclif's own parser
 * takes `--destroy=false` for `--destroy` and a stray name; it only sees what this function made of the arguments.
 *
 * @throws UsageError, and nothing else, for an unknown flag, a missing value, or one that is not of the flag's kind.
 */
export function normalise(argv: readonly string[], table: FlagTable): Normalised {
  const flags: Record<string, RawValue> = {};
  const args: string[] = [];
  const set = ({ name, spec }: Flag, value: string): void => {
    if (value === '' && spec.blank === true) delete flags[name];
    else flags[name] = accept(name, spec, value, flags[name]);
  };
  let rest: Rest = argv;
  while (rest.length > 0) {
    const [word = '', ...after] = rest;
    rest = after;
    if (word === '--') return { args: [...args, ...rest], flags };
    if (!word.startsWith('-') || word === '-') args.push(word);
    else if (word.startsWith('--')) rest = longFlag(word, rest, table, set);
    else rest = shortFlags(word.slice(1), rest, table, set);
  }
  return { args, flags };
}

function longFlag(word: string, rest: Rest, table: FlagTable, set: (flag: Flag, value: string) => void): Rest {
  const typed = word.slice(2);
  if (typed.startsWith('-') || typed.startsWith('=')) throw new UsageError(`bad flag syntax: ${word}`);
  const equals = typed.indexOf('=');
  const flag = lookUp(equals < 0 ? typed : typed.slice(0, equals), table);
  const bare = bareValue(flag.spec);
  if (equals >= 0) set(flag, typed.slice(equals + 1));
  else if (bare !== undefined) set(flag, bare);
  else {
    const [value, ...after] = rest;
    if (value === undefined) throw needsValue(flag, `--${flag.name}`);
    set(flag, value);
    return after;
  }
  return rest;
}

function shortFlags(letters: string, rest: Rest, table: FlagTable, set: (flag: Flag, value: string) => void): Rest {
  for (let at = 0; at < letters.length; at++) {
    const flag = lookUpShort(letters, at, table);
    const bare = bareValue(flag.spec);
    const tail = letters.slice(at + 1);
    if (tail.length > 1 && tail.startsWith('=')) {
      set(flag, tail.slice(1));
      return rest;
    }
    if (bare !== undefined) {
      set(flag, bare);
      continue;
    }
    const [value = tail, ...after] = tail === '' ? rest : [tail, ...rest];
    if (tail === '' && rest.length === 0) throw needsValue(flag, `-${letters[at] ?? ''}`);
    set(flag, value);
    return after;
  }
  return rest;
}

/** The value of a flag that stands alone; undefined when it must be given one. */
function bareValue(spec: FlagSpec): string | undefined {
  return spec.bare ?? (spec.kind === 'bool' ? 'true' : undefined);
}

function lookUp(typed: string, table: FlagTable): Flag {
  const name = typed.replaceAll('_', '-');
  const spec = Object.hasOwn(table, name) ? table[name] : undefined;
  if (spec) return { name, spec };
  const near = nearest(name, Object.keys(table));
  throw new UsageError(`unknown flag: --${typed}`, elsewhere.get(name) ?? (near && `did you mean --${near}?`));
}

const keepsGrace = 'Pods keep the grace period of their template; "force-delete" is for a Pod of a lost node';

/** Flags of kubectl that have no counterpart here, and what is done instead. */
const elsewhere: ReadonlyMap<string, string> = new Map([
  ['force', 'nothing is forced: --allow ID overrides a check, "force-delete" is for a Pod of a lost node'],
  ['now', keepsGrace],
  ['grace-period', keepsGrace],
  ['cascade', 'Pods are always removed in order, and PVCs are retained unless --delete-claims is set'],
]);

function lookUpShort(letters: string, at: number, table: FlagTable): Flag {
  const found = Object.entries(table).find(([, spec]) => spec.char !== undefined && spec.char === letters[at]);
  if (found) return { name: found[0], spec: found[1] };
  // `-yes` for `--yes` is the usual slip: say so, rather than "unknown e".
  const near = nearest(letters.split('=')[0] ?? '', Object.keys(table));
  throw new UsageError(
    `unknown shorthand flag: '${letters[at] ?? ''}' in -${letters}`,
    near && letters.length > 2 ? `did you mean --${near}?` : undefined,
  );
}

function needsValue({ name, spec }: Flag, typed: string): UsageError {
  return new UsageError(`flag ${typed} needs a value`, `write --${name}=${spec.options?.join('|') ?? spec.helpValue ?? 'VALUE'}`);
}

function accept(name: string, spec: FlagSpec, value: string, before: RawValue | undefined): RawValue {
  const refused = mustBe[spec.kind](value);
  if (refused !== undefined) throw new UsageError(`invalid value "${value}" for --${name}: must be ${refused}`, hint(name, spec, value));
  if (spec.kind === 'bool') return goBool(value) === true;
  if (spec.kind === 'list') return [...(Array.isArray(before) ? before : []), ...(spec.commas ? separate(value) : [value])];
  return spec.synonyms?.[value] ?? value;
}

/** What a value of this kind must be, when it is not; pflag looks at each one, also those that a later one replaces. */
const mustBe: Readonly<Record<FlagSpec['kind'], (value: string) => string | undefined>> = {
  bool: (value) => (goBool(value) === undefined ? 'true or false' : undefined),
  int: (value) => (goInt(value) === undefined ? 'a whole number' : undefined),
  duration: (value) => (parseGoDuration(value) === undefined ? 'a duration with its unit' : undefined),
  seconds: (value) => (parseTimeout(value) === undefined ? 'seconds or a duration' : undefined),
  string: () => undefined,
  list: () => undefined,
};

function separate(value: string): readonly string[] {
  return value.split(',').filter((one) => one !== '');
}

function hint(name: string, spec: FlagSpec, value: string): string | undefined {
  if (spec.kind !== 'duration' && spec.kind !== 'seconds') return undefined;
  return /^\d+$/.test(value) ? `write --${name}=${value}s for seconds` : `for example --${name}=90s or --${name}=1m30s`;
}
