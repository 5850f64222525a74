/**
 * One description of a flag. The normaliser, oclif's flags, the help and the completion are all made from it, so that
 * they cannot disagree.
 */
export interface FlagSpec {
  readonly kind: FlagKind;
  /** One letter, without the dash. */
  readonly short?: string;
  /** What the flag means without a value (pflag's NoOptDefVal): `--dry-run` is `--dry-run=client`. */
  readonly bare?: string;
  /** The only values it takes. */
  readonly oneOf?: readonly string[];
  /** Other spellings of these values: `--dry-run=true` is `--dry-run=client`, as in kubectl. */
  readonly synonyms?: Readonly<Record<string, string>>;
  /** An empty value is no flag, as kubectl has it for -o: `-o "$FORMAT"` with nothing in it. */
  readonly blank?: true;
  /** Smallest and largest number, for `int`. */
  readonly range?: readonly [number, number];
  /** For `list`: a comma separates, as in pflag's StringSlice. Without it every use of the flag is one value. */
  readonly commas?: true;
  /** The value is a file's name, for the completion. */
  readonly file?: true;
  /** How the value is called in the help: `NAMESPACE`. */
  readonly value?: string;
  /** What happens without the flag, for the help. */
  readonly otherwise?: string;
  readonly help: string;
  readonly group: FlagGroup;
}

/**
 * `duration` is Go's (`1m30s`); `seconds` also takes a plain number of seconds, as kubectl does for --request-timeout
 * and only there (client-go, tools/clientcmd/helpers.go, ParseTimeout).
 */
export type FlagKind = 'bool' | 'string' | 'int' | 'duration' | 'seconds' | 'list';

/** Headings in the help, in this order. */
export const flagGroups = ['OPTIONS', 'OUTPUT', 'CONFIRMATION', 'LIMITS', 'CONNECTION (AS IN KUBECTL)'] as const;

export type FlagGroup = (typeof flagGroups)[number];

export type FlagTable = Readonly<Record<string, FlagSpec>>;

/** A flag as typed, after pflag's rules: the last one wins, a list keeps every one. */
export type RawValue = boolean | string | readonly string[];

export type ValueOf<S extends FlagSpec> = S['kind'] extends 'bool'
  ? boolean
  : S['kind'] extends 'int' | 'duration' | 'seconds'
    ? number
    : S['kind'] extends 'list'
      ? readonly string[]
      : S extends { readonly oneOf: readonly (infer One)[] }
        ? One
        : string;

/** Checked values: numbers are numbers, durations are milliseconds. A flag that was not given is not there. */
export type Values<T extends FlagTable> = { readonly [K in keyof T]?: ValueOf<T[K]> };
