import type { KubeObject, StatefulSet } from '../domain/kube.ts';
import { type Read, type Reading, read } from '../domain/reading.ts';
import { type ClusterRef, type SliceName, type Snapshot, sliceOf, type Target } from '../domain/snapshot.ts';
import type { Further, Many, Scope } from './api.ts';
import { narrowed } from './of-set.ts';
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
  readonly further: Further;
}

/**
 * Snapshots of all sets in a scope: every list is read once for the whole scope and then divided, so that `status -A`
 * takes as many requests as `status NAME` (and one a set for `stored`, where that is needed).
 */
export async function readMany(needs: readonly SliceName[], scope: Scope, parts: ManyParts): Promise<Many> {
  const [sets, namespaces, readings] = await Promise.all([
    parts.reads.sets(scope),
    needs.includes('namespace') ? parts.reads.namespaces(scope.namespace) : undefined,
    // Where all sets are asked for, they have been listed.
    dividedLists(scope.labelSelector === undefined ? needs.filter((slice) => slice !== 'sets') : needs, scope, parts),
  ]);
  if (sets.state !== 'read') return { snapshots: [], sets };
  const lists =
    needs.includes('sets') && scope.labelSelector === undefined
      ? [...readings, ['sets', divide('sets', lightened(sets))] as const]
      : readings;
  const snapshots = await pooled(sets.value, PARALLEL, async (set) => {
    const target = { namespace: set.metadata.namespace ?? '', name: set.metadata.name };
    const slices = Object.fromEntries(lists.map(([name, of]) => [name, of(target.namespace)]));
    const namespace = namespaces === undefined ? {} : { namespace: namespaces(target.namespace) };
    return snapshotOf(set, target, { ...slices, ...namespace, ...(await storedSlice(needs, target, parts)) }, sets.at, parts);
  });
  const sorted = snapshots.toSorted((a, b) => byPlace(a.target, b.target));
  return { snapshots: await withFurther(sorted, scope, parts), sets: read(snapshots.length, sets.at) };
}

/** As the slice has them. */
function lightened(sets: Read<readonly StatefulSet[]>): Reading<readonly KubeObject[]> {
  return { ...sets, value: sets.value.map((set) => listSlice('sets').decode(set)) };
}

type NamedDivided = readonly [ListSliceName, Divided];

function dividedLists(needs: readonly SliceName[], scope: Scope, { reads }: ManyParts): Promise<readonly NamedDivided[]> {
  const lists = needs.filter(isList).filter((name) => !isPodSlice(name));
  return Promise.all(lists.map(async (name): Promise<NamedDivided> => [name, divide(name, await reads.list(name, scope.namespace))]));
}

/** What one of the sets takes is read for all of them: a list of everything costs no more than one of each. */
async function withFurther(snapshots: readonly Snapshot[], scope: Scope, parts: ManyParts): Promise<readonly Snapshot[]> {
  const wanted = new Set(snapshots.flatMap((snapshot) => parts.further(snapshot).filter((slice) => snapshot.slices[slice] === undefined)));
  if (wanted.size === 0) return snapshots;
  const readings = await dividedLists([...wanted], scope, parts);
  return snapshots.map((snapshot) => {
    const more = Object.fromEntries(readings.map(([name, of]) => [name, of(snapshot.target.namespace)]));
    const set = sliceOf(snapshot, 'set');
    const narrow = set.state === 'read' ? narrowed({ pods: sliceOf(snapshot, 'pods'), ...more }, set.value) : more;
    return { ...snapshot, slices: { ...snapshot.slices, ...narrow } };
  });
}

async function snapshotOf(set: StatefulSet, target: Target, slices: Snapshot['slices'], at: number, parts: ManyParts): Promise<Snapshot> {
  return {
    now: parts.now(),
    cluster: await parts.identity(target),
    target,
    slices: narrowed(withPodSlices({ ...slices, set: read(set, at) }), set),
  };
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
  const ofAll = groups.get(undefined) ?? [];
  // One list a namespace, whichever of its sets asks: what is made of a list once need not be made again.
  const lists = new Map<string, Reading<readonly KubeObject[]>>();
  return (namespace) => {
    const known = lists.get(namespace) ?? read([...(groups.get(namespace) ?? []), ...ofAll], reading.at);
    lists.set(namespace, known);
    return known;
  };
}

/** By namespace and name, as kubectl lists. */
export function byPlace(a: Target, b: Target): number {
  const [left, right] = [a, b].map((target) => `${target.namespace}/${target.name}`) as [string, string];
  return left < right ? -1 : left > right ? 1 : 0;
}
