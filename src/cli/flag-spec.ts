import type { NameSource } from './names.ts';

/** What pflag's rules and the help need to know of a flag beside what oclif keeps of it. */
export interface Pflag {
  /** What the flag means without a value (pflag's NoOptDefVal): `--dry-run` is `--dry-run=client`. */
  readonly bare?: string;
  /** Other spellings of its values: `--dry-run=true` is `--dry-run=client`, as in kubectl. */
  readonly synonyms?: Readonly<Record<string, string>>;
  /** An empty value is no flag, as kubectl has it for -o: `-o "$FORMAT"` with nothing in it. */
  readonly blank?: true;
  /** Smallest and largest number, for `int`. */
  readonly range?: readonly [number, number];
  /** For `list`: a comma separates, as in pflag's StringSlice. Without it every use of the flag is one value. */
  readonly commas?: true;
  /** The value is a file's name, for the completion. */
  readonly file?: true;
  /** Where its values come from, for the completion. */
  readonly from?: NameSource;
  /** What happens without the flag, for the help. */
  readonly otherwise?: string;
}

/** The names of Pflag's fields and the kind: what tools/manifest.ts adds to what oclif caches of a flag. */
export const pflagFields = ['kind', 'bare', 'synonyms', 'blank', 'range', 'commas', 'file', 'from', 'otherwise'] as const;

/** A flag as the manifest has it: oclif's fields and pflag's. The normaliser, the help and the completion read it. */
export interface FlagSpec extends Pflag {
  readonly kind: FlagKind;
  /** One letter, without the dash. */
  readonly char?: string;
  /** The only values it takes. */
  readonly options?: readonly string[];
  /** How the value is called in the help: `NAMESPACE`. */
  readonly helpValue?: string;
  readonly description?: string;
  readonly helpGroup?: string;
  readonly required?: boolean;
  readonly hidden?: boolean;
}

/**
 * `duration` is Go's (`1m30s`); `seconds` also takes a plain number of seconds, as kubectl does for --request-timeout
 * and only there (client-go, tools/clientcmd/helpers.go, ParseTimeout).
 */
export type FlagKind = 'bool' | 'string' | 'int' | 'duration' | 'seconds' | 'list';

/** Headings in the help of a command, in this order. */
export const ownGroups = ['OPTIONS', 'CONFIRMATION'] as const;

/** Headings of what many commands share, which `options` lists. */
export const [ofAll, connection, ofChanges] = ['ALL COMMANDS', 'CONNECTION (AS IN KUBECTL)', 'COMMANDS THAT CHANGE SOMETHING'] as const;

export type FlagTable = Readonly<Record<string, FlagSpec>>;

/** A flag as typed, after pflag's rules: the last one wins, a list keeps every one. */
export type RawValue = boolean | string | readonly string[];
