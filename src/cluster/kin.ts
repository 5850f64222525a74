import type { KinSet, KubeObject } from '../domain/kube.ts';
import type { Resource } from './slices/resource.ts';
import { resourceName } from './slices/resource.ts';

/** Aggregated discovery (apidiscovery.k8s.io), as far as it is used. */
export interface GroupList {
  readonly kind?: string;
  readonly items?: readonly {
    readonly metadata: { readonly name?: string };
    readonly versions?: readonly {
      readonly version: string;
      /** `Stale`: the server behind it did not answer. */
      readonly freshness?: string;
      readonly resources?: readonly {
        readonly resource: string;
        readonly scope?: string;
        readonly responseKind?: { readonly kind?: string };
      }[];
    }[];
  }[];
}

/** What discovery tells of resources that look like StatefulSets; `unread` says why it does not tell all of them. */
export interface KinResources {
  readonly resources: readonly Resource[];
  readonly unread?: string;
}

const LOOKS_ALIKE = /stateful/i;

/** Custom resources whose name or kind says that they are a kind of StatefulSet: forks such as OpenKruise's, and operators' own. */
export function kinResources(list: GroupList): KinResources {
  if (list.kind !== 'APIGroupDiscoveryList')
    return { resources: [], unread: 'the server is older than aggregated discovery (Kubernetes 1.30)' };
  const groups = (list.items ?? []).filter(({ metadata: { name } }) => name !== undefined && name !== '' && name !== 'apps');
  const stale = groups.find(({ versions = [] }) => versions[0]?.freshness === 'Stale');
  const resources = groups.flatMap(({ metadata: { name: group = '' }, versions: [newest] = [] }) =>
    (newest?.resources ?? [])
      .filter(({ scope, resource, responseKind }) => scope === 'Namespaced' && LOOKS_ALIKE.test(`${resource} ${responseKind?.kind ?? ''}`))
      .map(({ resource }) => ({ group, version: newest?.version ?? '', resource, namespaced: true })),
  );
  return { resources, ...(stale === undefined ? {} : { unread: `the API group ${stale.metadata.name ?? ''} does not answer` }) };
}

interface Custom extends KubeObject {
  readonly spec?: { readonly volumeClaimTemplates?: readonly { readonly metadata?: { readonly name?: string } }[] };
}

export function kinOf(resource: Resource, raw: KubeObject): KinSet {
  const { metadata, spec } = raw as Custom;
  const templates = (spec?.volumeClaimTemplates ?? []).flatMap((template) => template.metadata?.name ?? []);
  return { resource: resourceName(resource), namespace: metadata.namespace ?? '', name: metadata.name, templates };
}
