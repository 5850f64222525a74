import { isDeepStrictEqual } from 'node:util';
import type { Json, StatefulSet } from './kube.ts';
import { type JsonPatchOp, pointer } from './verbs.ts';

/** One place where two values differ; undefined where it is not there. Keys of maps, indexes of lists. */
export interface Difference {
  readonly path: readonly string[];
  readonly was: unknown;
  readonly is: unknown;
}

/** What a deletion changes itself on its way, and what is not about the members. */
const WITHOUT: ReadonlySet<string> = new Set(['replicas', 'persistentVolumeClaimRetentionPolicy', 'revisionHistoryLimit']);

/**
 * Paths in spec that differ (`spec.template.spec.containers[0].image`), of what makes other members or treats them
 * otherwise, and what a deletion does not change itself: where there are any, its archive is not of this set any more.
 */
export function changedInSpec({ spec: before }: StatefulSet, { spec: after }: StatefulSet): readonly string[] {
  const [was, is] = [before, after].map((spec) => Object.fromEntries(Object.entries(spec).filter(([field]) => !WITHOUT.has(field))));
  return differences(was, is, ['spec']).map(({ path }) => pathInWords(path));
}

/**
 * How one Pod template differs from another: what makes another revision of it, also where a server or a webhook has only
 * added something. Paths begin with `spec.template`.
 */
export function templateDifferences(was: unknown, is: unknown): readonly Difference[] {
  return differences(was, is, ['spec', 'template']);
}

/** What a manifest says otherwise than the set has it, its Pod template apart; what only the server has added is no difference. */
export function saidOtherwise(said: Readonly<Record<string, unknown>>, { spec }: StatefulSet): readonly Difference[] {
  const { template: _, ...others } = said;
  return differences(others, spec, ['spec']).filter(({ was }) => was !== undefined);
}

/** `spec.template.spec.containers[0].image`, `spec.template.metadata.annotations[example.com/at]`. */
export function pathInWords(path: readonly string[]): string {
  return path.reduce((words, key) => (/^[A-Za-z]\w*$/.test(key) ? `${words}${words === '' ? '' : '.'}${key}` : `${words}[${key}]`), '');
}

/**
 * `spec.template.spec.containers[0].image (app:2, was app:1)`, at most three of them. Values are left out where they may be
 * long, or a secret.
 */
export function differencesInWords(all: readonly Difference[]): string {
  const words = all.slice(0, 3).map((one) => `${pathInWords(one.path)}${valuesInWords(one)}`);
  return `${words.join(', ')}${all.length > 3 ? ` and ${all.length - 3} more` : ''}`;
}

function valuesInWords({ path, was, is }: Difference): string {
  const [before, now] = [namesIn(was), namesIn(is)];
  if (before !== undefined && now !== undefined && before.length + now.length > 0) return changedNames(before, now);
  if (was === undefined) return ' (added)';
  if (is === undefined) return ' (removed)';
  const [from, to] = [was, is].map((value) => (typeof value === 'object' ? undefined : String(value as string | number | boolean)));
  const isTold = from !== undefined && to !== undefined && from.length + to.length <= 120 && !path.includes('env');
  return isTold ? ` (${to}, was ${from})` : '';
}

/**
 * The values of a difference, for a table: those that are short and no secret, the names in a list or a map, else only that there is
 * one.
 */
export function beforeAndAfter({ path, was, is }: Difference): { readonly before: string; readonly after: string } {
  const [before, after] = [was, is].map((value) => {
    if (value === undefined) return 'not set';
    const names = namesIn(value);
    if (names !== undefined) return names.length === 0 ? 'empty' : names.join(', ');
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return typeof value === 'object' || path.includes('env') || text.length > 120 ? 'set' : text;
  });
  return { before: before ?? '', after: before === after ? 'changed' : (after ?? '') };
}

function changedNames(before: readonly string[], now: readonly string[]): string {
  const [added, removed] = [now.filter((name) => !before.includes(name)), before.filter((name) => !now.includes(name))];
  const parts = [
    ...(added.length === 0 ? [] : [`added: ${added.join(', ')}`]),
    ...(removed.length === 0 ? [] : [`removed: ${removed.join(', ')}`]),
  ];
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`;
}

/** Keys of a map, names of a list of named things such as containers; none of what is not there. */
function namesIn(value: unknown): readonly string[] | undefined {
  if (value === undefined) return [];
  if (isPlain(value)) return Object.keys(value);
  if (!Array.isArray(value)) return undefined;
  const all = value.map((item: unknown) => (isPlain(item) && typeof item['name'] === 'string' ? item['name'] : undefined));
  return all.every((name) => name !== undefined) ? all : undefined;
}

/** A JSON patch that makes the second template the first again, for `kubectl patch --type json`. */
export function patchBack(all: readonly Difference[]): readonly JsonPatchOp[] {
  return all.map(({ path, was, is }): JsonPatchOp => {
    const at = pointer(...path);
    return was === undefined ? { op: 'remove', path: at } : { op: is === undefined ? 'add' : 'replace', path: at, value: was as Json };
  });
}

/** `null` is what some servers say for what is not there (creationTimestamp). */
function differences(before: unknown, after: unknown, path: readonly string[]): readonly Difference[] {
  const [was, is] = [before ?? undefined, after ?? undefined];
  if (isDeepStrictEqual(was, is)) return [];
  if (Array.isArray(was) && Array.isArray(is) && was.length === is.length)
    return was.flatMap((item: unknown, index) => differences(item, is[index], [...path, String(index)]));
  if (!isPlain(was) || !isPlain(is)) return [{ path, was, is }];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((key) => differences(was[key], is[key], [...path, key]));
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
