import type { AccessNeed } from '../../domain/access.ts';
import type { KubeObject, Pod } from '../../domain/kube.ts';
import type { Reading } from '../../domain/reading.ts';
import { nodeOf, type SliceName, type Slices, type Snapshot, type Target } from '../../domain/snapshot.ts';
import { hpas, pdbs, scaledObjects } from './autoscaling.ts';
import { quotas, storageClasses } from './capacity.ts';
import { claims } from './claims.ts';
import { endpointSlices } from './endpoint-slices.ts';
import { claimEvents, events, podEvents, revisions } from './history.ts';
import { attachments, lease, node, nodePods, nodes } from './nodes.ts';
import { configMaps, deployments, jobs, secrets } from './owned.ts';
import { podMetadata, pods } from './pods.ts';
import type { Resource } from './resource.ts';
import { services } from './services.ts';
import { sets } from './sets.ts';
import type { ListSlice } from './slice.ts';
import { snapshotClasses, snapshots } from './snapshots.ts';
import { volumes } from './volumes.ts';

/** Slices that are lists of one resource: all but the set itself, its namespace and what is stored about it. */
export type ListSliceName = Exclude<SliceName, 'set' | 'namespace' | 'stored' | ProbeSlice | ComposedSlice>;

/** What is asked through the API server's proxy, or object by object. */
export type ProbeSlice = 'kubelet' | 'podAnswers' | 'nodeSets' | 'replacements';

/** What is made of several resources; access to it is not reviewed, what cannot be read is unknown. */
export type ComposedSlice = 'workloads' | 'kin' | 'savedSets';

export function isComposed(slice: SliceName): slice is ComposedSlice {
  return slice === 'workloads' || slice === 'kin' || slice === 'savedSets';
}

/** The one table of list slices. */
export const LIST_SLICES: { readonly [K in ListSliceName]: ListSlice<Slices[K][number]> } = {
  pods,
  podMetadata,
  namespacePods: pods,
  claims,
  sets,
  volumes,
  followedVolumes: volumes,
  services,
  endpointSlices,
  nodes,
  clusterNodes: nodes,
  node,
  lease,
  nodePods,
  attachments,
  pdbs,
  hpas,
  scaledObjects,
  revisions,
  events,
  podEvents,
  claimEvents,
  quotas,
  storageClasses,
  configMaps,
  secrets,
  jobs,
  deployments,
  snapshotClasses,
  snapshots,
};

export const SET_RESOURCE: Resource = sets.resource;

export const SECRETS: Resource = secrets.resource;

/** Not namespaced as the API says it, but authorized in the namespace that it is. */
export const NAMESPACES: Resource = { group: '', version: 'v1', resource: 'namespaces', namespaced: false };

export function isList(slice: SliceName): slice is ListSliceName {
  return slice in LIST_SLICES;
}

/**
 * Slices that are followed with a watch; the others are read once. Endpoints follow their Pods a moment later, so they
 * have their own: to read them again when a Pod changes would be too early.
 */
export const WATCHED_SLICES = [
  'set',
  'pods',
  'claims',
  'endpointSlices',
  'node',
  'nodePods',
  'followedVolumes',
  'attachments',
] as const satisfies readonly SliceName[];

export type WatchedSlice = (typeof WATCHED_SLICES)[number];

export function isWatched(slice: SliceName): slice is WatchedSlice {
  return (WATCHED_SLICES as readonly SliceName[]).includes(slice);
}

/** Slices of a look that has all Pods of a namespace, or of several: then it has those that are a part of them, too. */
export function withPodSlices(slices: Snapshot['slices']): Snapshot['slices'] {
  const { pods } = slices;
  return pods === undefined ? slices : { ...slices, ...asPodSlices(pods) };
}

/** All Pods of a namespace as what is a part of them. */
export function asPodSlices(pods: Reading<readonly Pod[]>): Pick<Snapshot['slices'], 'podMetadata' | 'namespacePods'> {
  return { podMetadata: pods, namespacePods: pods };
}

/** Whether `withPodSlices` gives it. */
export function isPodSlice(slice: SliceName): boolean {
  return slice === 'podMetadata' || slice === 'namespacePods';
}

/** A list slice with its objects' type forgotten, for code that treats all alike. */
export function listSlice(name: ListSliceName): ListSlice<KubeObject> {
  return LIST_SLICES[name] as unknown as ListSlice<KubeObject>;
}

/**
 * What reading these slices takes, for access checks.
 *
 * @param live whether the slices are followed by watches, too
 */
export function accessNeeds(slices: readonly SliceName[], target: Target, live: boolean): readonly AccessNeed[] {
  return slices.flatMap((slice) => {
    if (isComposed(slice)) return [];
    const watch = live && isWatched(slice);
    return verbsOf(slice, watch).map((verb) => need(slice, verb, target));
  });
}

type ReviewedSlice = Exclude<SliceName, ComposedSlice>;

function verbsOf(slice: ReviewedSlice, watch: boolean): readonly string[] {
  if (slice === 'nodes' || (slice in SINGLE && slice !== 'set')) return ['get'];
  const verbs = slice === 'set' ? ['get'] : ['list'];
  return watch ? [...new Set([...verbs, 'list', 'watch'])] : verbs;
}

function need(slice: ReviewedSlice, verb: string, target: Target): AccessNeed {
  const { group, resource, namespaced } = isList(slice) ? listSlice(slice).resource : SINGLE[slice];
  const name = isList(slice) ? undefined : nameOf(slice, target);
  const namespace = namespaceOf(slice, target);
  return {
    verb,
    group,
    resource,
    ...((namespaced || slice === 'namespace') && namespace !== undefined ? { namespace } : {}),
    ...(name === undefined ? {} : { name }),
  };
}

/** Where a slice of a target is read: the target's namespace, or that of its kind; undefined for all. */
export function namespaceOf(slice: SliceName, target: Pick<Target, 'namespace'>): string | undefined {
  const { within } = isList(slice) ? listSlice(slice) : {};
  if (within !== undefined) return within();
  return target.namespace === '' || OF_ALL_NAMESPACES.includes(slice) ? undefined : target.namespace;
}

const OF_ALL_NAMESPACES: readonly SliceName[] = ['podAnswers', 'nodeSets', 'replacements'];

type SingleName = Exclude<ReviewedSlice, ListSliceName>;

const SINGLE: Readonly<Record<SingleName, Resource>> = {
  set: SET_RESOURCE,
  namespace: NAMESPACES,
  stored: SECRETS,
  kubelet: { group: '', version: 'v1', resource: 'nodes/proxy', namespaced: false },
  podAnswers: { group: '', version: 'v1', resource: 'pods/proxy', namespaced: true },
  nodeSets: SET_RESOURCE,
  replacements: pods.resource,
};

function nameOf(slice: SingleName, target: Target): string | undefined {
  const { namespace, name } = target;
  if (slice === 'stored') return `sts-safe.${name}`;
  if (OF_ALL_NAMESPACES.includes(slice)) return undefined;
  if (slice === 'kubelet') return nodeOf(target);
  return slice === 'set' ? name : namespace;
}
