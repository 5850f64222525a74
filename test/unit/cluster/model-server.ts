import { setImmediate } from 'node:timers/promises';
import type { ApiRequest, ApiResponse, Transport } from '../../../src/cluster/api.ts';
import type { KubeObject } from '../../../src/domain/kube.ts';
import { apiError } from './fakes.ts';

interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
  readonly version: number;
}

interface Watcher {
  at: number;
  readonly onLine: (line: string) => void;
  readonly end: (error?: Error) => void;
}

/**
 * A model of the API server for one resource: a store with a history, lists in pages, watches from a resourceVersion,
 * compaction, and everything that can go wrong on the way. Watches get their events when `deliver` says so.
 */
export class ModelServer implements Transport {
  readonly #objects = new Map<string, KubeObject>();
  readonly #history: Change[] = [];
  #version = 100;
  #compactedTo = 0;
  #uids = 0;
  readonly #watchers = new Set<Watcher>();
  readonly #pages = new Map<string, readonly KubeObject[]>();
  /** Requests from now on that fail before they reach the server. */
  failures = 0;
  pageSize = 2;
  lists = 0;

  get objects(): readonly KubeObject[] {
    return [...this.#objects.values()];
  }

  get watching(): number {
    return this.#watchers.size;
  }

  named(name: string): KubeObject | undefined {
    return this.#objects.get(name);
  }

  put(name: string, namespace = 'prod'): void {
    const known = this.#objects.get(name);
    const uid = known?.metadata.uid ?? `uid-${this.#uids++}`;
    this.#change(known === undefined ? 'ADDED' : 'MODIFIED', objectNamed(name, namespace, uid, this.#version + 1));
  }

  remove(name: string): void {
    const known = this.#objects.get(name);
    if (known !== undefined) this.#change('DELETED', { metadata: { ...known.metadata, resourceVersion: String(this.#version + 1) } });
  }

  /** Forgets the history: watches that come back with an older version get 410, open ones go on. */
  compact(): void {
    this.#compactedTo = this.#version;
    this.#pages.clear();
  }

  failNext(count: number): void {
    this.failures = count;
  }

  /** Up to `count` events to every watch. */
  deliver(count: number): void {
    for (const watcher of this.#watchers) this.#deliverTo(watcher, count);
  }

  bookmark(): void {
    for (const watcher of this.#watchers)
      if (watcher.at === this.#version)
        watcher.onLine(JSON.stringify({ type: 'BOOKMARK', object: { metadata: { resourceVersion: String(this.#version) } } }));
  }

  /** Ends all watches: as the server does after its time, or as a broken connection. */
  endWatches(how: 'close' | 'break'): void {
    for (const watcher of this.#watchers) watcher.end(how === 'break' ? apiError() : undefined);
  }

  async request<T>(request: ApiRequest): Promise<ApiResponse<T>> {
    await setImmediate();
    this.#failSometimes();
    this.lists += 1;
    const { limit, continue: next } = request.query ?? {};
    const body = next === undefined ? this.#firstPage(limit) : this.#nextPage(next);
    await setImmediate();
    return { status: 200, body: body as T };
  }

  async stream(request: ApiRequest, onLine: (line: string) => void, onOpen?: () => void): Promise<void> {
    await setImmediate();
    this.#failSometimes();
    const at = Number(request.query?.['resourceVersion']);
    if (at < this.#compactedTo) {
      if (at % 2 === 0) throw apiError({ status: 410, reason: 'Expired', sent: 'rejected' });
      onOpen?.();
      onLine(JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' } }));
      return;
    }
    onOpen?.();
    await this.#watch(at, onLine, request.signal);
  }

  serverNow(): number {
    return 0;
  }

  close(): void {
    this.endWatches('break');
  }

  #change(type: Change['type'], object: KubeObject): void {
    this.#version += 1;
    if (type === 'DELETED') this.#objects.delete(object.metadata.name);
    else this.#objects.set(object.metadata.name, object);
    this.#history.push({ type, object, version: this.#version });
  }

  async #watch(at: number, onLine: (line: string) => void, signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const watcher: Watcher = {
      at,
      onLine: (line) => {
        try {
          onLine(line);
        } catch (error) {
          watcher.end(error as Error);
        }
      },
      end: (error) => {
        this.#watchers.delete(watcher);
        if (error === undefined) resolve();
        else reject(error);
      },
    };
    this.#watchers.add(watcher);
    signal?.addEventListener('abort', () => watcher.end(signal.reason as Error), { once: true });
    await promise;
  }

  #deliverTo(watcher: Watcher, count: number): void {
    const due = this.#history.filter(({ version }) => version > watcher.at).slice(0, count);
    for (const { type, object, version } of due) {
      watcher.at = version;
      watcher.onLine(JSON.stringify({ type, object }));
    }
  }

  #firstPage(limit: string | undefined): unknown {
    const all = this.objects;
    return this.#page(all, limit === undefined ? all.length : this.pageSize, String(this.#version));
  }

  #nextPage(token: string): unknown {
    const rest = this.#pages.get(token);
    if (rest === undefined) throw apiError({ status: 410, reason: 'Expired', sent: 'rejected' });
    this.#pages.delete(token);
    return this.#page(rest, this.pageSize, token.split(':')[0] ?? '');
  }

  #page(items: readonly KubeObject[], size: number, resourceVersion: string): unknown {
    const rest = items.slice(size);
    if (rest.length === 0) return { metadata: { resourceVersion }, items };
    const token = `${resourceVersion}:${rest.length}`;
    this.#pages.set(token, rest);
    return { metadata: { resourceVersion, continue: token }, items: items.slice(0, size) };
  }

  #failSometimes(): void {
    if (this.failures <= 0) return;
    this.failures -= 1;
    throw apiError({ reason: 'ECONNREFUSED', sent: 'not-sent' });
  }
}

/** Enough of a Pod, a claim or a set to be decoded as one. */
function objectNamed(name: string, namespace: string, uid: string, version: number): KubeObject {
  const object = { metadata: { name, namespace, uid, resourceVersion: String(version) }, spec: { containers: [] }, status: {} };
  return object;
}
