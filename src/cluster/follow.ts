import { CannotError } from '../domain/errors.ts';
import type { KubeObject, Namespace, Pod } from '../domain/kube.ts';
import { type Reading, read, unknown } from '../domain/reading.ts';
import type { ClusterRef, SliceName, Slices, Snapshot, Target } from '../domain/snapshot.ts';
import type { Followed, LiveSnapshots, Many } from './api.ts';
import { Changes } from './changes.ts';
import type { LiveParts } from './live.ts';
import { byPlace, type Divided, divide } from './many.ts';
import { newestOf, podsOf, SliceWatch } from './slice-watch.ts';
import { isList, isPodSlice, isWatched, type ListSliceName, type WatchedSlice, withPodSlices } from './slices/table.ts';

/** Reads once what is not watched, and begins the watches. Rejects with CannotError where the whole connection fails. */
export async function openFollowed(needs: readonly SliceName[], scope: Followed, parts: LiveParts): Promise<LiveSnapshots> {
  const followed = new FollowedSets(needs, scope, parts);
  try {
    await followed.start();
    return followed;
  } catch (error) {
    followed.close();
    throw error;
  }
}

/** Many sets on one watch a resource (law 7): what a watch knows is divided among them at each look. */
class FollowedSets implements LiveSnapshots {
  readonly #scope: Followed;
  readonly #parts: LiveParts;
  readonly #needs: readonly SliceName[];
  readonly #sets: SliceWatch;
  readonly #watches: ReadonlyMap<Exclude<WatchedSlice, 'set'>, SliceWatch>;
  readonly #changes = new Changes();
  readonly #kept = new Map<ListSliceName, Reading<readonly KubeObject[]>>();
  readonly #stored = new Map<string, Reading<Slices['stored']>>();
  #namespaces: ((name: string) => Reading<Namespace>) | undefined;
  #cluster: ClusterRef | undefined;
  #mark = 0;

  constructor(needs: readonly SliceName[], scope: Followed, parts: LiveParts) {
    this.#scope = scope;
    this.#parts = parts;
    this.#needs = needs;
    const onChange = (): void => this.#changes.bump();
    const [name, ...others] = scope.names ?? [];
    const one = name === undefined || others.length > 0 ? {} : { name };
    const watchOf = (slice: WatchedSlice): SliceWatch => new SliceWatch(slice, { ...scope, ...one }, parts.connection, onChange);
    this.#sets = watchOf('set');
    this.#watches = new Map(needs.filter(isWatched).flatMap((slice) => (slice === 'set' ? [] : [[slice, watchOf(slice)]])));
  }

