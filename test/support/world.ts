import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObserved } from '../../src/domain/controller.ts';
import type { Claim, ControllerRevision, CoreEvent, Pod, Secret, Service, StatefulSet, Volume } from '../../src/domain/kube.ts';
import { isPodReady, isTerminating } from '../../src/domain/members.ts';
import { memberName, ordinalsOf } from '../../src/domain/naming.ts';
import type { Api } from './api.ts';
import { type SetWish, serviceManifest, setManifest } from './manifests.ts';

/** The manager of everything that tests create, as if a person had typed it. */
export const creator = 'kubectl-create';

const core = (namespace: string, resource: string): string => `/api/v1/namespaces/${namespace}/${resource}`;

/** Members that really run: they are of this image, and do not do as they are told. */
export interface RealPods {
  readonly image: string;
  /** Ends a test that rests on Pods that do; never returns. */
  readonly skip: () => never;
}

const isTold = (words: object = {}): boolean => Object.keys(words).some((key) => key.startsWith('sandbox/'));

/** One namespace as it really is, read and changed by an administrator, apart from the plugin under test. */
export class World {
  readonly namespace: string;
  readonly api: Api;
  /** Volumes are directories of this machine. */
  readonly #hasFolders: boolean;
  readonly #real: RealPods | undefined;

  constructor(api: Api, namespace: string, hasFolders: boolean, real?: RealPods) {
    this.api = api;
    this.namespace = namespace;
    this.#hasFolders = hasFolders;
    this.#real = real;
  }

  /** For what makes Pods of images that are nowhere, past `createSet`. */
  playedOnly(): void {
    this.#real?.skip();
  }

