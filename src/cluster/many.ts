import type { KubeObject, StatefulSet } from '../domain/kube.ts';
import { type Reading, read } from '../domain/reading.ts';
import type { ClusterRef, SliceName, Snapshot, Target } from '../domain/snapshot.ts';
import type { Many, Scope } from './api.ts';
import { pooled } from './pooled.ts';
import type { SliceReads } from './reads.ts';
import { isList, isPodSlice, type ListSliceName, listSlice, withPodSlices } from './slices/table.ts';

/** Sets whose own Secrets are read at once. */
const PARALLEL = 8;

export interface ManyParts {
  readonly reads: SliceReads;
  readonly identity: (target: Target) => Promise<ClusterRef>;
  /** Server's time, milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Snapshots of all sets in a scope: every list is read once for the whole scope and then divided, so that `status -A`
 * takes as many requests as `status NAME` (and one a set for `stored`, where that is needed).
 */
export async function readMany(needs: readonly SliceName[], scope: Scope, parts: ManyParts): Promise<Many> {
  const lists = needs.filter(isList).filter((name) => !isPodSlice(name));
  const [sets, namespaces, ...readings] = await Promise.all([
    parts.reads.sets(scope),
    needs.includes('namespace') ? parts.reads.namespaces(scope.namespace) : undefined,
    ...lists.map(async (name) => [name, divide(name, await parts.reads.list(name, scope.namespace))] as const),
  ]);
  if (sets.state !== 'read') return { snapshots: [], sets };
  const snapshots = await pooled(sets.value, PARALLEL, async (set) => {
    const target = { namespace: set.metadata.namespace ?? '', name: set.metadata.name };
    const slices = Object.fromEntries(readings.map(([name, of]) => [name, of(target.namespace)]));
    const namespace = namespaces === undefined ? {} : { namespace: namespaces(target.namespace) };
    return snapshotOf(set, target, { ...slices, ...namespace, ...(await storedSlice(needs, target, parts)) }, sets.at, parts);
  });
  return { snapshots: snapshots.toSorted((a, b) => byPlace(a.target, b.target)), sets: read(snapshots.length, sets.at) };
}

async function snapshotOf(set: StatefulSet, target: Target, slices: Snapshot['slices'], at: number, parts: ManyParts): Promise<Snapshot> {
  return { now: parts.now(), cluster: await parts.identity(target), target, slices: withPodSlices({ ...slices, set: read(set, at) }) };
}

async function storedSlice(needs: readonly SliceName[], target: Target, parts: ManyParts): Promise<Snapshot['slices']> {
  return needs.includes('stored') ? { stored: await parts.reads.slice('stored', target) } : {};
}

/** One namespace's part of a list. */
export type Divided = (namespace: string) => Reading<readonly KubeObject[]>;

/** A list for the whole scope as a function of the namespace; objects of no namespace count for each. */
export function divide(name: ListSliceName, reading: Reading<readonly KubeObject[]>): Divided {
  if (reading.state !== 'read') return () => reading;
  const { belongsTo, resource } = listSlice(name);
  if (belongsTo === undefined && !resource.namespaced) return () => reading;
  const groups = Map.groupBy(reading.value, (object) => (belongsTo === undefined ? object.metadata.namespace : belongsTo(object)));
  return (namespace) => read([...(groups.get(namespace) ?? []), ...(groups.get(undefined) ?? [])], reading.at);
}

/** By namespace and name, as kubectl lists. */
export function byPlace(a: Target, b: Target): number {
  const [left, right] = [a, b].map((target) => `${target.namespace}/${target.name}`) as [string, string];
  return left < right ? -1 : left > right ? 1 : 0;
}
