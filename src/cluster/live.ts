import { ApiError } from '../domain/errors.ts';
import type { KubeObject, Pod, StatefulSet } from '../domain/kube.ts';
import type { Reading } from '../domain/reading.ts';
import { type ClusterRef, nodeOf, type SliceName, type Snapshot, type Target } from '../domain/snapshot.ts';
import type { LiveSnapshot } from './api.ts';
import { Changes } from './changes.ts';
import type { OpenConnection } from './connection.ts';
import { readingOfFailure } from './outcome.ts';
import type { SliceReads } from './reads.ts';
import { newestOf, podsOf, SliceWatch } from './slice-watch.ts';
import { objectPath } from './slices/resource.ts';
import { isPodSlice, isWatched, listSlice, SET_RESOURCE, type WatchedSlice, withPodSlices } from './slices/table.ts';

/** How long `fresh` waits for a broken watch to come back before it says so. */
const PATIENCE_MS = 5_000;

export interface LiveParts {
  readonly connection: OpenConnection;
  readonly reads: SliceReads;
  readonly identity: () => Promise<ClusterRef>;
}

/** Reads everything once, and watches nothing yet. Rejects with CannotError where the whole connection fails. */
export async function openLive(needs: readonly SliceName[], target: Target, parts: LiveParts): Promise<LiveSnapshot> {
  const live = new Live(needs, target, parts);
  try {
    await live.look();
    return live;
  } catch (error) {
    live.close();
    throw error;
  }
}

class Live implements LiveSnapshot {
  readonly #target: Target;
  readonly #parts: LiveParts;
  readonly #kept: readonly SliceName[];
  readonly #watches: ReadonlyMap<WatchedSlice, SliceWatch>;
  readonly #changes = new Changes();
  readonly #marks = new WeakMap<Snapshot, number>();
  readonly #stopListening: () => void;
  #readings: Snapshot['slices'] = {};
  #cluster: ClusterRef | undefined;
  #lastMark = 0;
  #podsListed: Promise<void> | undefined;

  constructor(needs: readonly SliceName[], target: Target, parts: LiveParts) {
    this.#target = target;
    this.#parts = parts;
    this.#kept = needs.filter((slice) => !isWatched(slice) && !isPodSlice(slice));
    const { connection } = parts;
    const onChange = (): void => this.#changes.bump();
    this.#watches = new Map(needs.filter(isWatched).map((slice) => [slice, new SliceWatch(slice, target, connection, onChange)]));
    this.#stopListening = connection.written.listen((object) => this.#heard(object));
  }

