import { setTimeout as delay } from 'node:timers/promises';
import { type Api, ApiError } from './api.ts';

const peersWanted = 'sandbox/ready-peers';
const verdict = 'sandbox/quorum';

/** What the loop looks at in a Pod. */
export interface Pod {
  metadata: {
    namespace: string;
    name: string;
    uid: string;
    resourceVersion: string;
    deletionTimestamp?: string;
    annotations?: Record<string, string>;
    ownerReferences?: { uid: string; controller?: boolean }[];
  };
  spec: { nodeName?: string };
  status: { phase?: string; containerStatuses?: { state?: { running?: object } }[] };
}

interface List {
  metadata: { resourceVersion: string };
  items: Pod[];
}

/**
 * Plays the other members for Pods with the annotation sandbox/ready-peers: when fewer than that many of one set run,
 * none of them is ready, as with a database that has lost its quorum. A member runs if its process does: its
 * containers run, nobody has told it to end, and its node is alive. Its own readiness does not matter.
 */
export class Quorum {
  readonly #api: Api;
  readonly #nodeLives: (name: string) => boolean;
  readonly #pods = new Map<string, Pod>();
  readonly #stop = new AbortController();

  constructor(api: Api, nodeLives: (name: string) => boolean) {
    this.#api = api;
    this.#nodeLives = nodeLives;
  }

  /** Lists and watches, anew after every end of a watch, as when the API server restarts. */
  async run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#follow().catch(() => {});
      await delay(200, undefined, { signal: this.#stop.signal }).catch(() => {});
    }
  }

  stop(): void {
    this.#stop.abort();
  }

  /** To be called when a node's process ends or comes back, too: no Pod changes at that moment. */
  async judge(): Promise<void> {
    const writes = verdicts([...this.#pods.values()], this.#nodeLives);
    await Promise.all(writes.map(({ pod, value }) => this.#write(pod, value)));
  }

  async #follow(): Promise<void> {
    const list = await this.#api.get<List>('/api/v1/pods?resourceVersion=0');
    this.#pods.clear();
    for (const pod of list.items) this.#keep(pod);
    await this.judge();
    for await (const { type, object } of this.#api.watch<Pod>('/api/v1/pods', list.metadata.resourceVersion)) {
      if (type === 'ERROR' || this.#stop.signal.aborted) return;
      if (type === 'BOOKMARK') continue;
      if (type === 'DELETED') this.#pods.delete(object.metadata.uid);
      else this.#keep(object);
      if (object.metadata.annotations?.[peersWanted]) await this.judge();
    }
  }

  #keep(pod: Pod): void {
    if (pod.metadata.annotations?.[peersWanted]) this.#pods.set(pod.metadata.uid, pod);
  }

  async #write(pod: Pod, value: string): Promise<void> {
    const { namespace, name, uid } = pod.metadata;
    try {
      await this.#api.patch(`/api/v1/namespaces/${namespace}/pods/${name}`, { metadata: { uid, annotations: { [verdict]: value } } });
    } catch (error) {
      // Gone, or another Pod of the name by now: there is nobody to tell.
      if (!(error instanceof ApiError && (error.status === 404 || error.status === 409))) throw error;
    }
  }
}

/** The annotations that have to change: `held` for the Pods of a set with enough running members, `lost` for the others'. */
export function verdicts(pods: Pod[], nodeLives: (name: string) => boolean): { pod: Pod; value: 'held' | 'lost' }[] {
  const sets = Map.groupBy(pods, owner);
  return [...sets.values()].flatMap((members) => {
    const running = members.filter((pod) => isRunning(pod, nodeLives)).length;
    return members.flatMap((pod) => {
      const value = running >= Number(pod.metadata.annotations?.[peersWanted]) ? 'held' : 'lost';
      return pod.metadata.annotations?.[verdict] === value || pod.metadata.deletionTimestamp ? [] : [{ pod, value } as const];
    });
  });
}

function owner(pod: Pod): string {
  return pod.metadata.ownerReferences?.find((it) => it.controller)?.uid ?? pod.metadata.uid;
}

function isRunning(pod: Pod, nodeLives: (name: string) => boolean): boolean {
  const { phase, containerStatuses } = pod.status;
  const started = phase === 'Running' && (containerStatuses?.every((it) => it.state?.running) ?? false);
  return started && !pod.metadata.deletionTimestamp && nodeLives(pod.spec.nodeName ?? '');
}
