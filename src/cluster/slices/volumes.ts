import type { Volume } from '../../domain/kube.ts';
import { OBJECT } from './metadata.ts';
import { KEEP, shaped } from './shape.ts';
import type { ListSlice } from './slice.ts';

/** PersistentVolumes are cluster-scoped; the namespace that one counts for is its PVC's. One that waits for a PVC counts for each. */
export const volumes: ListSlice<Volume> = {
  resource: { group: '', version: 'v1', resource: 'persistentvolumes', namespaced: false },
  decode: shaped<Volume>({
    ...OBJECT,
    spec: shaped<Volume['spec']>({
      persistentVolumeReclaimPolicy: KEEP,
      storageClassName: KEEP,
      accessModes: KEEP,
      volumeMode: KEEP,
      capacity: KEEP,
      claimRef: KEEP,
      nodeAffinity: KEEP,
    }),
    status: shaped<Volume['status']>({ phase: KEEP }),
  }),
  belongsTo: (volume) => volume.spec.claimRef?.namespace,
};
