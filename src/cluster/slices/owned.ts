import type { KubeObject } from '../../domain/kube.ts';
import { OBJECT } from './metadata.ts';
import type { Resource } from './resource.ts';
import { shaped } from './shape.ts';
import type { ListSlice } from './slice.ts';

/** Whose owners matter, and nothing else of them: the server sends metadata alone, and what nobody owns is dropped page by page. */
function owned(resource: Omit<Resource, 'namespaced'>): ListSlice<KubeObject> {
  return {
    resource: { ...resource, namespaced: true },
    metadataOnly: true,
    keeps: ({ metadata }) => (metadata.ownerReferences ?? []).length > 0,
    decode: shaped<KubeObject>(OBJECT),
  };
}

export const configMaps = owned({ group: '', version: 'v1', resource: 'configmaps' });
export const secrets = owned({ group: '', version: 'v1', resource: 'secrets' });
export const jobs = owned({ group: 'batch', version: 'v1', resource: 'jobs' });
export const deployments = owned({ group: 'apps', version: 'v1', resource: 'deployments' });
