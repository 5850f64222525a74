import type { Clock } from '../domain/clock.ts';
import { ApiError } from '../domain/errors.ts';
import type { KubeObject } from '../domain/kube.ts';
import type { ApiRequest, Transport } from './api.ts';
import { Backoff } from './backoff.ts';
import { listAll } from './list.ts';
import { ObjectStore } from './store.ts';
import { decodeWatchLine } from './watch-event.ts';

/** The server ends a watch after 5 to 10 minutes, spread so that not all clients return at once (client-go: the same). */
const MIN_WATCH_SECONDS = 300;

/**
 * Bookmarks come about once a minute, so a watch that is silent for longer than this has lost its other end behind some
 * proxy that still answers TCP probes. Resuming costs one request.
 */
const SILENT_MS = 150_000;

export interface ReflectorParts<T extends KubeObject> {
  readonly transport: Transport;
  readonly clock: Clock;
  /** 0 ≤ random() < 1. */
  readonly random: () => number;
  readonly path: string;
  readonly fieldSelector?: string | undefined;
  readonly labelSelector?: string | undefined;
  /** What is kept of an object. */
  readonly decode: (raw: KubeObject) => T;
  /** The store or the state of the watch has changed. */
  readonly onChange: () => void;
}

/** Why the store may be behind. `since`: server's time at which it was last known to be whole; undefined if never. */
export interface Interruption {
  readonly error: ApiError;
  readonly verb: 'list' | 'watch';
  readonly since: number | undefined;
}

/**
 * Follows one resource (law 7): list, then watch from there, resuming where it broke off; a new list only when the
 * server's history no longer reaches back (410). Goes on until `close`.
 */
export class Reflector<T extends KubeObject> {
  readonly store = new ObjectStore<T>();
  readonly #parts: ReflectorParts<T>;
  readonly #backoff: Backoff;
  readonly #closed = new AbortController();
  readonly #first = Promise.withResolvers<void>();
  #resourceVersion: string | undefined;
  #interruption: Interruption | undefined;
  #listed = false;
  #opened = false;

  constructor(parts: ReflectorParts<T>) {
    this.#parts = parts;
    this.#backoff = new Backoff(parts.random);
  }

  /** Lists, and follows nothing yet: `start` goes on from there. Resolves when the list is there, or failed (see `interruption`). */
  async look(): Promise<void> {
    try {
      await this.#list();
    } catch (error) {
      this.#interrupted(asApiError(error, this.#parts.path), 'list');
    }
  }

  /** Begins; resolves when there is a list, or when it failed (see `interruption`). */
  start(): Promise<void> {
    void this.#run();
    return this.#first.promise;
  }

  /** Whether `store` has ever been filled. */
  get listed(): boolean {
    return this.#listed;
  }

  /** Whether the server has ever begun to tell of changes. */
  get opened(): boolean {
    return this.#opened;
  }

  /** Set while the store may be behind the server. */
  get interruption(): Interruption | undefined {
    return this.#interruption;
  }

  /** A later look than the watch's has found this. */
  observe(object: T): void {
    if (this.store.put(object)) this.#parts.onChange();
  }

  /** A later look than the watch's has found this uid gone. */
  forget(uid: string): void {
    if (this.store.remove(uid)) this.#parts.onChange();
  }

  close(): void {
    this.#closed.abort(new Error('the watch was closed'));
  }

  async #run(): Promise<void> {
    const { signal } = this.#closed;
    while (!signal.aborted) {
      const failed = await this.#round();
      this.#first.resolve();
      if (failed && !signal.aborted) await this.#pause();
    }
  }

  /** One list if needed, and one watch to its end. @returns whether to wait before the next. */
  async #round(): Promise<boolean> {
    let verb: Interruption['verb'] = 'list';
    try {
      if (this.#resourceVersion === undefined) await this.#list();
      this.#first.resolve();
      verb = 'watch';
      return !(await this.#watch());
    } catch (error) {
      if (this.#closed.signal.aborted) return false;
      this.#interrupted(asApiError(error, this.#parts.path), verb);
      return true;
    }
  }

  async #list(): Promise<void> {
    const { transport, path, fieldSelector, labelSelector, decode } = this.#parts;
    const { signal } = this.#closed;
    const { items, resourceVersion } = await listAll(transport, { path, fieldSelector, labelSelector, decode, signal });
    this.store.replace(items, resourceVersion);
    this.#resourceVersion = resourceVersion;
    this.#listed = true;
    this.#whole();
    this.#parts.onChange();
  }

  /** @returns whether anything came: a watch that ends at once without a word must not be begun again at once. */
  async #watch(): Promise<boolean> {
    const request = this.#watchRequest();
    const name = `GET ${request.path}`;
    let heard = false;
    await this.#parts.transport.stream(
      request,
      (line) => {
        heard = true;
        this.#take(line, name);
      },
      () => this.#open(),
    );
    return heard;
  }

  #watchRequest(): ApiRequest {
    const { path, fieldSelector, labelSelector, random } = this.#parts;
    const seconds = Math.round(MIN_WATCH_SECONDS * (1 + random()));
    return {
      method: 'GET',
      path,
      query: {
        watch: '1',
        allowWatchBookmarks: 'true',
        resourceVersion: this.#resourceVersion,
        timeoutSeconds: String(seconds),
        fieldSelector,
        labelSelector,
      },
      signal: this.#closed.signal,
      timeoutMs: SILENT_MS,
    };
  }

  #take(line: string, request: string): void {
    const event = decodeWatchLine(line, request);
    if (event.type === 'error') throw event.error;
    this.#backoff.reset();
    this.#whole();
    if (event.type === 'put') this.observe(this.#parts.decode(event.object));
    if (event.type === 'gone') this.forget(event.object.metadata.uid);
    this.#resourceVersion = event.type === 'bookmark' ? event.resourceVersion : event.object.metadata.resourceVersion;
  }

  #open(): void {
    const isFirst = !this.#opened;
    this.#opened = true;
    this.#whole();
    if (isFirst) this.#parts.onChange();
  }

  #whole(): void {
    if (this.#interruption === undefined) return;
    this.#interruption = undefined;
    this.#parts.onChange();
  }

  #interrupted(error: ApiError, verb: Interruption['verb']): void {
    if (error.status === 410) this.#resourceVersion = undefined;
    const since =
      this.#interruption === undefined ? (this.#listed ? this.#parts.transport.serverNow() : undefined) : this.#interruption.since;
    this.#interruption = { error, verb, since };
    this.#parts.onChange();
  }

  async #pause(): Promise<void> {
    try {
      await this.#parts.clock.sleep(this.#backoff.next(), this.#closed.signal);
    } catch (error) {
      // Closed meanwhile: the loop sees it.
      if (!this.#closed.signal.aborted) throw error;
    }
  }
}

/** Whatever ends a round leaves the store behind, a plugin without credentials as well as an object that we cannot decode. */
function asApiError(error: unknown, path: string): ApiError {
  if (error instanceof ApiError) return error;
  const { message, name } = error instanceof Error ? error : new Error(String(error));
  return new ApiError({ message, status: undefined, reason: name, sent: 'unanswered', request: `GET ${path}`, cause: error });
}
