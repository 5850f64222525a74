import type { KubeObject } from '../domain/kube.ts';

/**
 * Objects of one resource as last heard of, by uid. Watch events, lists and single GETs come in over several
 * connections and in any order; what is older than what is known is left out, and what is known to be gone stays gone
 * (a uid never comes back).
 */
export class ObjectStore<T extends KubeObject> {
  #objects = new Map<string, T>();
  readonly #gone = new Set<string>();
  #list: readonly T[] | undefined;

  /** The objects now; the same array until something changes. */
  get items(): readonly T[] {
    this.#list ??= [...this.#objects.values()];
    return this.#list;
  }

  /** Takes an object from a watch event or a GET. @returns whether that changed anything. */
  put(object: T): boolean {
    const { uid } = object.metadata;
    const known = this.#objects.get(uid);
    if (this.#gone.has(uid) || (known !== undefined && !isNewer(object, known))) return false;
    this.#objects.set(uid, object);
    this.#list = undefined;
    return true;
  }

  /** The object of this uid is gone for good. @returns whether it was there. */
  remove(uid: string): boolean {
    this.#gone.add(uid);
    const there = this.#objects.delete(uid);
    if (there) this.#list = undefined;
    return there;
  }

  /** Takes a whole list; what was written after that list's state is kept. */
  replace(items: readonly T[], resourceVersion: string): void {
    const kept = this.items.filter((object) => compareVersions(object.metadata.resourceVersion, resourceVersion) > 0);
    this.#objects = new Map(items.filter(({ metadata }) => !this.#gone.has(metadata.uid)).map((object) => [object.metadata.uid, object]));
    this.#list = undefined;
    for (const object of kept) this.put(object);
  }
}

/** Whether `object` is a later state than `known`, both of one uid. */
export function isNewer(object: KubeObject, known: KubeObject): boolean {
  return compareVersions(object.metadata.resourceVersion, known.metadata.resourceVersion) > 0;
}

/**
 * Order of two resourceVersions of one resource: they are decimal numbers that grow with every write (comparable by
 * KEP-5504). Anything else counts as newer, since it arrived later.
 */
export function compareVersions(a: string, b: string): number {
  if (!/^\d+$/.test(a) || !/^\d+$/.test(b)) return a === b ? 0 : 1;
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
