/** A resource of the API, as discovery names it. */
export interface Resource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** Plural, lower case: `statefulsets`. */
  readonly resource: string;
  readonly namespaced: boolean;
}

/** `/api/v1` or `/apis/apps/v1`. */
export function groupPath(resource: Pick<Resource, 'group' | 'version'>): string {
  return resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
}

/** Path of a list; without a namespace it covers all of them. */
export function listPath(resource: Resource, namespace?: string): string {
  const scope = resource.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${groupPath(resource)}${scope}/${resource.resource}`;
}

export function objectPath(resource: Resource, namespace: string, name: string): string {
  return `${listPath(resource, namespace)}/${encodeURIComponent(name)}`;
}

/** `statefulsets.apps`, `pods`: as in messages of the API server. */
export function resourceName(resource: Pick<Resource, 'group' | 'resource'>): string {
  return resource.group === '' ? resource.resource : `${resource.resource}.${resource.group}`;
}
