import { normalise } from './argv.ts';
import { everyFlagOf, findCommand, needsValue } from './find.ts';
import type { FlagSpec, FlagTable } from './flag-spec.ts';
import { type CommandSpec, words } from './manifest.ts';
import { type NameSource, naming } from './names.ts';
import type { ConnectionValues } from './session.ts';

/** Names that there are, asked for only where they are wanted; a tab may separate a name from what it is. */
export type Lister = (source: NameSource, flags: ConnectionValues) => Promise<readonly string[]>;

/** Cobra's directives: 0 lets the shell complete files, 4 offers nothing but the candidates. */
const FILES = 0;
const NO_FILES = 4;

interface Candidates {
  readonly lines: readonly string[];
  readonly directive: number;
}

/**
 * Answers kubectl's completion contract (kubectl, pkg/cmd/plugin/plugin_completion.go): the arguments after the
 * plugin's name, the last one being what is typed so far; out come candidates, one a line with an optional tab and
 * description, and `:` with a directive. Never fails: a completion that prints an error disturbs the prompt.
 */
export async function complete(argv: readonly string[], specs: readonly CommandSpec[], lister: Lister): Promise<string> {
  const typed = argv.at(-1) ?? '';
  const before = argv.slice(argv[0] === 'help' ? 1 : 0, -1);
  const { lines, directive } = await candidates(before, typed, specs, lister).catch(() => ({ lines: [], directive: NO_FILES }));
  return [...lines, `:${directive}`, ''].join('\n');
}

async function candidates(before: readonly string[], typed: string, specs: readonly CommandSpec[], lister: Lister): Promise<Candidates> {
  const all = everyFlagOf(specs);
  const slot = slotInside(before, typed, all) ?? slotAfter(before, typed, all);
  const { spec, path, rest } = findCommand(slot ? slot.before : before, specs);
  const flags: FlagTable = spec ? spec.flags : ofAllCommands(specs);
  if (slot) return valuesOf({ ...slot, ...narrowed(slot, flags) }, givenFlags(rest, flags), lister);
  if (typed.startsWith('-')) return offer(flagNames(flags), typed);
  if (spec !== undefined) return argumentsOf(spec, rest, typed, lister);
  return offer(nextWords(specs, path), typed);
}

/** Names for the argument that comes next; none where there is no other. */
async function argumentsOf({ args, flags }: CommandSpec, rest: readonly string[], typed: string, lister: Lister): Promise<Candidates> {
  const [arg] = Object.values(args);
  if (arg?.names === undefined) return offer([], typed);
  const given = naming[arg.names].read(normalise(rest, flags).args);
  if (given.length > 0 && arg.multiple !== true) return offer([], typed);
  if (arg.names === 'files') return { lines: [], directive: FILES };
  return offer(await lister(arg.from ?? arg.names, givenFlags(rest, flags)), typed);
}

/** A flag whose value is being typed, as an argument of its own or behind `--flag=`. */
interface ValueSlot {
  /** The arguments before it. */
  readonly before: readonly string[];
  readonly name: string;
  readonly spec: FlagSpec;
  readonly prefix: string;
  readonly typed: string;
}

function slotInside(before: readonly string[], typed: string, table: FlagTable): ValueSlot | undefined {
  const [, name = '', value = ''] = /^--([^=]+)=(.*)$/s.exec(typed) ?? [];
  const spec = table[name];
  return spec && { before, name, spec, prefix: `--${name}=`, typed: value };
}

function slotAfter(before: readonly string[], typed: string, table: FlagTable): ValueSlot | undefined {
  const last = before.at(-1) ?? '';
  if (!last.startsWith('-') || last.includes('=')) return undefined;
  const name = last.startsWith('--') ? last.slice(2) : byLetter(last.slice(-1), table);
  const spec = table[name];
  return spec && needsValue(spec) ? { before: before.slice(0, -1), name, spec, prefix: '', typed } : undefined;
}

function byLetter(letter: string, table: FlagTable): string {
  return Object.keys(table).find((name) => table[name]?.char === letter) ?? '';
}

/** The same flag as this command has it: -o takes other formats in another. */
function narrowed({ name }: ValueSlot, flags: FlagTable): { readonly spec?: FlagSpec } {
  const spec = flags[name];
  return spec ? { spec } : {};
}

async function valuesOf({ spec, prefix, typed }: ValueSlot, given: ConnectionValues, lister: Lister): Promise<Candidates> {
  if (spec.file) return { lines: [], directive: FILES };
  const all = spec.from === undefined ? (spec.options ?? []) : await lister(spec.from, given);
  // Behind a comma the next one of a list begins.
  const before = prefix + (spec.commas === true ? typed.slice(0, typed.lastIndexOf(',') + 1) : '');
  return offer(
    all.map((value) => before + value),
    prefix + typed,
  );
}

function offer(all: readonly string[], typed: string): Candidates {
  return { lines: all.filter((line) => line.startsWith(typed)), directive: NO_FILES };
}

function flagNames(flags: FlagTable): readonly string[] {
  return Object.entries(flags).map(([name, { description = '' }]) => `--${name}\t${description}`);
}

function nextWords(specs: readonly CommandSpec[], path: readonly string[]): readonly string[] {
  const seen = new Map<string, string>();
  for (const { id, summary } of specs) {
    const parts = words(id).split(' ');
    const next = parts[path.length];
    if (next === undefined || path.some((word, at) => parts[at] !== word)) continue;
    seen.set(next, parts.length === path.length + 1 ? summary : `${next} …`);
  }
  return [...seen].map(([word, summary]) => `${word}\t${summary}`);
}

/** Those that may stand before a command's name. */
function ofAllCommands(specs: readonly CommandSpec[]): FlagTable {
  const [first, ...others] = specs.map(({ flags }) => flags);
  return Object.fromEntries(Object.entries(first ?? {}).filter(([name]) => others.every((flags) => name in flags)));
}

/** Where to look, as far as it can be read: a half-typed line may hold what will be wrong only in the end. */
function givenFlags(rest: readonly string[], flags: FlagTable): ConnectionValues {
  try {
    // Numbers are text yet: what they say of requests, the lister decides.
    const { v: _v, 'request-timeout': _timeout, ...given } = normalise(rest, flags).flags;
    return given;
  } catch {
    return {};
  }
}
