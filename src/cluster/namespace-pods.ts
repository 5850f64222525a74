import { ApiError } from '../domain/errors.ts';
import type { KubeObject, Pod } from '../domain/kube.ts';
import { ordinalIn } from '../domain/naming.ts';
import type { SliceName, Target } from '../domain/snapshot.ts';
import type { Transport } from './api.ts';
import { type FirstPage, type ListQuery, listAll, listFirst, listRest, namesAfter } from './list.ts';
import { pooled } from './pooled.ts';
import { listPath } from './slices/resource.ts';
import { listSlice } from './slices/table.ts';

/** All Pods of most namespaces: then one request has told everything. */
const FIRST = 100;
/** Beyond that a list takes less than so many requests. */
const MOST_BY_NAME = 100;
const PARALLEL = 16;

/**
 * The Pods of a namespace as a look at one set needs them: whole where they are few; otherwise of the others only their names, or
 * their metadata. What one of these reads the others do not read again. All reject with ApiError.
 */
export class NamespacePods {
  readonly #transport: Transport;
  readonly #target: Target;
  readonly #needs: readonly SliceName[];
  readonly #path: string;
  #first: Promise<FirstPage<Pod>> | undefined;
  #all: Promise<readonly Pod[]> | undefined;
  #metadata: Promise<readonly KubeObject[]> | undefined;
  #named: Promise<readonly Pod[]> | undefined;
  #known: readonly Pod[] | undefined;

  /** @param needs all that the look will ask for: what is read for one serves the others */
  constructor(transport: Transport, target: Target, needs: readonly SliceName[]) {
    this.#transport = transport;
    this.#target = target;
    this.#needs = needs;
    this.#path = listPath(listSlice('pods').resource, target.namespace);
  }

  /** Every Pod, whole, where that has been read already. */
  get known(): readonly Pod[] | undefined {
    return this.#known;
  }

  /** Every Pod, whole. */
  all(): Promise<readonly Pod[]> {
    this.#all ??= this.#readAll();
    return this.#all;
  }

  metadata(): Promise<readonly KubeObject[]> {
    this.#metadata ??= this.#needs.includes('namespacePods') ? this.all() : this.#readMetadata();
    return this.#metadata;
  }

  /** Those that bear a member's name, whole. */
  named(): Promise<readonly Pod[]> {
    this.#named ??= this.#readNamed();
    return this.#named;
  }

  get #whole(): ListQuery<Pod> {
    return { path: this.#path, decode: (raw) => listSlice('pods').decode(raw) as Pod };
  }

  #firstPage(): Promise<FirstPage<Pod>> {
    this.#first ??= this.#readFirst();
    return this.#first;
  }

  async #readFirst(): Promise<FirstPage<Pod>> {
    const page = await listFirst(this.#transport, this.#whole, FIRST);
    if (page.next === undefined) this.#known = page.items;
    return page;
  }

  async #readAll(): Promise<readonly Pod[]> {
    const { items, next } = await this.#firstPage();
    if (next === undefined) return items;
    const rest = await listRest(this.#transport, this.#whole, next);
    this.#known = rest.anew ? rest.items : [...items, ...rest.items];
    return this.#known;
  }

  async #readMetadata(): Promise<readonly KubeObject[]> {
    const query: ListQuery<KubeObject> = { path: this.#path, metadataOnly: true, decode: (raw) => listSlice('podMetadata').decode(raw) };
    if (!this.#needs.some((slice) => slice === 'pods' || slice === 'nodes')) return (await listAll(this.#transport, query)).items;
    const { items, next } = await this.#firstPage();
    if (next === undefined) return items;
    if (this.#isMostlyNamed(items)) return this.all();
    const rest = await listRest(this.#transport, query, next);
    return rest.anew ? rest.items : [...items, ...rest.items];
  }

  async #readNamed(): Promise<readonly Pod[]> {
    const { items, next } = await this.#firstPage();
    const isWanted = this.#needs.includes('namespacePods') || (next !== undefined && this.#isMostlyNamed(items));
    if (isWanted) return (await this.all()).filter(({ metadata }) => this.#isNamed(metadata.name));
    const known = new Map(items.map((pod) => [pod.metadata.name, pod]));
    const named = (next === undefined ? [...known.keys()] : await this.#names(next)).filter((name) => this.#isNamed(name));
    const missing = named.filter((name) => !known.has(name));
    if (missing.length > MOST_BY_NAME) return (await this.all()).filter(({ metadata }) => this.#isNamed(metadata.name));
    const others = await pooled(missing, PARALLEL, (name) => this.#one(name));
    return [...named.flatMap((name) => known.get(name) ?? []), ...others.flat()];
  }

  /** Of every Pod. */
  async #names(next: string): Promise<readonly string[]> {
    const { items } = await this.#firstPage();
    if (this.#needs.includes('podMetadata')) return (await this.metadata()).map(({ metadata }) => metadata.name);
    try {
      return [...items.map(({ metadata }) => metadata.name), ...(await namesAfter(this.#transport, this.#path, next))];
    } catch (error) {
      // The page's state has expired, which metadata begins anew for.
      if (!(error instanceof ApiError) || error.status !== 410) throw error;
      return (await this.metadata()).map(({ metadata }) => metadata.name);
    }
  }

  /** By its name, in the way that takes no other right than to list; none where it has gone meanwhile. */
  async #one(name: string): Promise<readonly Pod[]> {
    return (await listAll(this.#transport, { ...this.#whole, fieldSelector: `metadata.name=${name}` })).items;
  }

  /** A namespace of a large set and little else: its Pods are wanted whole. */
  #isMostlyNamed(pods: readonly Pod[]): boolean {
    return pods.filter(({ metadata }) => this.#isNamed(metadata.name)).length > pods.length / 2;
  }

  #isNamed(name: string): boolean {
    return ordinalIn(this.#target.name, name) !== undefined;
  }
}
