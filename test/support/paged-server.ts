import { setImmediate } from 'node:timers/promises';
import type { ApiRequest, ApiResponse, Transport } from '../../src/cluster/api.ts';
import { groupPath, listPath } from '../../src/cluster/slices/resource.ts';
import { LIST_SLICES, type ListSliceName } from '../../src/cluster/slices/table.ts';
import { ApiError } from '../../src/domain/errors.ts';
import type { KubeObject } from '../../src/domain/kube.ts';
import { NAMESPACE, NOW } from './objects.ts';

/** One request, and what it cost. */
export interface Asked extends ApiRequest {
  /** Which round trip it was a part of, from 1: those under way at once count as one. */
  readonly trip: number;
  /** Objects sent whole, of how many the metadata alone, and of how many no more than the name. */
  whole: number;
  metadata: number;
  names: number;
}

/** All but add-ons. */
const SERVED = Object.entries(LIST_SLICES).flatMap(([name, { resource, addOn }]) => (addOn === true ? [] : [{ name, resource }]));

/** An API server in memory that answers lists as the real one does: in pages, by field selectors, as metadata alone. It counts. */
export class PagedServer implements Transport {
  readonly asked: Asked[] = [];
  readonly #lists: ReadonlyMap<string, readonly KubeObject[]>;
  #trips = 0;
  #trip: Promise<void> | undefined;
  /** Answers a request with an error, or not. */
  fails: (request: ApiRequest) => ApiError | undefined = () => undefined;

  constructor(lists: { readonly [K in ListSliceName]?: readonly object[] }) {
    const paths = SERVED.map(({ name, resource }) => [name, listPath(resource, resource.namespaced ? NAMESPACE : undefined)] as const);
    const given = paths.flatMap(([name, path]) => (name in lists ? [[path, sorted(lists[name as ListSliceName])] as const] : []));
    this.#lists = new Map([...paths.map(([, path]) => [path, []] as const), ...given]);
  }

  /** How many round trips it took, one after the other. */
  get trips(): number {
    return this.#trips;
  }

  async request<T>(request: ApiRequest): Promise<ApiResponse<T>> {
    this.#trip ??= this.#begin();
    const asked: Asked = { ...request, trip: this.#trips, whole: 0, metadata: 0, names: 0 };
    this.asked.push(asked);
    await this.#trip;
    const error = this.fails(request);
    if (error !== undefined) throw error;
    return { status: 200, body: this.#answer(asked) as T };
  }

  stream(): Promise<void> {
    return Promise.reject(new Error('nothing is watched here'));
  }

  serverNow(): number {
    return NOW;
  }

  close(): void {
    // nothing is open
  }

  async #begin(): Promise<void> {
    this.#trips += 1;
    await setImmediate();
    this.#trip = undefined;
  }

  #answer(asked: Asked): unknown {
    const { method, path } = asked;
    if (path.endsWith('/selfsubjectaccessreviews')) return { status: { allowed: true } };
    const discovered = SERVED.filter(({ resource }) => groupPath(resource) === path);
    if (discovered.length > 0) return { resources: discovered.map(({ resource }) => ({ name: resource.resource })) };
    const list = this.#lists.get(path);
    if (list !== undefined && method === 'GET') return page(list, asked);
    return this.#object(asked);
  }

  #object(asked: Asked): unknown {
    const [, folder = '', name = ''] = /^(.*)\/([^/]+)$/.exec(asked.path) ?? [];
    if (folder.endsWith('/namespaces')) return { metadata: { name, uid: `uid-${name}` }, status: { phase: 'Active' } };
    const object = this.#lists.get(folder)?.find(({ metadata }) => metadata.name === name);
    if (object === undefined) throw failure(404, asked);
    asked.whole += 1;
    return object;
  }
}

export function failure(status: number, { method, path }: Pick<ApiRequest, 'method' | 'path'>): ApiError {
  return new ApiError({ message: `${status}`, status, reason: '', sent: 'rejected', request: `${method} ${path}` });
}

/** As etcd keeps them. */
function sorted(objects: readonly object[] = []): readonly KubeObject[] {
  return (objects as readonly KubeObject[]).toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

function page(list: readonly KubeObject[], asked: Asked): unknown {
  const { query = {}, metadataOnly, asTable } = asked;
  const selected = list.filter((object) => isSelected(object, query['fieldSelector'] ?? ''));
  const from = Number(query['continue'] ?? 0);
  const to = Math.min(selected.length, from + Number(query['limit'] ?? selected.length));
  const items = selected.slice(from, to);
  const none = asTable === true && query['includeObject'] === 'None';
  asked[none ? 'names' : metadataOnly === true ? 'metadata' : 'whole'] += items.length;
  const metadata = { resourceVersion: '1', ...(to < selected.length ? { continue: String(to) } : {}) };
  const columnDefinitions = ['Ready', 'Name'].map((column) => ({ name: column, format: column === 'Name' ? 'name' : '' }));
  if (none)
    return {
      kind: 'Table',
      metadata,
      columnDefinitions,
      rows: items.map((item) => ({ cells: ['1/1', item.metadata.name], object: null })),
    };
  return {
    metadata,
    items: metadataOnly === true ? items.map(({ metadata }) => ({ metadata })) : items,
  };
}

function isSelected(object: KubeObject, selector: string): boolean {
  const terms = selector.split(',').filter((term) => term !== '');
  return terms.every((term) => {
    const [field = '', wanted] = term.split('=');
    const found = field.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], object);
    return found === wanted;
  });
}
