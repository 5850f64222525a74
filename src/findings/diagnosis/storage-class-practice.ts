import type { StorageClass } from '../../domain/kube.ts';
import { known, seen } from '../draft.ts';
import { type Diagnosed, type Diagnosis, ofSet } from './diagnosis.ts';
import { classesOf } from './template.ts';

const common = { override: 'never', severity: 'notes', group: 'practice', needs: ['set', 'storageClasses'] } as const;

function about({ metadata }: StorageClass, field: string, value: string | boolean | undefined, message: string): Diagnosed {
  const { name } = metadata;
  return {
    grade: 'proven',
    subject: { kind: 'storageclass', name },
    message: `StorageClass ${name} ${message}`,
    evidence: [seen(`storageclass/${name}`, field, value)],
    remedies: [],
  };
}

/** Practice: a volume that is made before its Pod is scheduled may be where the Pod cannot run. */
export const classBindsImmediately: Diagnosis = {
  ...common,
  id: 'class-binds-immediately',
  title: 'Volumes are created before their Pods are scheduled',
  meaning:
    'With volumeBindingMode Immediate the volume is made in some zone before the scheduler has looked at the Pod. Where volumes belong to a zone, the Pod can then run only there, whatever its resources, affinity and spread constraints ask for.',
  remedy: 'Use a StorageClass with volumeBindingMode WaitForFirstConsumer. It cannot be changed on an existing class.',
  source: 'kubernetes.io: Storage Classes, "Volume Binding Mode"',
  run: ofSet((set, snapshot) =>
    classesOf(set, snapshot)
      .filter(({ volumeBindingMode }) => volumeBindingMode !== 'WaitForFirstConsumer')
      .map((one) => about(one, 'volumeBindingMode', one.volumeBindingMode, 'creates volumes before their Pods are scheduled')),
  ),
};

/** Practice: a volume that cannot grow must be copied when it is full. */
export const classNotExpandable: Diagnosis = {
  ...common,
  id: 'class-not-expandable',
  title: 'Volumes cannot be expanded',
  meaning: 'The StorageClass does not allow its volumes to grow. When one is full, its data must be copied to a larger one.',
  remedy: 'Set allowVolumeExpansion: true on the class, if its driver supports it.',
  source: 'kubernetes.io: Storage Classes, "Volume Expansion"',
  run: ofSet((set, snapshot) =>
    classesOf(set, snapshot)
      .filter(({ allowVolumeExpansion }) => allowVolumeExpansion !== true)
      .map((one) => about(one, 'allowVolumeExpansion', one.allowVolumeExpansion, 'does not allow its volumes to be expanded')),
  ),
};

/** Practice: with reclaim policy Delete the data ends with its PVC. */
export const classDeletesVolumes: Diagnosis = {
  ...common,
  id: 'class-deletes-volumes',
  title: 'Volumes are deleted with their PVCs',
  meaning:
    'The reclaim policy of the StorageClass is Delete: deleting a PVC, or its namespace, deletes the data. That is the default of most clusters, and a surprise for a database.',
  remedy: 'Run pvc protect for the volumes that exist, and use a StorageClass with reclaim policy Retain for what must outlive its PVC.',
  source: 'kubernetes.io: Storage Classes, "Reclaim Policy"',
  run: ofSet((set, snapshot) =>
    classesOf(set, snapshot)
      .filter(({ reclaimPolicy = 'Delete' }) => reclaimPolicy === 'Delete')
      .map((one) => ({
        ...about(one, 'reclaimPolicy', one.reclaimPolicy ?? 'Delete', 'deletes a volume, with its data, when its PVC is deleted'),
        remedies: [
          {
            do: 'operation',
            operation: 'pvc protect',
            subject: { kind: 'statefulset', name: set.metadata.name },
            options: {},
            why: 'sets the PersistentVolumes of the StatefulSet to Retain',
          },
        ],
      })),
  ),
};

/** Practice: without snapshots a copy of the data is a backup program's. */
export const classWithoutSnapshots: Diagnosis = {
  ...common,
  id: 'class-without-snapshots',
  title: 'Volumes cannot be snapshotted',
  meaning:
    'No VolumeSnapshotClass names the driver of the StorageClass. Nothing can be snapshotted before an upgrade or a risky change, so the only copy of the data is what the application itself backs up.',
  remedy: 'Create a VolumeSnapshotClass for the driver, if it supports snapshots, or make sure that there are backups.',
  source: 'kubernetes.io: Volume Snapshot Classes',
  needs: ['set', 'storageClasses', 'snapshotClasses'],
  run: ofSet((set, snapshot) => {
    const drivers = known(snapshot, 'snapshotClasses')?.map(({ driver }) => driver);
    if (drivers === undefined) return [];
    return classesOf(set, snapshot)
      .filter(({ provisioner }) => !drivers.includes(provisioner))
      .map((one) =>
        about(one, 'provisioner', one.provisioner, 'has a driver that no VolumeSnapshotClass names: volumes cannot be snapshotted'),
      );
  }),
};
