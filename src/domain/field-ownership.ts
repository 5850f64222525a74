import { isDeepStrictEqual } from 'node:util';
import type { Json, ManagedFieldsEntry, StatefulSet } from './kube.ts';

type Tree = { readonly [key: string]: Json };
/** Keys of a `fieldsV1` tree from its root to a field: `f:spec`, `f:replicas`. */
type FieldPath = readonly string[];

/**
 * The `managedFields` of a StatefulSet after the spec fields that a manager took are given back to those who owned them
 * before (server-side apply, field management). A field is given back where it has its earlier value again; what other
 * clients own by now is left as it is.
 * @param before the same StatefulSet as it was before the manager wrote it
 * @returns undefined when there is nothing to give back
 */
export function fieldsGivenBack(now: StatefulSet, before: StatefulSet, manager: string): readonly ManagedFieldsEntry[] | undefined {
  const live = now.metadata.managedFields ?? [];
  const earlier = (before.metadata.managedFields ?? []).filter(({ subresource }) => subresource === undefined);
  const mine = (entry: ManagedFieldsEntry): boolean => entry.manager === manager && entry.subresource === undefined;
  const kept = new Set(earlier.filter(mine).flatMap((entry) => leavesOf(entry.fieldsV1).map(String)));
  const taken = live
    .filter(mine)
    .flatMap((entry) => leavesOf(entry.fieldsV1))
    .filter((path) => path[0] === 'f:spec' && !kept.has(String(path)) && isAsBefore(path, now, before));
  if (taken.length === 0) return undefined;
  const owners = earlier.filter((entry) => !mine(entry)).map((entry) => ({ entry, owned: ownedOf(entry, taken) }));
  const shared = live.flatMap((entry) => (mine(entry) ? without(entry, taken) : [withOwned(entry, owners)]));
  const returned = owners.filter(({ entry, owned }) => owned.length > 0 && !live.some((one) => isSameManager(one, entry)));
  return [...shared, ...returned.map(({ entry, owned }) => ({ ...entry, fieldsV1: owned.reduce(add, {}) }))];
}

function ownedOf({ fieldsV1 }: ManagedFieldsEntry, taken: readonly FieldPath[]): readonly FieldPath[] {
  const owned = new Set(leavesOf(fieldsV1).map(String));
  return taken.filter((path) => owned.has(String(path)));
}

function without(entry: ManagedFieldsEntry, taken: readonly FieldPath[]): readonly ManagedFieldsEntry[] {
  const gone = new Set(taken.map(String));
  const left = leavesOf(entry.fieldsV1).filter((path) => !gone.has(String(path)));
  return left.length === 0 ? [] : [{ ...entry, fieldsV1: left.reduce(add, {}) }];
}

function withOwned(
  entry: ManagedFieldsEntry,
  owners: readonly { readonly entry: ManagedFieldsEntry; readonly owned: readonly FieldPath[] }[],
): ManagedFieldsEntry {
  const owned = owners.filter((owner) => isSameManager(entry, owner.entry)).flatMap((owner) => owner.owned);
  return owned.length === 0 ? entry : { ...entry, fieldsV1: owned.reduce(add, (entry.fieldsV1 ?? {}) as Tree) };
}

/** What the server tells entries apart by: of an Apply the version does not count. */
function isSameManager(a: ManagedFieldsEntry, b: ManagedFieldsEntry): boolean {
  const isSame = a.manager === b.manager && a.operation === b.operation && a.subresource === b.subresource;
  return isSame && (a.operation === 'Apply' || a.apiVersion === b.apiVersion);
}

function isAsBefore(path: FieldPath, now: StatefulSet, before: StatefulSet): boolean {
  // Items of lists (`k:`, `v:`) are not among what is ever taken.
  if (!path.every((key) => key.startsWith('f:') || key === '.')) return false;
  const [is, was] = [valueOf(now, path), valueOf(before, path)];
  return path.at(-1) === '.' ? (is === undefined) === (was === undefined) : isDeepStrictEqual(is, was);
}

function valueOf(object: unknown, path: FieldPath): unknown {
  return path
    .filter((key) => key !== '.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key.slice(2)], object);
}

function leavesOf(fields: Json | undefined, path: FieldPath = []): readonly FieldPath[] {
  const children = Object.entries((fields ?? {}) as Tree);
  if (children.length === 0) return path.length === 0 ? [] : [path];
  return children.flatMap(([key, child]) => leavesOf(child, [...path, key]));
}

function add(tree: Tree, [key = '', ...rest]: FieldPath): Tree {
  const child = (tree[key] ?? {}) as Tree;
  return { ...tree, [key]: rest.length === 0 ? child : add(child, rest) };
}
