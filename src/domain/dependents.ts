import { isEphemeral } from './claims.ts';
import type { Claim, KubeObject, OwnerReference } from './kube.ts';
import { listOf, type SliceName, type Snapshot, sliceOf } from './snapshot.ts';

/**
 * What the garbage collector removes with an object: everything whose owners are all gone, by UID, and what that owns in its
 * turn (pkg/controller/garbagecollector, attemptToDeleteItem). It asks nobody, and keeps no order.
 */

/** An object that something owns, and the kinds of those that are looked at. */
export interface Dependent {
  /** kubectl's singular resource name. */
  readonly kind: DependentKind;
  readonly name: string;
  readonly uid: string;
  readonly object: KubeObject;
  /** The owner with which it goes: the nearest of the removed objects. */
  readonly owner: OwnerReference;
  /** Other owners that could keep it, of kinds that are not looked at: whether they are there is not known. */
  readonly keepers: readonly OwnerReference[];
}

/** Slices that are searched for dependents, and what one object of each is called. */
const KINDS = {
  sets: 'statefulset',
  deployments: 'deployment',
  jobs: 'job',
  podMetadata: 'pod',
  claims: 'persistentvolumeclaim',
  services: 'service',
  configMaps: 'configmap',
  secrets: 'secret',
} as const satisfies { readonly [K in SliceName]?: string };

export type DependentKind = (typeof KINDS)[keyof typeof KINDS];

/** The slices that tell what an object owns. */
export const OWNED_SLICES = Object.keys(KINDS) as readonly (keyof typeof KINDS)[];

/** Kinds whose lists are whole: an owner of these that is not listed is not there. Of the others only owned objects are kept. */
const WHOLE = { StatefulSet: 'sets', Pod: 'podMetadata', PersistentVolumeClaim: 'claims', Service: 'services' } as const;

/**
 * Everything that is removed when these objects are, nearest first; not these themselves. A list that could not be read
 * adds nothing: who asks must report that.
 *
 * @param uids of the objects that are removed
 * @param spared UIDs of objects that stay, whatever owns them now: their owner references are taken off first
 */
export function dependentsOf(uids: Iterable<string>, snapshot: Snapshot, spared: ReadonlySet<string> = new Set()): readonly Dependent[] {
  const removed = new Set(uids);
  const isThere = presence(snapshot);
  const found: Dependent[] = [];
  for (;;) {
    const next = OWNED_SLICES.flatMap((slice) =>
      (listOf(snapshot, slice) as readonly KubeObject[])
        .filter(({ metadata: { uid, ownerReferences } }) => {
          const owned = ownerReferences?.some((owner) => removed.has(owner.uid)) === true;
          return owned && !removed.has(uid) && !spared.has(uid);
        })
        .flatMap((object) => dependentOf(KINDS[slice], object, removed, isThere) ?? []),
    );
    if (next.length === 0) return found;
    found.push(...next.toSorted(byKindAndName));
    for (const { uid } of next) removed.add(uid);
  }
}

type Presence = (owner: OwnerReference) => 'there' | 'gone' | 'unknown';

/** @param object one that a removed object owns; undefined where another owner keeps it */
function dependentOf(kind: DependentKind, object: KubeObject, removed: ReadonlySet<string>, isThere: Presence): Dependent | undefined {
  const { name, uid, ownerReferences = [] } = object.metadata;
  const owner = ownerReferences.find((one) => removed.has(one.uid));
  const others = ownerReferences.filter((one) => !removed.has(one.uid)).map((one) => ({ one, is: isThere(one) }));
  if (owner === undefined || others.some(({ is }) => is === 'there')) return undefined;
  return { kind, name, uid, object, owner, keepers: others.flatMap(({ one, is }) => (is === 'unknown' ? [one] : [])) };
}

/** Whether an owner is there, by its UID. One that cannot be known counts as gone to the one who asks: unknown is not safe. */
function presence(snapshot: Snapshot): Presence {
  let uids: ReadonlySet<string> | undefined;
  return ({ uid, kind }) => {
    // Asked right before every removal, and hardly anything has two owners.
    uids ??= uidsIn(snapshot);
    if (uids.has(uid)) return 'there';
    const slice = (WHOLE as Readonly<Record<string, (typeof WHOLE)[keyof typeof WHOLE]>>)[kind];
    return slice !== undefined && sliceOf(snapshot, slice).state === 'read' ? 'gone' : 'unknown';
  };
}

function uidsIn(snapshot: Snapshot): ReadonlySet<string> {
  const set = sliceOf(snapshot, 'set');
  const listed = OWNED_SLICES.flatMap((slice) => (listOf(snapshot, slice) as readonly KubeObject[]).map(({ metadata }) => metadata.uid));
  return new Set(set.state === 'read' ? [set.value.metadata.uid, ...listed] : listed);
}

const ORDER: readonly string[] = Object.values(KINDS);

function byKindAndName(a: Dependent, b: Dependent): number {
  return ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || (a.name < b.name ? -1 : 1);
}

const NAMES: Readonly<Record<DependentKind, string>> = {
  statefulset: 'StatefulSet',
  deployment: 'Deployment',
  job: 'Job',
  pod: 'Pod',
  persistentvolumeclaim: 'PVC',
  service: 'Service',
  configmap: 'ConfigMap',
  secret: 'Secret',
};

/** `StatefulSet lws-1`, `PVC data-lws-1-1`. */
export function dependentInWords({ kind, name }: Pick<Dependent, 'kind' | 'name'>): string {
  return `${NAMES[kind]} ${name}`;
}

/** The PVC of a generic ephemeral volume: made for one Pod, and meant to be deleted with it. */
export function isEphemeralVolume({ kind, object }: Pick<Dependent, 'kind' | 'object'>): boolean {
  return kind === 'persistentvolumeclaim' && isEphemeral(object as Claim);
}

/** A PVC that somebody may count on: with it goes its data, where the reclaim policy says so. */
export function holdsData(dependent: Pick<Dependent, 'kind' | 'object'>): boolean {
  return dependent.kind === 'persistentvolumeclaim' && !isEphemeralVolume(dependent);
}

/**
 * The controllers above an object, nearest first, as far as they can be followed: each is the controlling owner of the one
 * before (a StatefulSet of a Pod of a StatefulSet of a custom resource). The last is the root: change that one.
 */
export function controllersOf({ metadata }: KubeObject, snapshot: Snapshot): readonly OwnerReference[] {
  const chain: OwnerReference[] = [];
  // A cycle of owners is possible, and nobody's root.
  const passed = new Set([metadata.uid]);
  let at: KubeObject['metadata'] | undefined = metadata;
  while (at !== undefined) {
    const controller: OwnerReference | undefined = at.ownerReferences?.find((owner) => owner.controller === true);
    if (controller === undefined || passed.has(controller.uid)) break;
    chain.push(controller);
    passed.add(controller.uid);
    at = objectOf(controller.uid, snapshot)?.metadata;
  }
  return chain;
}

/** Few objects have a controller that is one of these: none is indexed for that. */
function objectOf(uid: string, snapshot: Snapshot): KubeObject | undefined {
  for (const slice of OWNED_SLICES) {
    const found = (listOf(snapshot, slice) as readonly KubeObject[]).find(({ metadata }) => metadata.uid === uid);
    if (found !== undefined) return found;
  }
  return undefined;
}
