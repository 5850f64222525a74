import { UsageError } from '../domain/errors.ts';
import { words } from './command.ts';
import type { FlagTable } from './flag.ts';
import { nearest } from './nearest.ts';

export interface Found {
  /** Id of the command; undefined where only a topic (`pvc`) or nothing was named. */
  readonly id: string | undefined;
  /** The words that named it, as far as they are known. */
  readonly path: readonly string[];
  /** The arguments without these words. */
  readonly rest: readonly string[];
}

/**
 * Finds the command among the arguments; flags may stand before it (`-n prod scale web`), as in kubectl.
 *
 * @param table every flag of every command, to know which of them take a value.
 * @throws UsageError for a word that is no command.
 */
export function findCommand(argv: readonly string[], ids: readonly string[], table: FlagTable): Found {
  const path: string[] = [];
  const used = new Set<number>();
  for (const at of positions(argv, table)) {
    const next = [...path, argv[at] ?? ''];
    if (!ids.some((id) => id === next.join(':') || id.startsWith(`${next.join(':')}:`))) {
      if (ids.includes(path.join(':'))) break;
      throw unknownCommand(next, ids);
    }
    path.push(argv[at] ?? '');
    used.add(at);
  }
  const id = path.join(':');
  return { id: ids.includes(id) ? id : undefined, path, rest: argv.filter((_, at) => !used.has(at)) };
}

function unknownCommand(path: readonly string[], ids: readonly string[]): UsageError {
  const near = nearest(path.join(':'), ids);
  const hint = near === undefined ? 'kubectl sts-safe --help lists the commands' : `did you mean kubectl sts-safe ${words(near)}?`;
  return new UsageError(`unknown command "${path.join(' ')}"`, hint);
}

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
  const first = letters.findIndex((letter) => needsValue(Object.values(table).find((spec) => spec.short === letter)));
  return first >= 0 && first === letters.length - 1;
}

function needsValue(spec: FlagTable[string] | undefined): boolean {
  return spec !== undefined && spec.kind !== 'bool' && spec.bare === undefined;
}
