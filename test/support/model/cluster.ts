import { withPodSlices } from '../../../src/cluster/slices/table.ts';
import { ApiError } from '../../../src/domain/errors.ts';
import type {
  Claim,
  ControllerRevision,
  KubeObject,
  Namespace,
  OwnerReference,
  Pod,
  Service,
  StatefulSet,
  StorageClass,
  Volume,
} from '../../../src/domain/kube.ts';
import { absent, read } from '../../../src/domain/reading.ts';
import type { Snapshot, Target } from '../../../src/domain/snapshot.ts';
import type { ApiVerbs, DeleteGuard, JsonPatchOp } from '../../../src/domain/verbs.ts';
import { applyPatch } from './json-patch.ts';
import { strategicMerge } from './strategic.ts';

const DEFAULT_CLASS: StorageClass = {
  metadata: { name: 'fast', uid: 'uid-fast', resourceVersion: '1', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
};

const GROUPS = {
  pods: '/api/v1',
  persistentvolumeclaims: '/api/v1',
  persistentvolumes: '/api/v1',
  services: '/api/v1',
  configmaps: '/api/v1',
  secrets: '/api/v1',
  statefulsets: '/apis/apps/v1',
  controllerrevisions: '/apis/apps/v1',
  deployments: '/apis/apps/v1',
  jobs: '/apis/batch/v1',
} as const;
export type Resource = keyof typeof GROUPS;

type Raw = Record<string, unknown>;
type Loose<T> = { -readonly [K in keyof T]: T[K] extends object ? Loose<T[K]> : T[K] };

/** A write as admission sees it. */
export interface Change {
  /** `PATCH /apis/…` */
  readonly what: string;
  readonly before: Raw | undefined;
  readonly after: Raw | undefined;
}

export interface ModelOptions {
  readonly target: Target;
  /** Pods that can never be ready, by ordinal. */
  readonly broken?: readonly number[];
  /** A quorum database: ready only while so many members run. */
  quorum?: number;
  /** Rounds that a member takes to stop. */
  readonly stopRounds?: number;
  /** PVCs have PersistentVolumes, with the controllers that bind, provision and delete them. */
  readonly volumes?: boolean;
}

/**
 * A cluster in memory: an API server's guards, and the StatefulSet controller's and the garbage collector's rules
 * written down a second time, from the controller's source, so that plans are tested against something that does not
 * share their code. One `round` is one sync of everything.
 */
export class ModelCluster {
  readonly objects = new Map<string, Raw>();
  readonly log: string[] = [];
  /** Paths of single objects that were read. */
  readonly gets: string[] = [];
  readonly options: ModelOptions;
  /** Asked before and after each write; may throw to lose the request or the answer. */
  onWrite: (when: 'before' | 'after', what: string) => void = () => {};
  /** Pods that can never be ready: of a revision, or by UID. */
  readonly badRevisions = new Set<string>();
  readonly badPods = new Set<string>();
  now = Date.parse('2026-06-01T12:00:00Z');
  namespace: Namespace = { metadata: { name: 'prod', uid: 'uid-prod', resourceVersion: '1' }, status: { phase: 'Active' } };
  #version = 1000;
  #uid = 1;
  readonly #copies = new WeakMap<object, object>();

  constructor(options: ModelOptions) {
    this.options = options;
  }

  /** What admission says of a change: throws to deny it. Asked of dry runs, too; not of the controllers. */
  admit: (change: Change) => void = () => {};

  readonly verbs: ApiVerbs = {
    get: async (path) => {
      this.gets.push(path);
      return structuredClone(path === '/api/v1/namespaces/prod' ? { ...this.namespace } : this.objects.get(path));
    },
    create: async (path, body) =>
      await this.#guarded(`POST ${path}`, () => {
        this.admit({ what: `POST ${path}`, before: undefined, after: body });
        return this.create(path, body);
      }),
    jsonPatch: async (path, ops) => await this.#guarded(`PATCH ${path}`, () => this.#patch(path, ops)),
    strategicPatch: () => Promise.reject(new Error('nothing is written by a strategic patch')),
    delete: async (path, guard) =>
      await this.#guarded(`DELETE ${path}`, () => {
        this.admit({ what: `DELETE ${path}`, before: this.objects.get(path), after: undefined });
        this.remove(path, guard);
      }),
  };

  /** dryRun=All: the same answers, and nothing is stored. */
  readonly dryRunVerbs: ApiVerbs = {
    get: (path) => this.verbs.get(path),
    create: async (path, body) => {
      this.admit({ what: `POST ${path}`, before: undefined, after: body });
      return await Promise.resolve(structuredClone(body));
    },
    jsonPatch: async (path, ops) => await Promise.resolve(structuredClone(this.#patched(path, ops).after)),
    strategicPatch: async (path, body) => await Promise.resolve(structuredClone(strategicMerge(this.objects.get(path), body) as Raw)),
    delete: async (path) => await Promise.resolve(this.admit({ what: `DELETE ${path}`, before: this.objects.get(path), after: undefined })),
  };

  async #guarded<T>(what: string, work: () => T): Promise<T> {
    this.onWrite('before', what);
    const result = structuredClone(work());
    this.log.push(what);
    this.onWrite('after', what);
    return result;
  }

  create(path: string, body: Raw): Raw {
    const metadata = { ...(body['metadata'] as Raw) };
    if (typeof metadata['generateName'] === 'string') metadata['name'] = `${metadata['generateName']}${this.#uid}`;
    const key = `${path}/${String(metadata['name'])}`;
    if (this.objects.has(key)) throw failure(409, 'AlreadyExists', `${key} exists`);
    const object = { status: {}, ...structuredClone(body), metadata: { ...metadata, uid: `uid-${this.#uid++}`, generation: 1 } };
    return this.store(key, object);
  }

  /** Writes an object as it is, with a new resourceVersion. */
  store(key: string, object: Raw): Raw {
    const stored = { ...object, metadata: { ...(object['metadata'] as Raw), resourceVersion: String(this.#version++) } };
    this.objects.set(key, stored);
    return stored;
  }

  #patched(path: string, ops: readonly JsonPatchOp[]): { readonly before: Raw; readonly after: Raw } {
    const before = this.objects.get(path);
    if (before === undefined) throw failure(404, 'NotFound', `${path} not found`);
    const after = applyPatch(before, ops);
    this.admit({ what: `PATCH ${path}`, before, after });
    return { before, after };
  }

  #patch(path: string, ops: readonly JsonPatchOp[]): Raw {
    const { before, after } = this.#patched(path, ops);
    const changed = JSON.stringify(before['spec']) !== JSON.stringify(after['spec']);
    const metadata = after['metadata'] as { generation?: number };
    if (changed && metadata.generation !== undefined) metadata.generation += 1;
    const stored = this.store(path, after);
    // The last finalizer of what is deleted takes it along (registry/generic/registry/store.go, deleteWithoutFinalizers).
    if (isOver(stored)) this.objects.delete(path);
    return stored;
  }

  /** DELETE with its guard; a Pod becomes Terminating, a set leaves what it owns, and what has finalizers stays until they are gone. */
  remove(path: string, guard: DeleteGuard): void {
    const object = this.objects.get(path) as { metadata: { uid: string; resourceVersion: string } } | undefined;
    if (object === undefined) throw failure(404, 'NotFound', `${path} not found`);
    const { uid, resourceVersion } = object.metadata;
    if (guard.uid !== uid || (guard.resourceVersion !== undefined && guard.resourceVersion !== resourceVersion))
      throw failure(409, 'Conflict', 'precondition');
    if (path.includes('/pods/') && guard.gracePeriodSeconds !== 0) return this.terminate(path);
    this.end(path);
    if (path.includes('/statefulsets/') && guard.propagationPolicy === 'Orphan') this.#orphan(uid);
  }

  /** Removes an object, or marks it for deletion while it has finalizers (registry/generic/registry/store.go, Delete). */
  end(path: string): void {
    const object = this.objects.get(path);
    const metadata = (object?.['metadata'] ?? {}) as Loose<Pod['metadata']>;
    if (object === undefined || (metadata.finalizers ?? []).length === 0) return void this.objects.delete(path);
    if (metadata.deletionTimestamp !== undefined) return;
    const generation = (metadata.generation ?? 0) + 1;
    const deletionTimestamp = new Date(this.now).toISOString();
    this.store(path, { ...object, metadata: { ...metadata, generation, deletionTimestamp, deletionGracePeriodSeconds: 0 } });
  }

  /** Somebody puts finalizers on an object; none takes them off, and lets go of one that only waits for that. */
  finalize(path: string, finalizers: readonly string[]): void {
    const object = this.objects.get(path);
    if (object === undefined) return;
    const metadata = { ...(object['metadata'] as Pod['metadata']), finalizers };
    this.store(path, { ...object, metadata });
    if (finalizers.length === 0 && metadata.deletionTimestamp !== undefined && metadata.deletionGracePeriodSeconds === 0)
      this.objects.delete(path);
  }

  #orphan(uid: string): void {
    for (const [key, object] of this.objects) {
      const metadata = object['metadata'] as Loose<Pod['metadata']>;
      if (metadata.ownerReferences?.some((owner) => owner.uid === uid)) {
        this.store(key, {
          ...object,
          metadata: { ...metadata, ownerReferences: metadata.ownerReferences.filter((owner) => owner.uid !== uid) },
        });
      }
    }
  }

  terminate(path: string): void {
    const pod = this.objects.get(path);
    if (pod === undefined || (pod['metadata'] as Raw)['deletionTimestamp'] !== undefined) return;
    const left = this.options.stopRounds ?? 1;
    this.store(path, {
      ...pod,
      left,
      metadata: { ...(pod['metadata'] as Raw), deletionTimestamp: new Date(this.now + 30_000).toISOString() },
    });
  }

  set(): StatefulSet | undefined {
    const { namespace, name } = this.options.target;
    return this.objects.get(`/apis/apps/v1/namespaces/${namespace}/statefulsets/${name}`) as StatefulSet | undefined;
  }

  list<T>(resource: Resource): readonly T[] {
    const prefix = `${this.path(resource)}/`;
    return [...this.objects].filter(([key]) => key.startsWith(prefix)).map(([, object]) => object as T);
  }

  path(resource: Resource): string {
    if (resource === 'persistentvolumes') return `${GROUPS[resource]}/${resource}`;
    return `${GROUPS[resource]}/namespaces/${this.options.target.namespace}/${resource}`;
  }

  snapshot(): Snapshot {
    const set = this.set();
    const { now, options } = this;
    return {
      now,
      cluster: { context: 'model', server: 'https://model', identity: 'model', flags: ['--context', 'model'] },
      target: options.target,
      slices: withPodSlices({
        set: set === undefined ? absent('not-found', now) : read(this.#copy(set), now),
        namespace: read(this.namespace, now),
        pods: read(this.#copiesOf<Pod>('pods'), now),
        claims: read(this.#copiesOf<Claim>('persistentvolumeclaims'), now),
        sets: read(this.#copiesOf<StatefulSet>('statefulsets'), now),
        revisions: read(
          this.#copiesOf<ControllerRevision>('controllerrevisions').map(({ metadata, revision }) => ({ metadata, revision })),
          now,
        ),
        hpas: read([], now),
        scaledObjects: absent('not-served', now),
        pdbs: read([], now),
        services: read(this.#copiesOf<Service>('services'), now),
        volumes: read(this.#copiesOf<Volume>('persistentvolumes'), now),
        followedVolumes: read(this.#copiesOf<Volume>('persistentvolumes'), now),
        attachments: read([], now),
        snapshots: absent('not-served', now),
        workloads: read([], now),
        kin: read([], now),
        savedSets: read([], now),
        nodes: read([], now),
        clusterNodes: read([], now),
        quotas: read([], now),
        storageClasses: read([DEFAULT_CLASS], now),
        configMaps: read(this.#copiesOf<KubeObject>('configmaps'), now),
        secrets: read(this.#copiesOf<KubeObject>('secrets'), now),
        jobs: read(this.#copiesOf<KubeObject>('jobs'), now),
        deployments: read(this.#copiesOf<KubeObject>('deployments'), now),
      }),
    };
  }

  #copiesOf<T extends object>(resource: Resource): readonly T[] {
    return this.list<T>(resource).map((object) => this.#copy(object));
  }

  /** What is stored is never changed in place: one copy serves all looks until it is stored anew. */
  #copy<T extends object>(object: T): T {
    const copy = (this.#copies.get(object) as T | undefined) ?? structuredClone(object);
    this.#copies.set(object, copy);
    return copy;
  }

  /** Owner references of a claim, for tests. */
  owners(claim: string): readonly OwnerReference[] {
    return this.list<Claim>('persistentvolumeclaims').find(({ metadata }) => metadata.name === claim)?.metadata.ownerReferences ?? [];
  }
}

function isOver({ metadata }: Raw): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds, finalizers = [] } = metadata as Pod['metadata'];
  return deletionTimestamp !== undefined && deletionGracePeriodSeconds === 0 && finalizers.length === 0;
}

export function failure(status: number, reason: string, message: string): ApiError {
  return new ApiError({ message, status, reason, sent: 'rejected', request: 'model' });
}

/** As a ValidatingAdmissionPolicy says it. */
export function denial(message: string): ApiError {
  const admission = { kind: 'ValidatingAdmissionPolicy', name: 'model', verdict: 'denied', message } as const;
  const said = `statefulsets.apps "web" is forbidden: ValidatingAdmissionPolicy 'model' denied request: ${message}`;
  return new ApiError({ message: said, status: 422, reason: 'Invalid', sent: 'rejected', request: 'model', admission });
}

export function lost(): ApiError {
  return new ApiError({ message: 'connection lost', status: undefined, reason: 'ECONNRESET', sent: 'unanswered', request: 'model' });
}
