import type { KubeObject } from '../domain/kube.ts';

/** Tells watches what our own writes were answered with, so that no later look of ours is older than our own write. */
export class Written {
  readonly #listeners = new Set<(object: KubeObject) => void>();

  /** @param body the answer of a write; one that is no object of the API (a Status) is left out */
  publish(body: unknown): void {
    if (!isObject(body)) return;
    for (const listener of this.#listeners) listener(body);
  }

  /** @returns a function that ends it */
  listen(listener: (object: KubeObject) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

function isObject(body: unknown): body is KubeObject {
  const { metadata } = (body ?? {}) as { metadata?: { uid?: unknown; resourceVersion?: unknown } };
  return typeof metadata?.uid === 'string' && typeof metadata.resourceVersion === 'string';
}
