import type { Pod } from '../domain/kube.ts';
import { type Reading, read } from '../domain/reading.ts';
import type { SliceName, Snapshot, Target } from '../domain/snapshot.ts';
import type { Transport } from './api.ts';
import { NamespacePods } from './namespace-pods.ts';
import { podsOnNode } from './node-sets.ts';
import { type Attempt, nodesOf } from './pod-nodes.ts';
import { asPodSlices, listSlice } from './slices/table.ts';

/** Slices that a look has to itself: those of Pods come of the same requests, and the nodes of them. */
export type SharedSlice = 'pods' | 'podMetadata' | 'namespacePods' | 'nodes';

export function isShared(slice: SliceName): slice is SharedSlice {
  return slice === 'pods' || slice === 'podMetadata' || slice === 'namespacePods' || slice === 'nodes';
}

/** What one look at one set reads but once, and of a large cluster as little as is of the set (law 3). */
export class Look {
  readonly #transport: Transport;
  readonly #attempt: Attempt;
  readonly #namespace: string;
  readonly #pods: NamespacePods;
  readonly #target: Target;
  #onNode: Promise<readonly Pod[]> | undefined;

  /** @param needs all that this look will be asked for */
  constructor(transport: Transport, target: Target, needs: readonly SliceName[], attempt: Attempt) {
    this.#transport = transport;
    this.#attempt = attempt;
    this.#namespace = target.namespace;
    this.#target = target;
    this.#pods = new NamespacePods(transport, target, needs);
  }

  /** What it has come to know besides: where all Pods fit on one page, everything about them. */
  get besides(): Snapshot['slices'] {
    const { known } = this.#pods;
    return known === undefined ? {} : asPodSlices(read(known, this.#transport.serverNow()));
  }

  slice(name: SharedSlice): Promise<Reading<unknown>> {
    switch (name) {
      case 'pods':
        return this.#named();
      case 'podMetadata':
        return this.#ofPods(() => this.#pods.metadata());
      case 'namespacePods':
        return this.#ofPods(() => this.#pods.all());
      case 'nodes':
        return nodesOf(() => this.#named(), this.#transport, this.#attempt);
    }
  }

  /** The Pods that are bound to the target's node, of all namespaces. Rejects with ApiError. */
  podsOnNode(): Promise<readonly Pod[]> {
    return (this.#onNode ??= podsOnNode(this.#transport, this.#target));
  }

  #named(): Promise<Reading<readonly Pod[]>> {
    return this.#ofPods(() => this.#pods.named());
  }

  #ofPods<T>(ask: () => Promise<T>): Promise<Reading<T>> {
    return this.#attempt({ verb: 'list', resource: listSlice('pods').resource, namespace: this.#namespace }, ask);
  }
}