  async look(): Promise<void> {
    const watches = new Map(Array.from(this.#watches, ([slice, watch]) => [slice, watch.look()] as const));
    this.#podsListed = watches.get('pods');
    [this.#cluster] = await Promise.all([this.#parts.identity(), this.reread(this.#kept), ...watches.values()]);
  }

  follow(): void {
    // What a watch meets is in its readings; a connection that fails as a whole, too.
    for (const watch of this.#watches.values()) watch.start().catch(() => undefined);
  }

  current(): Snapshot {
    return this.#compose(undefined);
  }

  async changed(signal?: AbortSignal, after?: Snapshot): Promise<void> {
    const mark = (after === undefined ? undefined : this.#marks.get(after)) ?? this.#lastMark;
    await this.#changes.after(mark, signal);
  }

  async fresh(signal?: AbortSignal): Promise<Snapshot> {
    const own = this.#watches.get('set');
    const [refused] = await Promise.all([own === undefined ? undefined : this.#lookAtSet(own, signal), this.#caughtUp(signal)]);
    return this.#compose(refused);
  }

  async caughtUp(signal?: AbortSignal): Promise<Snapshot> {
    await this.#caughtUp(signal);
    return this.#compose(undefined);
  }

  async reread(slices: readonly SliceName[]): Promise<void> {
    const others = slices.filter((slice) => !isWatched(slice) && !isPodSlice(slice));
    const readings = others.map(async (slice) => [slice, await this.#read(slice)]);
    this.#readings = { ...this.#readings, ...Object.fromEntries(await Promise.all(readings)) };
    this.#changes.bump();
  }

  #read(slice: SliceName): Promise<Reading<unknown>> {
    const { reads } = this.#parts;
    return slice === 'nodes' && this.#podsListed !== undefined
      ? reads.nodes(this.#members(this.#podsListed))
      : reads.slice(slice, this.#target);
  }

  async #members(listed: Promise<void>): Promise<Reading<readonly Pod[]>> {
    await listed;
    return podsOf([this.#target.name], this.#watches.get('pods'), this.#parts.connection.transport.serverNow());
  }

  close(): void {
    this.#stopListening();
    for (const watch of this.#watches.values()) watch.close();
  }

  /** @param refused reading of the set where the server does not let us look at it */
  #compose(refused: Reading<StatefulSet> | undefined): Snapshot {
    const watched = Array.from(
      this.#watches,
      ([slice, watch]) => [slice, slice === 'set' ? newestOf(watch.list()) : watch.list()] as const,
    );
    const set = refused === undefined ? {} : { set: refused };
    const snapshot: Snapshot = {
      now: this.#parts.connection.transport.serverNow(),
      cluster: this.#cluster ?? { context: '', server: '', identity: '', flags: [] },
      target: this.#target,
      slices: withPodSlices({ ...this.#readings, ...(Object.fromEntries(watched) as Snapshot['slices']), ...set }),
    };
    this.#lastMark = this.#changes.count;
    this.#marks.set(snapshot, this.#lastMark);
    return snapshot;
  }

  /**
   * GET of the set, told to its watch: whichever of the two is later counts. A 404 is about what was known before it was
   * asked; a set that has appeared since is not gone. Rejects with ApiError when the server does not answer.
   */
  async #lookAtSet(watch: SliceWatch, signal: AbortSignal | undefined): Promise<Reading<StatefulSet> | undefined> {
    const { namespace, name } = this.#target;
    const { transport } = this.#parts.connection;
    const known = watch.uids();
    const path = objectPath(SET_RESOURCE, namespace, name);
    try {
      const { body } = await transport.request<StatefulSet>({ method: 'GET', path, ...(signal === undefined ? {} : { signal }) });
      watch.observe(body);
    } catch (error) {
      if (!(error instanceof ApiError) || (error.status !== 404 && error.status !== 403)) throw error;
      if (error.status === 403)
        return readingOfFailure(error, { verb: 'get', resource: SET_RESOURCE, namespace, name }, transport.serverNow());
      for (const uid of known) watch.forget(uid);
    }
    return undefined;
  }

  /** Waits for broken watches to come back; rejects with ApiError when one does not. */
  async #caughtUp(signal: AbortSignal | undefined): Promise<void> {
    const { clock } = this.#parts.connection;
    const deadline = clock.now() + PATIENCE_MS;
    for (;;) {
      const behind = Array.from(this.#watches.values()).find((watch) => !watch.whole);
      if (behind === undefined) return;
      if (clock.now() >= deadline) throw behind.behind();
      await this.#nextChange(deadline - clock.now(), signal);
    }
  }

  async #nextChange(ms: number, signal: AbortSignal | undefined): Promise<void> {
    const over = new AbortController();
    const ended = signal === undefined ? over.signal : AbortSignal.any([over.signal, signal]);
    const sleep = this.#parts.connection.clock.sleep(ms, ended);
    const change = this.#changes.after(this.#changes.count, ended);
    try {
      await Promise.race([sleep, change]);
    } finally {
      // Both must end before we go on: an abandoned promise would reject unheard.
      over.abort(new Error('over'));
      await Promise.allSettled([sleep, change]);
    }
  }

  /** Our own writes' answers are as good as watch events, and earlier. */
  #heard(object: KubeObject): void {
    for (const [slice, watch] of this.#watches) {
      if (object.kind !== KINDS[slice] || !isAbout(object, slice, this.#target)) continue;
      watch.observe(slice === 'set' ? object : listSlice(slice).decode(object));
    }
  }
}

/** Whether a watch of this slice shows the object. */
function isAbout({ metadata }: KubeObject, slice: WatchedSlice, target: Target): boolean {
  if (slice === 'node') return metadata.name === nodeOf(target);
  // Which node a Pod is bound to, our writes do not change.
  if (slice === 'nodePods' || slice === 'attachments') return false;
  if (slice === 'followedVolumes') return true;
  return metadata.namespace === target.namespace && (slice !== 'set' || metadata.name === target.name);
}

const KINDS: Readonly<Record<WatchedSlice, string>> = {
  set: 'StatefulSet',
  pods: 'Pod',
  claims: 'PersistentVolumeClaim',
  endpointSlices: 'EndpointSlice',
  node: 'Node',
  nodePods: 'Pod',
  followedVolumes: 'PersistentVolume',
  attachments: 'VolumeAttachment',
};
