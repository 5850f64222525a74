import type { Volume } from '../../domain/kube.ts';
import { pick, pickMetadata } from './pick.ts';
import type { ListSlice } from './slice.ts';

/** PersistentVolumes are cluster-scoped; the namespace that one belongs to is its claim's. */
export const volumes: ListSlice<Volume> = {
  resource: { group: '', version: 'v1', resource: 'persistentvolumes', namespaced: false },
  decode: (raw) => ({
    metadata: pickMetadata(raw.metadata),
    spec: {
      ...pick(raw.spec, 'persistentVolumeReclaimPolicy', 'storageClassName', 'capacity'),
      ...(raw.spec.claimRef && { claimRef: pick(raw.spec.claimRef, 'namespace', 'name', 'uid') }),
    },
    status: pick(raw.status, 'phase'),
  }),
  belongsTo: (volume) => volume.spec.claimRef?.namespace,
};