  async start(): Promise<void> {
    const { names = [] } = this.#scope;
    const sets = this.#sets.start();
    const watches = new Map(Array.from(this.#watches, ([slice, watch]) => [slice, watch.start()] as const));
    const stored = this.#needs.includes('stored') ? this.#readStored(names) : undefined;
    const kept = this.#readKept(this.#pods(watches.get('pods')));
    [this.#cluster] = await Promise.all([this.#parts.identity(), kept, stored, sets, ...watches.values()]);
  }

  current(): Many {
    this.#mark = this.#changes.count;
    const sets = this.#sets.list();
    const lists = [...this.#kept, ...Array.from(this.#watches, ([slice, watch]) => [slice, watch.list()] as const)];
    const divided = lists.map(([slice, reading]) => [slice, divide(slice, reading)] as const);
    const setsOf = setsByPlace(sets);
    const snapshots = this.#targets(sets).map((target) => this.#compose(target, setsOf(target), divided));
    return { snapshots, sets: sets.state === 'read' ? read(sets.value.length, sets.at) : sets };
  }

  changed(signal?: AbortSignal): Promise<void> {
    return this.#changes.after(this.#mark, signal);
  }

  async rereadStored(names: readonly string[]): Promise<void> {
    try {
      await this.#readStored(names);
    } catch (error) {
      // The server is away: its watches wait for it, and so does this.
      if (!(error instanceof CannotError)) throw error;
      const { transport } = this.#parts.connection;
      for (const name of names) this.#stored.set(name, unknown('server-error', error.message, transport.serverNow()));
    }
    this.#changes.bump();
  }

  async #readStored(names: readonly string[]): Promise<void> {
    const { namespace = '' } = this.#scope;
    const readings = names.map(async (name) => [name, await this.#parts.reads.slice('stored', { namespace, name })] as const);
    for (const [name, reading] of await Promise.all(readings)) this.#stored.set(name, reading);
  }

  close(): void {
    for (const watch of [this.#sets, ...this.#watches.values()]) watch.close();
  }

  async #readKept(pods: Promise<Reading<readonly Pod[]>>): Promise<void> {
    const { reads } = this.#parts;
    const kept = this.#needs.filter(isList).filter((slice) => !isWatched(slice) && !isPodSlice(slice));
    const readings = kept.map(async (slice) => [slice, await this.#list(slice, pods)] as const);
    const namespaces = this.#needs.includes('namespace') ? reads.namespaces(this.#scope.namespace) : undefined;
    const [namespaceOf, ...lists] = await Promise.all([namespaces, ...readings]);
    for (const [slice, reading] of lists) this.#kept.set(slice, reading);
    this.#namespaces = namespaceOf;
  }

  /** Of named sets only what is about them, where that can be told. */
  #list(slice: ListSliceName, pods: Promise<Reading<readonly Pod[]>>): Promise<Reading<readonly KubeObject[]>> {
    const { reads } = this.#parts;
    const { names, namespace } = this.#scope;
    if (slice === 'nodes' && names !== undefined) return reads.nodes(pods);
    return reads.list(slice, namespace, names?.length === 1 && names[0] !== undefined ? { name: names[0] } : {});
  }

  /** Pods of the named sets, once their watch has begun. */
  async #pods(begun: Promise<void> | undefined): Promise<Reading<readonly Pod[]>> {
    await begun;
    return podsOf(this.#scope.names ?? [], this.#watches.get('pods'), this.#parts.connection.transport.serverNow());
  }

  /** Without names, and while the sets cannot be read, there is nothing that could be told of any. */
  #targets(sets: Reading<readonly KubeObject[]>): readonly Target[] {
    const { names, namespace = '' } = this.#scope;
    if (names !== undefined) return names.map((name) => ({ namespace, name }));
    const places = sets.state === 'read' ? sets.value.map(placeOf) : [];
    return [...new Map(places.map((target) => [keyOf(target), target])).values()].toSorted(byPlace);
  }

  #compose(target: Target, set: Reading<KubeObject>, lists: readonly (readonly [ListSliceName, Divided])[]): Snapshot {
    const stored = this.#stored.get(target.name);
    const namespace = this.#namespaces === undefined ? {} : { namespace: this.#namespaces(target.namespace) };
    const slices = { ...Object.fromEntries(lists.map(([slice, of]) => [slice, of(target.namespace)])), ...namespace, set };
    return {
      now: this.#parts.connection.transport.serverNow(),
      cluster: this.#cluster ?? { context: '', server: '', identity: '', flags: [] },
      target,
      slices: withPodSlices({ ...(slices as Snapshot['slices']), ...(stored === undefined ? {} : { stored }) }),
    };
  }
}

/** Each set by its place; one that the watch does not know is absent. */
function setsByPlace(sets: Reading<readonly KubeObject[]>): (target: Target) => Reading<KubeObject> {
  if (sets.state !== 'read') return () => sets;
  const groups = Map.groupBy(sets.value, (set) => keyOf(placeOf(set)));
  return (target) => newestOf(read(groups.get(keyOf(target)) ?? [], sets.at));
}

const placeOf = ({ metadata }: KubeObject): Target => ({ namespace: metadata.namespace ?? '', name: metadata.name });
const keyOf = ({ namespace, name }: Target): string => `${namespace}/${name}`;
