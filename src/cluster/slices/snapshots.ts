import type { SnapshotClass, VolumeSnapshot } from '../../domain/kube.ts';
import { OBJECT } from './metadata.ts';
import { KEEP, shaped } from './shape.ts';
import type { ListSlice } from './slice.ts';

/** Of the CSI snapshotter, where it is installed: those alone that may still read their PVC. */
export const snapshots: ListSlice<VolumeSnapshot> = {
  resource: { group: 'snapshot.storage.k8s.io', version: 'v1', resource: 'volumesnapshots', namespaced: true },
  addOn: true,
  keeps: ({ status }) => status?.readyToUse !== true,
  decode: shaped<VolumeSnapshot>({ ...OBJECT, spec: KEEP, status: KEEP }),
};

export const snapshotClasses: ListSlice<SnapshotClass> = {
  resource: { group: 'snapshot.storage.k8s.io', version: 'v1', resource: 'volumesnapshotclasses', namespaced: false },
  addOn: true,
  decode: shaped<SnapshotClass>({ ...OBJECT, driver: KEEP }),
};
