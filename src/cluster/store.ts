import type { KubeObject } from '../domain/kube.ts';

/** What is gone matters while older news of it may be under way: for seconds. A bound for those who watch for days. */
const MAX_GONE = 5_000;

/**
 * Objects of one resource as last heard of, by uid. Watch events, lists and single GETs come in over several
 * connections and in any order; what is older than what is known is left out, and what is known to be gone stays gone
 * (a uid never comes back).
 */
export class ObjectStore<T extends KubeObject> {
  #objects = new Map<string, T>();
  readonly #gone = new Set<string>();
  #list: readonly T[] | undefined;
  /** State of the last whole list. */
  #listedAt = '';

  /** The objects now; the same array until something changes. */
  get items(): readonly T[] {
    this.#list ??= [...this.#objects.values()];
    return this.#list;
  }

  /** Takes an object from a watch event or a GET. @returns whether that changed anything. */
  put(object: T): boolean {
    const { uid, resourceVersion } = object.metadata;
    const known = this.#objects.get(uid)?.metadata.resourceVersion;
    // One that we do not know, older than the last list, has been deleted before it.
    if (this.#gone.has(uid) || compareVersions(resourceVersion, known ?? this.#listedAt) <= 0) return false;
    this.#objects.set(uid, object);
    this.#list = undefined;
    return true;
  }

  /** The object of this uid is gone for good. @returns whether it was there. */
  remove(uid: string): boolean {
    this.#gone.add(uid);
    for (const oldest of this.#gone) {
      if (this.#gone.size <= MAX_GONE) break;
      this.#gone.delete(oldest);
    }
    const there = this.#objects.delete(uid);
    if (there) this.#list = undefined;
    return there;
  }

  /** Takes a whole list; what was written after that list's state is kept. */
  replace(items: readonly T[], resourceVersion: string): void {
    this.#listedAt = resourceVersion;
    const kept = this.items.filter((object) => compareVersions(object.metadata.resourceVersion, resourceVersion) > 0);
    this.#objects = new Map(items.filter(({ metadata }) => !this.#gone.has(metadata.uid)).map((object) => [object.metadata.uid, object]));
    this.#list = undefined;
    for (const object of kept) this.put(object);
  }
}

/**
 * Order of two resourceVersions of one resource: they are decimal numbers that grow with every write (comparable by
 * KEP-5504). Anything else counts as newer, since it arrived later.
 */
export function compareVersions(a: string, b: string): number {
  if (!/^\d+$/.test(a) || !/^\d+$/.test(b)) return a === b ? 0 : 1;
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
