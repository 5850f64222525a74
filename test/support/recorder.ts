import type { Pod } from '../../src/domain/kube.ts';
import { isPodReady, isTerminating } from '../../src/domain/members.ts';
import type { Api } from './api.ts';
import type { World } from './world.ts';

type State = 'ready' | 'unready' | 'terminating' | 'gone';

interface Moment {
  readonly pod: string;
  readonly uid: string;
  readonly state: State;
}

/** Follows the Pods of a namespace while something happens to them, and tells afterwards what was never seen at the end. */
export class PodRecorder {
  readonly #moments: Moment[] = [];
  readonly #over = new AbortController();
  readonly #followed: Promise<void>;
  readonly #world: World;
  readonly #versions = new Map<string, string>();
  #heard: () => void = () => {};

  private constructor(world: World, begun: () => void) {
    this.#world = world;
    const api: Api = world.api;
    this.#followed = api.follow<Pod>(
      world.path('pods'),
      (pods, change) => {
        if (change === undefined) for (const pod of pods.values()) this.#note(pod, stateOf(pod));
        else this.#note(change.object, change.type === 'DELETED' ? 'gone' : stateOf(change.object));
        begun();
        this.#heard();
      },
      this.#over.signal,
    );
  }

  /** Resolves when the first look is in. */
  static async start(world: World): Promise<PodRecorder> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const recorder = new PodRecorder(world, resolve);
    await promise;
    return recorder;
  }

  /** Ends it once it has seen everything that is true now. */
  async stop(): Promise<void> {
    const pods = await this.#world.pods();
    const caughtUp = (): boolean => {
      const names = new Set(pods.map(({ metadata }) => metadata.uid));
      return (
        pods.every(({ metadata }) => Number(this.#versions.get(metadata.uid) ?? 0) >= Number(metadata.resourceVersion)) &&
        [...this.#alive()].every((uid) => names.has(uid))
      );
    };
    if (!caughtUp()) {
      await new Promise<void>((resolve) => {
        this.#heard = () => {
          if (caughtUp()) resolve();
        };
      });
    }
    this.#over.abort();
    await this.#followed;
  }

  /** Names in the order in which they were first told to end, or vanished without. */
  removalOrder(): readonly string[] {
    return [...new Set(this.#moments.filter(({ state }) => state === 'terminating' || state === 'gone').map(({ pod }) => pod))];
  }

  /** UIDs of the objects that bore this name. */
  objectsOf(name: string): readonly string[] {
    return [...new Set(this.#moments.filter(({ pod }) => pod === name).map(({ uid }) => uid))];
  }

  /** The most of these Pods that were down (unready, terminating or gone) at any moment after each had been ready. */
  mostDownAtOnce(names: readonly string[]): number {
    return this.#mostAtOnce(names, (state) => state !== 'ready');
  }

  /** The most Pods that were terminating at any moment. */
  mostTerminatingAtOnce(): number {
    return this.#mostAtOnce(undefined, (state) => state === 'terminating');
  }

  #mostAtOnce(names: readonly string[] | undefined, counts: (state: State) => boolean): number {
    const now = new Map<string, State>();
    const seenReady = new Set<string>();
    let most = 0;
    for (const { pod, state } of this.#moments) {
      if (names !== undefined && !names.includes(pod)) continue;
      if (state === 'ready') seenReady.add(pod);
      if (names === undefined || seenReady.has(pod)) now.set(pod, state);
      most = Math.max(most, [...now.values()].filter(counts).length);
    }
    return most;
  }

  #alive(): ReadonlySet<string> {
    const alive = new Set<string>();
    for (const { uid, state } of this.#moments) {
      if (state === 'gone') alive.delete(uid);
      else alive.add(uid);
    }
    return alive;
  }

  #note(pod: Pod, state: State): void {
    const { name, uid, resourceVersion } = pod.metadata;
    this.#versions.set(uid, resourceVersion);
    this.#moments.push({ pod: name, uid, state });
  }
}

function stateOf(pod: Pod): State {
  if (isTerminating(pod)) return 'terminating';
  return isPodReady(pod) ? 'ready' : 'unready';
}
