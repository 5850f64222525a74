import { createHash } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CannotError } from '../domain/errors.ts';
import type { Values } from './parameters.ts';

/** What a journal is about: a run goes on only with the same. */
export interface Beginning {
  /** Of the text of the runbook, SHA-256 in hex. */
  readonly runbook: string;
  readonly parameters: Values;
  /** How the cluster identifies itself. */
  readonly cluster: string;
  readonly namespace: string;
}

/** One object as a step has left it. */
export interface Mark {
  readonly uid: string;
  readonly generation?: number;
}

/** One line of a journal. */
export type Entry =
  | ({ readonly entry: 'run'; readonly schema: 1; readonly at: string } & Beginning)
  /** It may have done something from here on. */
  | { readonly entry: 'begun'; readonly step: string; readonly at: string }
  | { readonly entry: 'done'; readonly step: string; readonly at: string; readonly message: string; readonly mark?: Mark }
  | { readonly entry: 'failed'; readonly step: string; readonly at: string; readonly message: string }
  | { readonly entry: 'finished'; readonly at: string };

/** What an earlier run has come to. */
export interface History {
  readonly beginning: Beginning & { readonly at: string };
  readonly done: ReadonlyMap<string, Extract<Entry, { entry: 'done' }>>;
  /** The step that was begun, and neither done nor known to have failed: it was interrupted. */
  readonly open?: string;
  readonly isFinished: boolean;
}

/**
 * Where the journal of a runbook is kept unless `--journal` says: one for each namespace that it is run in, so that a run can be
 * resumed in one while another waits in the next.
 * @param runbook absolute path
 */
export function journalPath(
  runbook: string,
  { cluster, namespace }: Pick<Beginning, 'cluster' | 'namespace'>,
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): string {
  const state = env['XDG_STATE_HOME'] || join(home, '.local', 'state');
  const hash = createHash('sha256').update([runbook, cluster, namespace].join('\n')).digest('hex').slice(0, 12);
  const name = (runbook.split('/').at(-1) ?? 'runbook').replace(/\.ya?ml$/, '').replaceAll(/[^\w.-]/g, '_');
  return join(state, 'kubectl-sts-safe', 'runs', `${name}-${hash}.jsonl`);
}

/** Why a run cannot be resumed as this one, in words; undefined where it can. */
export function differenceOf(was: Beginning, is: Beginning): string | undefined {
  if (was.cluster !== is.cluster) return 'it was begun on another cluster';
  if (was.namespace !== is.namespace) return `it was begun in namespace ${was.namespace}, this is ${is.namespace}`;
  if (was.runbook !== is.runbook) return 'the runbook was changed since';
  const names = new Set([...Object.keys(was.parameters), ...Object.keys(is.parameters)]);
  const other = [...names].find((name) => was.parameters[name] !== is.parameters[name]);
  if (other === undefined) return undefined;
  return `parameter ${other} was ${JSON.stringify(was.parameters[other])}, this is ${JSON.stringify(is.parameters[other])}`;
}

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * @returns undefined where there is no journal yet
 * @throws CannotError where it cannot be read, or holds something else
 */
export async function readJournal(path: string): Promise<History | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new CannotError(`journal ${path} cannot be read: ${(error as Error).message}`, undefined, error);
  }
  return historyOf(entriesOf(text, path), path);
}

/** The last line may be half written: whatever it was going to say had not been done, or is found out again. */
function entriesOf(text: string, path: string): readonly Entry[] {
  const lines = text.split('\n');
  const whole = lines.slice(0, -1);
  return whole.map((line, index) => {
    try {
      return JSON.parse(line) as Entry;
    } catch (error) {
      throw new CannotError(`journal ${path}, line ${index + 1} is damaged`, 'move it away to begin again', error);
    }
  });
}

/** What the lines of a journal come to; only its last run counts. */
export function historyOf(entries: readonly Entry[], path: string): History | undefined {
  const from = entries.findLastIndex(({ entry }) => entry === 'run');
  const [run, ...since] = entries.slice(Math.max(0, from));
  if (run === undefined) return undefined;
  if (run.entry !== 'run' || run.schema !== 1)
    throw new CannotError(`${path} is no journal of this version`, 'name another one with --journal');
  const done = new Map<string, Extract<Entry, { entry: 'done' }>>();
  let opened: string | undefined;
  for (const entry of since) {
    if (entry.entry === 'begun') opened = entry.step;
    if (entry.entry === 'done') done.set(entry.step, entry);
    if (entry.entry === 'done' || entry.entry === 'failed') opened = undefined;
  }
  return {
    beginning: run,
    done,
    ...(opened === undefined ? {} : { open: opened }),
    isFinished: since.some(({ entry }) => entry === 'finished'),
  };
}

/** Writes entries so that they outlive the machine: each is on the disk when `add` resolves. */
export interface Journal {
  readonly path: string;
  add(entry: Entry): Promise<void>;
}

/** @throws CannotError where it cannot be written: what is not written down is not begun */
export async function openJournal(path: string): Promise<Journal & AsyncDisposable> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(path, 'a+', 0o600);
    // What was half written when the process ended says nothing.
    const text = await file.readFile();
    await file.truncate(text.lastIndexOf(0x0a) + 1);
    const add = async (entry: Entry): Promise<void> => {
      await file.appendFile(`${JSON.stringify(entry)}\n`);
      await file.datasync();
    };
    return { path, add, [Symbol.asyncDispose]: () => file.close() };
  } catch (error) {
    throw new CannotError(`journal ${path} cannot be written: ${(error as Error).message}`, 'name another place with --journal', error);
  }
}
