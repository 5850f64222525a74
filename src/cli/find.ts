import { UsageError } from '../domain/errors.ts';
import { nearest } from '../domain/near.ts';
import type { FlagTable } from './flag-spec.ts';
import { type CommandSpec, words } from './manifest.ts';

export interface Found {
  /** Undefined where only a topic (`pvc`) or nothing was named. */
  readonly spec: CommandSpec | undefined;
  /** The words that named it, as far as they are known. */
  readonly path: readonly string[];
  /** The arguments without these words. */
  readonly rest: readonly string[];
}

/**
 * Finds the command among the arguments; flags may stand before it (`-n prod scale web`), as in kubectl.
 *
 * @throws UsageError for a word that is no command.
 */
export function findCommand(argv: readonly string[], specs: readonly CommandSpec[]): Found {
  const ids = specs.map(({ id }) => id);
  const path: string[] = [];
  const used = new Set<number>();
  for (const at of positions(argv, everyFlagOf(specs))) {
    const next = [...path, argv[at] ?? ''].join(':');
    if (!ids.some((id) => id === next || id.startsWith(`${next}:`))) {
      if (ids.includes(path.join(':'))) break;
      throw unknownCommand([...path, argv[at] ?? ''], ids);
    }
    path.push(argv[at] ?? '');
    used.add(at);
  }
  return { spec: specs.find(({ id }) => id === path.join(':')), path, rest: argv.filter((_, at) => !used.has(at)) };
}

/** Enough to tell a flag's value from a command's name: a flag takes a value in every command that has it, or in none. */
export function everyFlagOf(specs: readonly CommandSpec[]): FlagTable {
  return Object.assign({}, ...specs.map(({ flags }) => flags));
}

function unknownCommand(path: readonly string[], ids: readonly string[]): UsageError {
  const typed = path.join(':');
  const meant = elsewhere.get(typed) ?? ids.filter((id) => id.endsWith(`:${typed}`)).join(' or ');
  const near = meant === '' ? nearest(typed, ids) : meant;
  const hint = near === undefined ? 'kubectl sts-safe --help lists the commands' : `did you mean kubectl sts-safe ${words(near)}?`;
  return new UsageError(`unknown command "${path.join(' ')}"`, hint);
}

/** What other programs call it. */
const elsewhere: ReadonlyMap<string, string> = new Map([
  ['rollback', 'rollout:undo'],
  ['get', 'status'],
  ['list', 'status'],
  ['ls', 'status'],
  ['describe', 'status'],
]);

/** Where the arguments that are neither flags nor their values stand; those after `--` cannot name a command. */
function positions(argv: readonly string[], table: FlagTable): readonly number[] {
  const found: number[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (word === '--') break;
    if (!word.startsWith('-') || word === '-') found.push(at);
    else if (takesNext(word, table)) at++;
  }
  return found;
}

function takesNext(word: string, table: FlagTable): boolean {
  if (word.includes('=')) return false;
  if (word.startsWith('--')) return needsValue(table[word.slice(2).replaceAll('_', '-')]);
  const letters = word.slice(1).split('');
  const first = letters.findIndex((letter) => needsValue(Object.values(table).find((spec) => spec.char === letter)));
  return first >= 0 && first === letters.length - 1;
}

/** Whether the next argument is its value. */
export function needsValue(spec: FlagTable[string] | undefined): boolean {
  return spec !== undefined && spec.kind !== 'bool' && spec.bare === undefined;
}
