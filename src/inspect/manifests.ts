import { withPodSlices } from '../cluster/slices/table.ts';
import type { KubeObject, StatefulSet } from '../domain/kube.ts';
import { type Reading, read } from '../domain/reading.ts';
import type { ClusterRef, SliceName, Snapshot } from '../domain/snapshot.ts';

/** Kinds that a look at a set knows, and the list that each is one of. */
const LISTS: Readonly<Record<string, SliceName>> = {
  StatefulSet: 'sets',
  Service: 'services',
  PodDisruptionBudget: 'pdbs',
  HorizontalPodAutoscaler: 'hpas',
  ScaledObject: 'scaledObjects',
  Pod: 'pods',
  PersistentVolumeClaim: 'claims',
  PersistentVolume: 'volumes',
  StorageClass: 'storageClasses',
  Node: 'nodes',
  EndpointSlice: 'endpointSlices',
  ResourceQuota: 'quotas',
  VolumeAttachment: 'attachments',
  VolumeSnapshotClass: 'snapshotClasses',
};

/** What belongs to an application: where a file has some of it, what it has not is not there. */
const OF_APPLICATION: readonly SliceName[] = ['sets', 'services', 'pdbs', 'hpas', 'scaledObjects'];

/** Events are lists by what they are about. */
const EVENT_LISTS: Readonly<Record<string, SliceName>> = { StatefulSet: 'events', Pod: 'podEvents', PersistentVolumeClaim: 'claimEvents' };

export interface Manifest extends KubeObject {
  readonly kind: string;
  /** Of an Event. */
  readonly involvedObject?: { readonly kind?: string };
}

/** No cluster was asked. */
const NOWHERE: ClusterRef = { context: '', server: '', identity: '', flags: [] };

/**
 * Looks at the sets among these objects as if they were what a cluster holds. Lists of which nothing is there were not read,
 * except that a file with more than StatefulSets is taken for the whole application.
 *
 * @param namespace of objects that name none
 * @param now milliseconds since the epoch
 */
export function looksAtManifests(objects: readonly Manifest[], namespace: string, now: number): readonly Snapshot[] {
  const all = objects.map((object) => completed(object, namespace));
  const isWhole = all.some(({ kind }) => kind !== 'StatefulSet' && LISTS[kind] !== undefined);
  return all
    .filter(({ kind }) => kind === 'StatefulSet')
    .map((set) => {
      const beside = all.filter(({ metadata }) => metadata.namespace === set.metadata.namespace || metadata.namespace === undefined);
      const lists = Object.entries(LISTS).flatMap(([kind, slice]) => {
        const those = beside.filter((object) => object.kind === kind);
        const isRead = those.length > 0 || (isWhole && OF_APPLICATION.includes(slice));
        return isRead ? [[slice, read<unknown>(those, now)] as const] : [];
      });
      const slices = {
        ...Object.fromEntries(lists),
        ...eventsAmong(beside, now),
        set: read(set as unknown as StatefulSet, now) as Reading<StatefulSet>,
      };
      const target = { namespace: set.metadata.namespace ?? '', name: set.metadata.name };
      return { now, cluster: NOWHERE, target, slices: withPodSlices(slices) };
    });
}

/** As a cluster would give them, where the file has any. */
function eventsAmong(objects: readonly Manifest[], now: number): Snapshot['slices'] {
  const events = objects.filter(({ kind }) => kind === 'Event');
  if (events.length === 0) return {};
  const lists = Object.entries(EVENT_LISTS).map(([kind, slice]) => [
    slice,
    read<unknown>(
      events.filter(({ involvedObject }) => involvedObject?.kind === kind),
      now,
    ),
  ]);
  return Object.fromEntries(lists) as Snapshot['slices'];
}

const OF_NO_NAMESPACE: readonly string[] = ['Node', 'PersistentVolume', 'StorageClass', 'VolumeAttachment'];

/** What a manifest does not say, and an object in a cluster always has. */
function completed(object: Manifest, namespace: string): Manifest {
  const place = OF_NO_NAMESPACE.includes(object.kind) ? {} : { namespace: object.metadata.namespace ?? namespace };
  const { uid = `${object.kind}/${object.metadata.name}`, resourceVersion = '' } = object.metadata as Partial<KubeObject['metadata']>;
  return { status: {}, ...object, metadata: { ...object.metadata, uid, resourceVersion, ...place } } as Manifest;
}
