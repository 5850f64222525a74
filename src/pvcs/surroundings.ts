import { claimsUsedBy } from '../domain/claims.ts';
import type { Claim, KinSet, KubeObject, Pod, StatefulSet, Volume, VolumeSnapshot, Workload } from '../domain/kube.ts';
import { listOf, type SliceName, type Snapshot, sliceOf } from '../domain/snapshot.ts';
import type { SavedSet } from '../domain/stored.ts';

/** Everything that a PVC's class rests on. */
export const PVC_SLICES = [
  'claims',
  'sets',
  'namespacePods',
  'volumes',
  'attachments',
  'snapshots',
  'workloads',
  'kin',
  'savedSets',
  'hpas',
  'scaledObjects',
] as const satisfies readonly SliceName[];

/** Without these the volume's side is not known: that is said, and nothing is taken away, but the class is the same. */
const OF_VOLUMES: ReadonlySet<SliceName> = new Set(['volumes', 'attachments']);

/** Without one of these a PVC's class is unknown. */
export const CLASS_SLICES: readonly SliceName[] = PVC_SLICES.filter((slice) => !OF_VOLUMES.has(slice));

/** Something that generates names of PVCs. */
export interface Generator<T> {
  readonly owner: T;
  readonly ordinal: number;
}

/** A look, arranged so that each PVC is judged in constant time: names are generated once, and looked up. */
export class Surroundings {
  readonly snapshot: Snapshot;
  readonly #sets: ReadonlyMap<string, readonly StatefulSet[]>;
  readonly #kin: ReadonlyMap<string, readonly KinSet[]>;
  readonly #saved: ReadonlyMap<string, readonly SavedSet[]>;
  readonly #users: ReadonlyMap<string, Pod>;
  readonly #templates: ReadonlyMap<string, Workload>;
  readonly #snapshots: ReadonlyMap<string, VolumeSnapshot>;
  readonly #clones: ReadonlyMap<string, Claim>;
  readonly #nodes: ReadonlyMap<string, string>;
  readonly #volumes: ReadonlyMap<string, Volume>;
  readonly #uids: ReadonlySet<string>;
  readonly #savedSets: ReadonlyMap<string, SavedSet>;
  readonly #scaled: ReadonlyMap<string, readonly Scaled[]>;

