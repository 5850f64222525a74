import type { ResourceQuota, StorageClass } from '../../domain/kube.ts';
import { pick, pickMetadata } from './pick.ts';
import type { ListSlice } from './slice.ts';

export const quotas: ListSlice<ResourceQuota> = {
  resource: { group: '', version: 'v1', resource: 'resourcequotas', namespaced: true },
  decode: (raw) => ({
    metadata: pickMetadata(raw.metadata),
    spec: pick(raw.spec, 'scopes', 'scopeSelector'),
    status: pick(raw.status, 'hard', 'used'),
  }),
};

export const storageClasses: ListSlice<StorageClass> = {
  resource: { group: 'storage.k8s.io', version: 'v1', resource: 'storageclasses', namespaced: false },
  decode: (raw) => ({ metadata: pickMetadata(raw.metadata), ...pick(raw, 'provisioner', 'reclaimPolicy', 'volumeBindingMode') }),
};
