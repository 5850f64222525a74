import type { Claim, Volume } from '../domain/kube.ts';
import { listOf, type Snapshot } from '../domain/snapshot.ts';
import { RETIRE_FINALIZER, retiredMarkOf } from '../domain/volume-marks.ts';
import type { Check, Draft } from './check.ts';
import { known, mergePatch, seen, subjectOf } from './draft.ts';

/** All annotations of an object share this much (apimachinery, TotalAnnotationSizeLimitB), and others need room too. */
const ANNOTATION_BYTES = 256 * 1024;
const ROOM_FOR_OTHERS = 8 * 1024;

/**
 * What is taken away must be possible to bring back: its volume is known, is this very PVC's, has room for its manifest, and no
 * other volume waits for the name.
 */
export const pvcNotRestorable: Check = {
  id: 'pvc-not-restorable',
  title: 'The PVC could not be restored',
  meaning:
    'A PVC is retired by keeping its PersistentVolume, with the PVC’s manifest on it, reserved for the next PVC of that name. That is not possible for a PVC that is not Bound, whose volume is bound to another PVC, whose volume has no room left in its annotations, for whose name another volume is reserved already, or that another client is deleting.',
  remedy:
    'Delete a PVC without a volume with kubectl. Where it is being deleted already, first set the reclaim policy of its volume to Retain (kubectl sts-safe pvc protect NAME).',
  source: 'pkg/controller/volume/persistentvolume/pv_controller.go',
  override: 'never',
  needs: ['claims', 'followedVolumes'],
  run(snapshot, { pvcs = [], volumes = [] }) {
    const claims = new Map((known(snapshot, 'claims') ?? []).map((claim) => [claim.metadata.uid, claim]));
    if (known(snapshot, 'followedVolumes') === undefined) return [];
    return pvcs.flatMap(({ uid }) => {
      const claim = claims.get(uid);
      return claim === undefined ? [] : whyNot(claim, snapshot, new Set(volumes.map((volume) => volume.metadata.uid)));
    });
  },
};

/** @param wanted UIDs of the volumes that take its place */
function whyNot(claim: Claim, snapshot: Snapshot, wanted: ReadonlySet<string>): readonly Draft[] {
  const { name } = claim.metadata;
  const volume = listOf(snapshot, 'followedVolumes').find(({ metadata }) => metadata.name === claim.spec.volumeName);
  const reason = volume === undefined ? 'it has no volume' : whyNotOn(volume, claim, snapshot, wanted);
  if (reason === undefined) return [];
  const { deletionTimestamp } = claim.metadata;
  return [
    {
      grade: 'proven',
      subject: subjectOf('persistentvolumeclaim', claim),
      message: `PVC ${name} could not be restored: ${reason}`,
      evidence: [
        seen(`persistentvolumeclaim/${name}`, 'spec.volumeName', claim.spec.volumeName),
        seen(`persistentvolumeclaim/${name}`, 'metadata.deletionTimestamp', deletionTimestamp),
      ],
      remedies: deletionTimestamp === undefined || volume === undefined ? [] : [retain(volume)],
    },
  ];
}

function whyNotOn(volume: Volume, claim: Claim, snapshot: Snapshot, wanted: ReadonlySet<string>): string | undefined {
  const { uid, deletionTimestamp, finalizers = [] } = claim.metadata;
  const { name } = volume.metadata;
  const isBegun = retiredMarkOf(volume)?.uid === uid;
  if (!isBegun && volume.spec.claimRef?.uid !== uid) return `PV ${name} is not bound to it`;
  if (deletionTimestamp !== undefined && !finalizers.includes(RETIRE_FINALIZER)) return 'another client is deleting it';
  const other = reservedBeside(claim, volume, snapshot, wanted);
  if (other !== undefined) return `PV ${other.metadata.name} is reserved for its name already`;
  const isFull = annotationBytes(claim, volume) > ANNOTATION_BYTES - ROOM_FOR_OTHERS;
  return isFull ? `PV ${name} has no room for its manifest` : undefined;
}

/** Never two volumes reserved for one name: which of them a new PVC gets would be chance. */
function reservedBeside({ metadata }: Claim, volume: Volume, snapshot: Snapshot, wanted: ReadonlySet<string>): Volume | undefined {
  return listOf(snapshot, 'followedVolumes').find(({ metadata: { uid }, spec: { claimRef } }) => {
    const isForIt = claimRef?.name === metadata.name && claimRef.namespace === metadata.namespace;
    return uid !== volume.metadata.uid && !wanted.has(uid) && isForIt && claimRef.uid === undefined;
  });
}

function annotationBytes(claim: Claim, { metadata: { annotations = {} } }: Volume): number {
  return Buffer.byteLength(JSON.stringify([annotations, claim.metadata.annotations ?? {}, claim.metadata.labels ?? {}, claim.spec]));
}

function retain({ metadata }: Volume): Draft['remedies'][number] {
  return mergePatch('pv', metadata.name, { spec: { persistentVolumeReclaimPolicy: 'Retain' } }, 'keeps the data: do this first');
}
