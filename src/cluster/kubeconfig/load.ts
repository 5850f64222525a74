import { CannotError } from '../../domain/errors.ts';
import { decodeKubeconfig } from './decode.ts';
import type { Kubeconfig } from './model.ts';

export interface Loaded {
  readonly config: Kubeconfig;
  /** The files that were read, and those that were not there, for messages. */
  readonly files: readonly string[];
  readonly missing: readonly string[];
}

/**
 * Reads and merges the kubeconfig files as kubectl does (client-go ClientConfigLoadingRules): `--kubeconfig` is the only
 * one and must exist; otherwise those of KUBECONFIG, missing ones ignored; otherwise ~/.kube/config.
 */
export async function loadKubeconfig(explicit: string | undefined, env: NodeJS.ProcessEnv): Promise<Loaded> {
  const candidates = kubeconfigFiles(explicit, env);
  const read = candidates.map((file) => ({ file, text: readIfThere(file) }));
  const missing = read.filter(({ text }) => text === undefined).map(({ file }) => file);
  if (explicit !== undefined && explicit !== '' && missing.length > 0)
    throw new CannotError(
      `kubeconfig ${explicit} does not exist`,
      'check --kubeconfig, or leave it out to use KUBECONFIG or ~/.kube/config',
    );
  const configs: Kubeconfig[] = [];
  for (const { file, text } of read) if (text !== undefined) configs.push(decodeKubeconfig(await parse(text, file), file));
  return { config: mergeKubeconfigs(configs), files: candidates.filter((file) => !missing.includes(file)), missing };
}

/** The candidates in order of precedence. */
export function kubeconfigFiles(explicit: string | undefined, env: NodeJS.ProcessEnv): readonly string[] {
  const { delimiter, join } = process.getBuiltinModule('node:path');
  if (explicit !== undefined && explicit !== '') return [explicit];
  const list = env['KUBECONFIG'] ?? '';
  if (list !== '') return [...new Set(list.split(delimiter).filter((file) => file !== ''))];
  return [join(homeFolder(env), '.kube', 'config')];
}

/** The user's home, in which .kube is. */
export function homeFolder(env: NodeJS.ProcessEnv): string {
  return env['HOME'] ?? env['USERPROFILE'] ?? process.getBuiltinModule('node:os').homedir();
}

/** First file wins, entry by entry: of two entries with one name the second is dropped whole, never mixed. */
export function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
  const merge = <T>(maps: readonly ReadonlyMap<string, T>[]): ReadonlyMap<string, T> =>
    new Map(maps.toReversed().flatMap((map) => [...map]));
  return {
    currentContext: configs.find(({ currentContext }) => currentContext !== '')?.currentContext ?? '',
    contexts: merge(configs.map(({ contexts }) => contexts)),
    clusters: merge(configs.map(({ clusters }) => clusters)),
    users: merge(configs.map(({ users }) => users)),
  };
}

function readIfThere(file: string): string | undefined {
  try {
    return process.getBuiltinModule('node:fs').readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new CannotError(`kubeconfig ${file} cannot be read: ${(error as Error).message}`, undefined, error);
  }
}

async function parse(text: string, file: string): Promise<unknown> {
  const json = parseJson(text);
  if (json !== undefined) return json.value;
  const { parseYaml } = await import('./yaml.ts');
  const parsed = parseYaml(text);
  if ('value' in parsed) return parsed.value;
  const { message, line, column } = parsed.fault;
  throw new CannotError(`kubeconfig ${file}:${line}:${column} is malformed: ${message}`);
}

/** JSON is YAML, and read much faster as what it is. Anything wrong with it is for the YAML parser to say. */
function parseJson(text: string): { readonly value: unknown } | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