  constructor(snapshot: Snapshot) {
    this.snapshot = snapshot;
    const [sets, pods, claims, saved] = [
      listOf(snapshot, 'sets'),
      listOf(snapshot, 'namespacePods'),
      listOf(snapshot, 'claims'),
      listOf(snapshot, 'savedSets'),
    ];
    this.#sets = byPrefix(sets, (set) => keysOf(placeOf(set), templatesOf(set)));
    this.#kin = byPrefix(listOf(snapshot, 'kin'), (kin) => keysOf(kin, kin.templates));
    this.#saved = byPrefix(saved, (one) => keysOf(one, one.deleted === undefined ? [] : templatesOf(manifestOf(one.deleted.manifest))));
    this.#savedSets = new Map(saved.map((one) => [keyOf(one), one]));
    this.#users = new Map(pods.flatMap((pod) => claimsUsedBy(pod).map((name) => [keyOf({ ...placeOf(pod), name }), pod])));
    this.#templates = new Map(
      listOf(snapshot, 'workloads').flatMap((one) => one.claims.map((name) => [keyOf({ ...one, name }), one] as const)),
    );
    this.#snapshots = new Map(
      listOf(snapshot, 'snapshots').flatMap((one) => {
        const name = one.spec.source?.persistentVolumeClaimName;
        return name === undefined ? [] : [[keyOf({ ...placeOf(one), name }), one] as const];
      }),
    );
    this.#clones = new Map(claims.flatMap(cloneSource));
    this.#nodes = new Map(
      listOf(snapshot, 'attachments').flatMap(({ spec: { source, nodeName } }) =>
        source?.persistentVolumeName === undefined ? [] : [[source.persistentVolumeName, nodeName] as const],
      ),
    );
    this.#volumes = new Map(
      [...listOf(snapshot, 'volumes'), ...listOf(snapshot, 'followedVolumes')].map((volume) => [volume.metadata.name, volume]),
    );
    this.#uids = new Set([...sets, ...pods].map(({ metadata }) => metadata.uid));
    this.#scaled = Map.groupBy(scaledIn(snapshot), ({ namespace, name }) => keyOf({ namespace, name }));
  }

  /** StatefulSets that generate this PVC's name, whatever their replicas. */
  setsOf(claim: Claim): readonly Generator<StatefulSet>[] {
    return found(this.#sets, claim);
  }

  kinOf(claim: Claim): readonly Generator<KinSet>[] {
    return found(this.#kin, claim);
  }

  /** Deleted sets whose saved manifest generates it. */
  savedOf(claim: Claim): readonly Generator<SavedSet>[] {
    return found(this.#saved, claim);
  }

  savedSet(set: StatefulSet): SavedSet | undefined {
    return this.#savedSets.get(keyOf(placeOf(set)));
  }

  /** Autoscalers of a set, with the most replicas that each may ask for. */
  scalersOf(set: StatefulSet): readonly Scaled[] {
    return this.#scaled.get(keyOf(placeOf(set))) ?? [];
  }

  podUsing(claim: Claim): Pod | undefined {
    return this.#users.get(keyOf(placeOf(claim)));
  }

  templateNaming(claim: Claim): Workload | undefined {
    return this.#templates.get(keyOf(placeOf(claim)));
  }

  snapshotOf(claim: Claim): VolumeSnapshot | undefined {
    return this.#snapshots.get(keyOf(placeOf(claim)));
  }

  cloneOf(claim: Claim): Claim | undefined {
    return this.#clones.get(keyOf(placeOf(claim)));
  }

  /** Its volume, where that is bound to this very PVC. */
  volumeOf({ metadata, spec }: Claim): Volume | undefined {
    const volume = this.#volumes.get(spec.volumeName ?? '');
    return volume?.spec.claimRef?.uid === metadata.uid ? volume : undefined;
  }

  /** Node that its volume is attached to. */
  nodeOf({ spec: { volumeName = '' } }: Claim): string | undefined {
    return this.#nodes.get(volumeName);
  }

  /** Whether a StatefulSet or Pod of this UID is there. */
  isThere(uid: string): boolean {
    return this.#uids.has(uid);
  }

  /** Why it cannot be known whether something uses a PVC, or could claim it; undefined where all of it was read. */
  get blind(): string | undefined {
    return this.unread((slice) => CLASS_SLICES.includes(slice))[0];
  }

  unread(which: (slice: SliceName) => boolean = () => true): readonly string[] {
    return PVC_SLICES.filter(which).flatMap((slice) => {
      const reading = sliceOf(this.snapshot, slice);
      return reading.state === 'unknown' ? [reading.message] : [];
    });
  }
}

interface Place {
  readonly namespace: string;
  readonly name: string;
}

/** An HPA or a ScaledObject, and the set that it scales. */
export interface Scaled extends Place {
  readonly kind: string;
  readonly by: string;
  readonly most: number;
}

const KEDA_MOST = 100;

function scaledIn(snapshot: Snapshot): readonly Scaled[] {
  const isSet = (kind: string | undefined): boolean => kind === 'StatefulSet';
  return [
    ...listOf(snapshot, 'hpas').flatMap(({ metadata, spec: { scaleTargetRef: to, maxReplicas: most } }) =>
      isSet(to.kind)
        ? [{ kind: 'HorizontalPodAutoscaler', namespace: metadata.namespace ?? '', name: to.name, by: metadata.name, most }]
        : [],
    ),
    ...listOf(snapshot, 'scaledObjects').flatMap(({ metadata, spec: { scaleTargetRef: to, maxReplicaCount: most = KEDA_MOST } }) =>
      isSet(to?.kind) && to?.name !== undefined
        ? [{ kind: 'ScaledObject', namespace: metadata.namespace ?? '', name: to.name, by: metadata.name, most }]
        : [],
    ),
  ];
}

const keyOf = ({ namespace, name }: Place): string => `${namespace}/${name}`;
const placeOf = ({ metadata: { name, namespace = '' } }: KubeObject): Place => ({ namespace, name });
const manifestOf = (manifest: Readonly<Record<string, unknown>>): StatefulSet => manifest as unknown as StatefulSet;
const templatesOf = (set: StatefulSet): readonly string[] => (set.spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name);

/** `TEMPLATE-SET`, in its namespace: all of a generated name but the ordinal behind the last dash. */
function keysOf({ namespace, name }: Place, templates: readonly string[]): readonly string[] {
  return templates.map((template) => keyOf({ namespace, name: `${template}-${name}` }));
}

function byPrefix<T>(owners: readonly T[], keys: (owner: T) => readonly string[]): ReadonlyMap<string, readonly T[]> {
  const entries = owners.flatMap((owner) => [...new Set(keys(owner))].map((key) => ({ key, owner })));
  const groups = Map.groupBy(entries, ({ key }) => key);
  return new Map([...groups].map(([key, group]) => [key, group.map(({ owner }) => owner)]));
}

/** The controller writes ordinals without leading zeros, and behind the last dash: so far a name can be read in one way only. */
const ORDINAL = /^(?<prefix>.+)-(?<ordinal>0|[1-9]\d*)$/;

function found<T>(owners: ReadonlyMap<string, readonly T[]>, claim: Claim): readonly Generator<T>[] {
  const { prefix = '', ordinal } = ORDINAL.exec(claim.metadata.name)?.groups ?? {};
  if (ordinal === undefined) return [];
  const key = keyOf({ namespace: claim.metadata.namespace ?? '', name: prefix });
  return (owners.get(key) ?? []).map((owner) => ({ owner, ordinal: Number(ordinal) }));
}

/** A clone reads its source until it is Bound. */
function cloneSource(claim: Claim): readonly (readonly [string, Claim])[] {
  const { dataSourceRef, dataSource } = claim.spec;
  const source = dataSourceRef ?? dataSource;
  if (source?.kind !== 'PersistentVolumeClaim' || source.name === undefined || claim.status.phase === 'Bound') return [];
  return [[keyOf({ namespace: source.namespace ?? claim.metadata.namespace ?? '', name: source.name }), claim]];
}
