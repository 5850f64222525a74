import type { Volume } from '../domain/kube.ts';
import { listOf, type Snapshot } from '../domain/snapshot.ts';
import { protectedMarkOf, retiredMarkOf, type Stamp } from '../domain/volume-marks.ts';

/** A PersistentVolume whose PVC is gone, or which is kept by this plugin. */
export interface RetainedVolume {
  readonly name: string;
  /** Of the PVC that it is for, or was. */
  readonly namespace: string;
  readonly pvc: string;
  /** `Available` is reserved: the next PVC of that name gets it. */
  readonly phase: string;
  readonly reclaimPolicy: string;
  readonly size?: string;
  readonly storageClass?: string;
  /** What this plugin did with it. */
  readonly state: 'retired' | 'protected' | 'released';
  readonly by?: string;
  /** RFC 3339, server's clock. */
  readonly since?: string;
  readonly reason?: string;
}

/** Volumes that no PVC is bound to any more, and those that `pvc retire` keeps; with those that `pvc protect` has marked where asked for. */
export function retainedVolumes(snapshot: Snapshot, withProtected = false): readonly RetainedVolume[] {
  return listOf(snapshot, 'volumes')
    .flatMap((volume) => retained(volume, withProtected))
    .toSorted((a, b) => (`${a.namespace}/${a.pvc}/${a.name}` < `${b.namespace}/${b.pvc}/${b.name}` ? -1 : 1));
}

function retained(volume: Volume, withProtected: boolean): readonly RetainedVolume[] {
  const [retired, guarded] = [retiredMarkOf(volume), protectedMarkOf(volume)];
  const state = stateOf(retired !== undefined, guarded !== undefined && withProtected, volume.status.phase);
  if (state === undefined) return [];
  const { claimRef } = volume.spec;
  const { namespace, name: pvc } = retired ?? claimRef ?? {};
  return [
    {
      name: volume.metadata.name,
      namespace: namespace ?? '',
      pvc: pvc ?? '',
      ...storageOf(volume),
      state,
      ...stampOf(retired ?? guarded ?? {}),
    },
  ];
}

function storageOf({ spec, status }: Volume): Pick<RetainedVolume, 'phase' | 'reclaimPolicy' | 'size' | 'storageClass'> {
  const { persistentVolumeReclaimPolicy: reclaimPolicy = '', storageClassName, capacity } = spec;
  const size = capacity?.['storage'];
  return {
    phase: status.phase ?? '',
    reclaimPolicy,
    ...(size === undefined ? {} : { size }),
    ...(storageClassName === undefined ? {} : { storageClass: storageClassName }),
  };
}

function stampOf({ by, at, reason }: Stamp): Pick<RetainedVolume, 'by' | 'since' | 'reason'> {
  return {
    ...(by === undefined ? {} : { by }),
    ...(at === undefined ? {} : { since: at }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function stateOf(isRetired: boolean, isProtected: boolean, phase: string | undefined): RetainedVolume['state'] | undefined {
  if (isRetired) return 'retired';
  if (isProtected) return 'protected';
  return phase === 'Released' ? 'released' : undefined;
}
