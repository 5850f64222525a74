import { sliceOf } from '../domain/snapshot.ts';
import type { Check } from './check.ts';
import { names, seen, subjectOf } from './draft.ts';
import { nodeIn, removedFrom } from './node-evidence.ts';

/** Nothing but the Pod itself keeps a second one from writing to these volumes. */
export const sharedVolume: Check = {
  id: 'shared-volume',
  title: 'A volume of the node has no guard against a second writer',
  meaning:
    'The attach controller keeps a ReadWriteOnce volume from a second node until it is detached from the first. For ReadWriteMany volumes, and for drivers that do not attach volumes, nothing does: the replacement mounts the volume at once. If anything on the old node still runs, two Pods write to the same data.',
  remedy: 'Make sure that the machine is off, or that the storage itself refuses the old node.',
  source: 'pkg/controller/volume/attachdetach/util (IsMultiAttachAllowed); kubernetes-csi/external-attacher#215',
  override: 'allow',
  needs: ['node', 'nodePods', 'volumes', 'attachments'],
  run(snapshot, intent) {
    const node = nodeIn(snapshot);
    if (sliceOf(snapshot, 'attachments').state !== 'read') return [];
    const found = removedFrom(snapshot, intent).flatMap(({ pod, volumes }) =>
      volumes
        .filter(({ volume, isShared, isLocal, attachment }) => volume !== undefined && !isLocal && (isShared || attachment === undefined))
        .map((volume) => ({ pod, ...volume })),
    );
    if (node === undefined || found.length === 0) return [];
    return [
      {
        grade: 'proven',
        subject: subjectOf('node', node),
        message: `nothing keeps a second Pod from writing while the first may still run: ${names(found.map(({ claim }) => claim))}`,
        evidence: found.map(({ claim, accessModes, attachment }) =>
          seen(
            `persistentvolumeclaim/${claim}`,
            'volume',
            `${accessModes.join(',') || '<unknown>'}, ${attachment === undefined ? 'no VolumeAttachment' : 'attached'}`,
          ),
        ),
        remedies: [],
      },
    ];
  },
};
