import type { ResourceQuota, StorageClass } from '../../domain/kube.ts';
import { OBJECT } from './metadata.ts';
import { KEEP, shaped } from './shape.ts';
import type { ListSlice } from './slice.ts';

export const quotas: ListSlice<ResourceQuota> = {
  resource: { group: '', version: 'v1', resource: 'resourcequotas', namespaced: true },
  decode: shaped<ResourceQuota>({
    ...OBJECT,
    spec: shaped<NonNullable<ResourceQuota['spec']>>({ hard: KEEP, scopes: KEEP, scopeSelector: KEEP }),
    status: shaped<ResourceQuota['status']>({ hard: KEEP, used: KEEP }),
  }),
};

export const storageClasses: ListSlice<StorageClass> = {
  resource: { group: 'storage.k8s.io', version: 'v1', resource: 'storageclasses', namespaced: false },
  decode: shaped<StorageClass>({ ...OBJECT, provisioner: KEEP, reclaimPolicy: KEEP, volumeBindingMode: KEEP, allowVolumeExpansion: KEEP }),
};
