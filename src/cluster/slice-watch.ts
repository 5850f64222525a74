import { ApiError, CannotError } from '../domain/errors.ts';
import type { KubeObject, Pod } from '../domain/kube.ts';
import { podsNamedAfter } from '../domain/members.ts';
import { absent, type Reading, read, unknown } from '../domain/reading.ts';
import type { Target } from '../domain/snapshot.ts';
import { connectionFailure } from './connect-errors.ts';
import type { OpenConnection } from './connection.ts';
import { describe, type Question, readingOfFailure } from './outcome.ts';
import { listPath } from './slices/resource.ts';
import type { ListSlice } from './slices/slice.ts';
import { listSlice, namespaceOf, SET_RESOURCE, type WatchedSlice } from './slices/table.ts';
import { compareVersions } from './store.ts';
import { type Interruption, Reflector } from './watch.ts';

/** A watch that has been broken for longer no longer counts as knowledge. */
const STALE_MS = 15_000;

/** What of a slice is watched. */
export interface Watched extends Partial<Target> {
  /** Only sets with these labels. */
  readonly labelSelector?: string;
}

/** One watched slice: a reflector, and what it knows as a Reading. */
export class SliceWatch {
  readonly #reflector: Reflector<KubeObject>;
  readonly #connection: OpenConnection;
  readonly #slice: WatchedSlice;
  readonly #namespace: string | undefined;

  /** @param watched without a namespace, of all; without a name, every set: the other slices are watched whole, or by the target's node */
  constructor(slice: WatchedSlice, watched: Watched, connection: OpenConnection, onChange: () => void) {
    const { name, labelSelector } = watched;
    const namespace = namespaceOf(slice, { namespace: watched.namespace ?? '' });
    this.#slice = slice;
    this.#namespace = namespace;
    this.#connection = connection;
    const { resource, decode, about } = slice === 'set' ? SETS : listSlice(slice);
    this.#reflector = new Reflector({
      transport: connection.transport,
      clock: connection.clock,
      random: connection.random,
      path: listPath(resource, namespace),
      fieldSelector: slice === 'set' && name === undefined ? undefined : about?.(watched),
      labelSelector: slice === 'set' ? labelSelector : undefined,
      decode,
      onChange,
    });
  }

  /** Lists once, following nothing yet; rejects with CannotError where the whole connection fails. */
  async look(): Promise<void> {
    await this.#reflector.look();
    this.#throwIfCut();
  }

  /** Follows it; resolves when there is a list; rejects with CannotError where the whole connection fails. */
  async start(): Promise<void> {
    await this.#reflector.start();
    this.#throwIfCut();
  }

  #throwIfCut(): void {
    const error = this.#reflector.interruption?.error;
    const failure = error?.cause instanceof CannotError ? error.cause : connectionFailure(error, this.#connection);
    if (failure !== undefined) throw failure;
  }

  /** What is known now. */
  list(): Reading<readonly KubeObject[]> {
    const { interruption } = this.#reflector;
    const now = this.#connection.transport.serverNow();
    if (interruption !== undefined && this.#tooOld(interruption, now))
      return readingOfFailure(interruption.error, this.#question(interruption.verb), now);
    return read(this.#reflector.store.items, interruption?.since ?? now);
  }

  /** The watch has begun and is not known to be behind, or is not allowed to us at all. */
  get whole(): boolean {
    const { interruption, opened } = this.#reflector;
    return interruption === undefined ? opened : interruption.error.status === 403;
  }

  /** That the watch is behind, as an error about a server that does not answer. */
  behind(): ApiError {
    const error = this.#reflector.interruption?.error;
    const question = describe(this.#question('watch'));
    return new ApiError({
      message: `cannot ${question}: ${error?.message ?? 'interrupted'}`,
      status: undefined,
      reason: error?.reason ?? 'WatchBroken',
      sent: 'unanswered',
      request: `GET ${question}`,
      cause: error,
    });
  }

  /** Another look has found this object. */
  observe(object: KubeObject): void {
    this.#reflector.observe(object);
  }

  /** UIDs known now: what a 404 that is asked for from here on says about. */
  uids(): readonly string[] {
    return this.#reflector.store.items.map(({ metadata }) => metadata.uid);
  }

  forget(uid: string): void {
    this.#reflector.forget(uid);
  }

  close(): void {
    this.#reflector.close();
  }

  #tooOld({ error, since }: Interruption, now: number): boolean {
    return since === undefined || error.status === 403 || now - since > STALE_MS;
  }

  #question(verb: Question['verb']): Question {
    const resource = this.#slice === 'set' ? SET_RESOURCE : listSlice(this.#slice).resource;
    return { verb, resource, namespace: this.#namespace };
  }
}

const SETS: ListSlice<KubeObject> = { resource: SET_RESOURCE, decode: asServed, about: ({ name }) => `metadata.name=${name}` };

function asServed(raw: KubeObject): KubeObject {
  // Items of a list come without these two; what is written back needs them.
  return raw.kind === undefined ? { apiVersion: 'apps/v1', kind: 'StatefulSet', ...raw } : raw;
}

/** The Pods that bear a name of these sets' members, of all that are watched. */
export function podsOf(sets: readonly string[], watch: SliceWatch | undefined, now: number): Reading<readonly Pod[]> {
  const pods = watch?.list() as Reading<readonly Pod[]> | undefined;
  if (pods?.state !== 'read') return pods ?? unknown('not-read', 'pods was not read', now);
  const named = sets.flatMap((name) => [...podsNamedAfter(name, pods.value).values()]);
  return read(named, pods.at);
}

/** The one object among these that still counts, where one was deleted and another created under its name. */
export function newestOf(objects: Reading<readonly KubeObject[]>): Reading<KubeObject> {
  if (objects.state !== 'read') return objects;
  const one = newest(objects.value);
  return one === undefined ? absent('not-found', objects.at) : read(one, objects.at);
}

function newest(objects: readonly KubeObject[]): KubeObject | undefined {
  return objects.toSorted((a, b) => compareVersions(b.metadata.resourceVersion, a.metadata.resourceVersion))[0];
}