  /** The wish as it can run here. */
  runnable(wish: SetWish): SetWish {
    if (this.#real === undefined) return wish;
    const { podAnnotations, podLabels, image, storageClass } = wish;
    if (isTold(podAnnotations) || isTold(podLabels) || image !== undefined || storageClass !== undefined) this.#real.skip();
    return { ...wish, image: this.#real.image };
  }

  get sets(): string {
    return `/apis/apps/v1/namespaces/${this.namespace}/statefulsets`;
  }

  path(resource: string, name?: string): string {
    return `${core(this.namespace, resource)}${name === undefined ? '' : `/${name}`}`;
  }

  set(name = 'web'): Promise<StatefulSet> {
    return this.api.get(`${this.sets}/${name}`);
  }

  findSet(name = 'web'): Promise<StatefulSet | undefined> {
    return this.api.find(`${this.sets}/${name}`);
  }

  pod(name: string): Promise<Pod> {
    return this.api.get(this.path('pods', name));
  }

  findPod(name: string): Promise<Pod | undefined> {
    return this.api.find(this.path('pods', name));
  }

  pods(): Promise<readonly Pod[]> {
    return this.api.list(this.path('pods'));
  }

  async podNames(): Promise<readonly string[]> {
    return (await this.pods()).map(({ metadata }) => metadata.name).sort();
  }

  claim(name: string): Promise<Claim> {
    return this.api.get(this.path('persistentvolumeclaims', name));
  }

  claims(): Promise<readonly Claim[]> {
    return this.api.list(this.path('persistentvolumeclaims'));
  }

  volume(name: string): Promise<Volume & { readonly spec: { readonly hostPath?: { readonly path: string } } }> {
    return this.api.get(`/api/v1/persistentvolumes/${name}`);
  }

  secrets(): Promise<readonly Secret[]> {
    return this.api.list(this.path('secrets'));
  }

  services(): Promise<readonly Service[]> {
    return this.api.list(this.path('services'));
  }

  revisions(): Promise<readonly ControllerRevision[]> {
    return this.api.list(`/apis/apps/v1/namespaces/${this.namespace}/controllerrevisions`);
  }

  events(): Promise<readonly CoreEvent[]> {
    return this.api.list(this.path('events'));
  }

  /** Creates the set and its Service; resolves when every member is Ready. */
  async applySet(wish: SetWish = {}): Promise<StatefulSet> {
    await this.createSet(wish);
    return this.ready(wish.name);
  }

  /** The same without waiting, for sets that will not be Ready. */
  async createSet(wish: SetWish = {}): Promise<StatefulSet> {
    const by = `?fieldManager=${creator}`;
    await this.api.create(`${this.path('services')}${by}`, serviceManifest(wish.name ?? 'web'));
    return this.api.create<StatefulSet>(`${this.sets}${by}`, setManifest(this.runnable(wish)));
  }

  patchSet(body: object, name = 'web'): Promise<StatefulSet> {
    return this.api.patch(`${this.sets}/${name}`, body);
  }

  /** By the way that kubectl scale goes. */
  async scaleTo(replicas: number, name = 'web'): Promise<void> {
    await this.api.patch(`${this.sets}/${name}/scale`, { spec: { replicas } });
  }

  async labelPod(name: string, labels: Readonly<Record<string, string | null>>): Promise<void> {
    if (isTold(labels)) this.#real?.skip();
    await this.api.patch(this.path('pods', name), { metadata: { labels } });
  }

  /** Resolves when the controller has seen the newest spec and all members, and only they, are there and Ready. */
  async ready(name = 'web'): Promise<StatefulSet> {
    const set = await this.untilSet(isObserved, 'its controller has seen it', name);
    const wanted = ordinalsOf(set).map((ordinal) => memberName(name, ordinal));
    await this.untilPods(
      (pods) =>
        wanted.every((pod) => {
          const found = pods.get(pod);
          return found !== undefined && isPodReady(found) && !isTerminating(found);
        }) && [...pods.values()].filter((pod) => isOf(pod, set)).length === wanted.length,
      `all members of ${name} are ready`,
    );
    return this.untilSet(({ status }) => (status.readyReplicas ?? 0) === wanted.length, 'its status says so', name);
  }

  /** Resolves when a rollout is over: every member is of the newest template, and Ready. Not for one that is held. */
  async rolledOut(name = 'web'): Promise<StatefulSet> {
    await this.untilSet((set) => isObserved(set) && set.status.currentRevision === set.status.updateRevision, 'its rollout is over', name);
    return this.ready(name);
  }

  untilSet(look: (set: StatefulSet) => boolean, what: string, name = 'web', seconds = 120): Promise<StatefulSet> {
    return this.api.until<StatefulSet, StatefulSet>(
      `${this.sets}?fieldSelector=metadata.name%3D${name}`,
      (sets) => {
        const set = sets.get(name);
        return set !== undefined && look(set) ? set : undefined;
      },
      `StatefulSet ${name}: ${what}`,
      seconds,
    );
  }

  async untilSetGone(name = 'web'): Promise<void> {
    await this.api.until(`${this.sets}?fieldSelector=metadata.name%3D${name}`, (sets) => !sets.has(name), `StatefulSet ${name} is gone`);
  }

  untilPods<R>(look: (pods: ReadonlyMap<string, Pod>) => R | undefined | false, what: string): Promise<R> {
    return this.api.until<Pod, R>(this.path('pods'), look, what);
  }

  untilPod(name: string, look: (pod: Pod) => boolean, what: string): Promise<Pod> {
    return this.untilPods((pods) => {
      const pod = pods.get(name);
      return pod !== undefined && look(pod) ? pod : undefined;
    }, `Pod ${name} ${what}`);
  }

  untilTerminating(name: string): Promise<Pod> {
    return this.untilPod(name, isTerminating, 'is terminating');
  }

  untilReady(name: string): Promise<Pod> {
    return this.untilPod(name, (pod) => isPodReady(pod) && !isTerminating(pod), 'is ready');
  }

  untilUnready(name: string): Promise<Pod> {
    return this.untilPod(name, (pod) => pod.status.phase === 'Running' && !isPodReady(pod), 'is not ready');
  }

  /** Makes a member unready, as a failing probe does. */
  async breakPod(name: string): Promise<void> {
    await this.labelPod(name, { 'sandbox/fault': 'not-ready' });
    await this.untilUnready(name);
  }

  /** From now on the Pod does not end when it is told to. */
  async holdPod(name: string): Promise<void> {
    await this.labelPod(name, { 'sandbox/stuck': 'true' });
  }

  async freePod(name: string): Promise<void> {
    if ((await this.findPod(name)) !== undefined) await this.labelPod(name, { 'sandbox/stuck': null });
  }

  async untilPodGone(name: string): Promise<void> {
    await this.untilPods((pods) => !pods.has(name), `Pod ${name} is gone`);
  }

  untilClaims<R>(look: (claims: ReadonlyMap<string, Claim>) => R | undefined | false, what: string): Promise<R> {
    return this.api.until<Claim, R>(this.path('persistentvolumeclaims'), look, what);
  }

  /**
   * Resolves when the controllers have had their turn: the set's controller has observed a change made after this call
   * began, and the garbage collector has removed a dependent of something that was deleted after it.
   */
  async barrier(name = 'web'): Promise<void> {
    await Promise.all([this.#controllerTurn(name), this.collectorTurn()]);
  }

  /** A change that means nothing to the set, which its controller observes. */
  async #controllerTurn(name: string): Promise<void> {
    const set = await this.findSet(name);
    if (set === undefined) return;
    const limit = (set.spec as { readonly revisionHistoryLimit?: number }).revisionHistoryLimit ?? 10;
    const changed = await this.patchSet({ spec: { revisionHistoryLimit: limit + 1 } }, name);
    await this.untilSet(({ status }) => (status.observedGeneration ?? 0) >= (changed.metadata.generation ?? 0), 'observed', name);
    const back = await this.patchSet({ spec: { revisionHistoryLimit: limit } }, name);
    await this.untilSet(({ status }) => (status.observedGeneration ?? 0) >= (back.metadata.generation ?? 0), 'observed', name);
  }

  /** The garbage collector has removed a dependent of something that was deleted after this call began. */
  async collectorTurn(): Promise<void> {
    const path = this.path('configmaps');
    const id = `turn-${(turns += 1)}`;
    const owner = await this.api.create(path, { metadata: { name: `${id}-owner` } });
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: `${id}-owner`, uid: owner.metadata.uid };
    await this.api.create(path, { metadata: { name: `${id}-owned`, ownerReferences: [reference] } });
    await this.api.delete(`${path}/${id}-owner`);
    await this.api.until(
      `${path}?fieldSelector=metadata.name%3D${id}-owned`,
      (found) => found.size === 0,
      'the garbage collector has come',
    );
  }

  /** Writes a marker into the volume of every claim: its data. Answers what was written by claim. */
  async mark(text = 'precious'): Promise<ReadonlyMap<string, string>> {
    const written = new Map<string, string>();
    for (const { metadata, spec } of await this.claims()) {
      const folder = await this.#folder(spec.volumeName);
      if (folder === undefined) continue;
      const marker = `${text} of ${metadata.name}`;
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'marker'), marker);
      written.set(metadata.name, marker);
    }
    return written;
  }

  /** The markers as the claims lead to them now. */
  async markers(): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    for (const { metadata, spec } of await this.claims()) {
      const folder = await this.#folder(spec.volumeName);
      if (folder === undefined) continue;
      try {
        found.set(metadata.name, readFileSync(join(folder, 'marker'), 'utf8'));
      } catch {
        // No marker: that is what the caller compares.
      }
    }
    return found;
  }

  async #folder(volume: string | undefined): Promise<string | undefined> {
    if (!this.#hasFolders || volume === undefined) return undefined;
    return (await this.volume(volume)).spec.hostPath?.path;
  }
}

let turns = 0;

export function isOf(pod: Pod, set: StatefulSet): boolean {
  return pod.metadata.ownerReferences?.some(({ uid }) => uid === set.metadata.uid) ?? false;
}
