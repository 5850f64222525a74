import { UsageError } from '../domain/errors.ts';
import type { FlagSpec } from './flag-spec.ts';
import { words } from './manifest.ts';
import { type NameKind, naming } from './names.ts';
import { either } from './values.ts';

interface Arg {
  readonly name: string;
  readonly names?: NameKind;
}

interface Flag extends FlagSpec {
  readonly exclusive?: readonly string[];
  readonly dependsOn?: readonly string[];
  readonly exactlyOne?: readonly string[];
}

/** What oclif's errors about a command line carry. */
interface Refusal {
  /** Those that are missing, or, as text, those that are too many. */
  readonly args?: readonly (Arg | string)[];
  readonly parse: {
    readonly input: {
      readonly args: Readonly<Record<string, Arg>>;
      readonly flags: Readonly<Record<string, Flag>>;
      readonly context: { readonly id: string };
    };
    readonly output: { readonly flags: Readonly<Record<string, unknown>>; readonly argv: readonly string[] };
  };
}

/**
 * What oclif refuses, as ours: one sentence, what would be right, exit code 2. Its own text names no way out.
 *
 * @returns undefined for an error about something else
 */
export function usageErrorOf(error: Error): UsageError | undefined {
  if (error.cause instanceof UsageError) return error.cause;
  if (!isRefusal(error)) return undefined;
  const [arg] = error.args ?? [];
  if (typeof arg === 'string') return tooMany(error);
  return arg === undefined ? aboutFlags(error) : missing(arg);
}

function isRefusal(error: Error): error is Error & Refusal {
  const { parse } = error as Partial<Refusal>;
  return parse?.input !== undefined;
}

function missing({ name, names }: Arg): UsageError {
  if (names === undefined) return new UsageError(`${name.toUpperCase()} is required`);
  const { what, written } = naming[names];
  return new UsageError(`a ${names === 'files' ? what : `${what} name`} is required`, `add ${written}`);
}

function tooMany({ parse: { input, output } }: Refusal): UsageError {
  const [arg] = Object.values(input.args);
  const { argv } = output;
  const hint = replicasMeant(argv, input.flags);
  if (arg === undefined) return new UsageError(`${words(input.context.id)} takes no arguments, and got ${argv.join(' ')}`);
  const what = arg.names === undefined ? arg.name : naming[arg.names].what;
  return new UsageError(`one ${what} at a time, not ${argv.join(', ')}`, hint);
}

/** `scale web 3`. */
function replicasMeant(argv: readonly string[], flags: Refusal['parse']['input']['flags']): string | undefined {
  const number = argv.find((arg) => /^\d+$/.test(arg));
  return number !== undefined && 'replicas' in flags ? `did you mean --replicas=${number}?` : undefined;
}

function aboutFlags({ parse: { input, output } }: Refusal): UsageError | undefined {
  const isGiven = (name: string): boolean => output.flags[name] !== undefined;
  for (const [name, flag] of Object.entries(input.flags)) {
    const refused = isGiven(name) ? unfit(name, flag, input.flags, isGiven) : notGiven(name, flag, isGiven);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

type IsGiven = (name: string) => boolean;

function unfit(
  name: string,
  { exclusive = [], exactlyOne = [], dependsOn = [] }: Flag,
  flags: Readonly<Record<string, Flag>>,
  isGiven: IsGiven,
): UsageError | undefined {
  const other = [...exclusive, ...exactlyOne].find((one) => one !== name && isGiven(one));
  if (other !== undefined) return new UsageError(`--${name} and --${other} cannot be used together`, 'leave one of them out');
  const needed = dependsOn.find((one) => !isGiven(one));
  return needed === undefined ? undefined : new UsageError(`--${name} requires --${needed}`, `add ${written(needed, flags[needed])}`);
}

function notGiven(name: string, flag: Flag, isGiven: IsGiven): UsageError | undefined {
  if (flag.required === true) return new UsageError(`--${name} is required`, `add ${written(name, flag)}`);
  const { exactlyOne = [] } = flag;
  if (exactlyOne.length === 0 || exactlyOne.some(isGiven)) return undefined;
  return new UsageError(`${either(exactlyOne.map((one) => `--${one}`))} is required`, `add one of them`);
}

function written(name: string, flag: Flag | undefined): string {
  return [`--${name}`, ...(flag === undefined || flag.kind === 'bool' ? [] : [flag.options?.join('|') ?? flag.helpValue ?? 'VALUE'])].join(
    ' ',
  );
}
