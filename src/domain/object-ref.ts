import type { AccessNeed } from './access.ts';

/** A kind of object that we read or write by name: its URL, its kind, and the word that people are shown. */
interface ResourceType {
  readonly group: '' | 'apps' | 'scheduling.k8s.io';
  readonly kind: string;
  readonly namespaced: boolean;
  /** As wording has it: "PVC", "Pod", "StatefulSet". */
  readonly word: string;
}

const type = (group: ResourceType['group'], kind: string, word = kind, namespaced = true): ResourceType => ({
  group,
  kind,
  namespaced,
  word,
});

/** Plural resource name → what it is. All of them are v1 of their group. */
const RESOURCES = {
  statefulsets: type('apps', 'StatefulSet'),
  controllerrevisions: type('apps', 'ControllerRevision'),
  pods: type('', 'Pod'),
  persistentvolumeclaims: type('', 'PersistentVolumeClaim', 'PVC'),
  services: type('', 'Service'),
  secrets: type('', 'Secret'),
  configmaps: type('', 'ConfigMap'),
  serviceaccounts: type('', 'ServiceAccount'),
  priorityclasses: type('scheduling.k8s.io', 'PriorityClass', 'PriorityClass', false),
  events: type('', 'Event'),
  persistentvolumes: type('', 'PersistentVolume', 'PV', false),
  nodes: type('', 'Node', 'node', false),
  namespaces: type('', 'Namespace', 'namespace', false),
} as const satisfies Readonly<Record<string, ResourceType>>;

export type Resource = keyof typeof RESOURCES;

export const resources = Object.keys(RESOURCES) as readonly Resource[];

/** One object by resource and name: what steps write, and what every path, permission and sentence about it is made of. */
export interface ObjectRef {
  readonly resource: Resource;
  /** Of a namespaced resource. */
  readonly namespace?: string;
  readonly name: string;
}

/** `refTo('pods', 'shop', 'web-0')`; a cluster-scoped object has no namespace. */
export function refTo(resource: Resource, namespace: string, name: string): ObjectRef {
  return RESOURCES[resource].namespaced ? { resource, namespace, name } : { resource, name };
}

/** Path of the object on the API server, encoded. */
export function pathOf({ resource, namespace, name }: ObjectRef): string {
  return `${collectionOf(resource, namespace)}/${encodeURIComponent(name)}`;
}

/** Path of all objects of a resource, of one namespace where it has any. */
export function collectionOf(resource: Resource, namespace: string | undefined): string {
  const { group, namespaced } = RESOURCES[resource];
  const root = group === '' ? '/api/v1' : `/apis/${group}/v1`;
  return `${root}${namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : ''}/${resource}`;
}

/** `StatefulSet web`, `PVC data-web-0`: as people are told of it. */
export function describe({ resource, name }: Pick<ObjectRef, 'resource' | 'name'>): string {
  return `${RESOURCES[resource].word} ${name}`;
}

/** `apiVersion` and `kind` of such an object. */
export function typeOf(resource: Resource): { readonly apiVersion: string; readonly kind: string } {
  const { group, kind } = RESOURCES[resource];
  return { apiVersion: group === '' ? 'v1' : `${group}/v1`, kind };
}

/** kubectl's singular name, as in `statefulset/web`. */
export function singularOf(resource: Resource): string {
  return RESOURCES[resource].kind.toLowerCase();
}

/**
 * The permission for one verb on an object, or on all of its resource in that place.
 * @param named whether the permission may be one for this object alone (RBAC's resourceNames; no server can check it for `create`)
 */
export function accessTo(verb: string, { resource, namespace, name }: ObjectRef, named = false): AccessNeed {
  return {
    verb,
    group: RESOURCES[resource].group,
    resource,
    ...(namespace === undefined ? {} : { namespace }),
    ...(named && verb !== 'create' ? { name } : {}),
  };
}

export function isSameRef(a: ObjectRef, b: ObjectRef): boolean {
  return a.resource === b.resource && a.name === b.name && (a.namespace ?? '') === (b.namespace ?? '');
}
