import type { AccessNeed } from '../domain/access.ts';
import { ApiError } from '../domain/errors.ts';
import { nearMatches } from '../domain/near.ts';
import type { Reading } from '../domain/reading.ts';
import type { ClusterRef, SliceName, Slices, Snapshot, Target } from '../domain/snapshot.ts';
import { reviewAccess, unansweredInWords } from './access.ts';
import type { ClusterReader, Followed, Further, LiveSnapshot, LiveSnapshots, Many, Scope } from './api.ts';
import type { OpenConnection } from './connection.ts';
import { openFollowed } from './follow.ts';
import { ClusterIdentity } from './identity.ts';
import { listAll } from './list.ts';
import { openLive } from './live.ts';
import { readMany } from './many.ts';
import { SliceReads, type StoredReaders } from './reads.ts';
import { listPath } from './slices/resource.ts';
import { type ComposedSlice, isComposed, isList, type ListSliceName, SET_RESOURCE } from './slices/table.ts';

/** ClusterReader (api.ts) on a connection. */
export function clusterReader(connection: OpenConnection, stores: StoredReaders): ClusterReader {
  return new Reader(connection, stores);
}

class Reader implements ClusterReader {
  readonly #connection: OpenConnection;
  readonly #reads: SliceReads;
  readonly #identity: ClusterIdentity;

  constructor(connection: OpenConnection, stores: StoredReaders) {
    this.#connection = connection;
    this.#reads = new SliceReads(connection, stores);
    this.#identity = new ClusterIdentity(connection);
  }

  identity(target?: Target): Promise<ClusterRef> {
    return this.#identity.of(target ?? { namespace: this.#connection.namespace, name: '' });
  }

  async read(needs: readonly SliceName[], target: Target): Promise<Snapshot> {
    const [cluster, slices] = await Promise.all([this.identity(target), this.#reads.look(needs, target)]);
    return { now: this.#connection.transport.serverNow(), cluster, target, slices };
  }

  readSlice<K extends SliceName>(slice: K, target: Target): Promise<Reading<Slices[K]>> {
    return this.#reads.slice(slice, target);
  }

  async readScope(needs: readonly SliceName[], namespace: string | undefined): Promise<Snapshot> {
    const target = { namespace: namespace ?? '', name: '' };
    const of = async (slice: ScopedSlice) =>
      [slice, await (isComposed(slice) ? this.#reads.composed(slice, namespace) : this.#reads.list(slice, namespace))] as const;
    const [first, others] = [needs.filter((slice) => slice === 'claims'), needs.filter(isScoped).filter((slice) => slice !== 'claims')];
    // Whatever comes to use a PVC after it was listed is in a later list; the other way round it would be missed.
    const claims = await Promise.all(first.map(of));
    const [cluster, ...readings] = await Promise.all([this.identity(), ...others.map(of)]);
    return { now: this.#connection.transport.serverNow(), cluster, target, slices: Object.fromEntries([...claims, ...readings]) };
  }

  readMany(needs: readonly SliceName[], scope: Scope, further: Further = () => []): Promise<Many> {
    const { transport } = this.#connection;
    return readMany(needs, scope, {
      reads: this.#reads,
      identity: (target) => this.identity(target),
      now: () => transport.serverNow(),
      further,
    });
  }

  live(needs: readonly SliceName[], target: Target): Promise<LiveSnapshot> {
    return openLive(needs, target, { connection: this.#connection, reads: this.#reads, identity: () => this.identity(target) });
  }

  follow(needs: readonly SliceName[], scope: Followed): Promise<LiveSnapshots> {
    const { namespace, names } = scope;
    const identity = (): Promise<ClusterRef> => this.identity(namespace === undefined ? undefined : { namespace, name: names?.[0] ?? '' });
    return openFollowed(needs, scope, { connection: this.#connection, reads: this.#reads, identity });
  }

  async denied(needs: readonly AccessNeed[], unknown: (message: string) => void): Promise<readonly AccessNeed[]> {
    const answers = await reviewAccess(this.#connection.transport, needs);
    for (const message of unansweredInWords(answers)) unknown(message);
    return answers.filter(({ verdict }) => verdict === 'denied').map(({ need }) => need);
  }

  async suggestSets(target: Target): Promise<readonly string[]> {
    const path = listPath(SET_RESOURCE, target.namespace);
    try {
      const { items } = await listAll(this.#connection.transport, { path, decode: (set) => set.metadata.name });
      return nearMatches(target.name, items);
    } catch (error) {
      // Only a hint: the message is as true without it.
      if (error instanceof ApiError) return [];
      throw error;
    }
  }
}

type ScopedSlice = ListSliceName | ComposedSlice;

function isScoped(slice: SliceName): slice is ScopedSlice {
  return isList(slice) || isComposed(slice);
}
