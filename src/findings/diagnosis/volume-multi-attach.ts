import { claimsUsedBy } from '../../domain/claims.ts';
import type { Pod } from '../../domain/kube.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { known, kubectl, seen, subjectOf } from '../draft.ts';
import { type Diagnosed, type Diagnosis, ofSet } from './diagnosis.ts';
import { brief, podsNotReady, wantsPodEvents, warningsOf } from './pods.ts';

/** Signature 15: the volume of a Pod is still attached to another node. */
export const volumeMultiAttach: Diagnosis = {
  id: 'volume-multi-attach',
  title: 'The volume of a Pod is still attached to another node',
  meaning:
    'A volume with access mode ReadWriteOnce is attached to one node at a time. It is still attached to the node where the Pod ran before, so the Pod cannot start on another one. It is detached when the old Pod is gone and the kubelet there has unmounted it, or, if that node does not answer, six minutes after the Pod object was removed.',
  remedy:
    'See whether the old node still answers, with node check. If it is confirmed to be off, node fence releases the volume. Do not delete the VolumeAttachment by hand while the node may still write.',
  source: 'pkg/controller/volume/attachdetach/reconciler (Multi-Attach error)',
  override: 'never',
  severity: 'blocks',
  group: 'failure',
  needs: ['set', 'pods'],
  further: {
    slices: ['podEvents', 'attachments'],
    wanted: (snapshot) => (wantsPodEvents(snapshot) ? ['podEvents', 'attachments'] : []),
  },
  run: ofSet((set, snapshot) =>
    podsNotReady(set, snapshot).flatMap((pod) => {
      const event = warningsOf(pod, 'FailedAttachVolume', snapshot).find(({ message }) => message?.includes('Multi-Attach error') === true);
      return event === undefined ? [] : [draftOf(pod, event.message ?? '', holderOf(pod, snapshot))];
    }),
  ),
};

/** The node that the volume is attached to, where that may be read. */
function holderOf(pod: Pod, snapshot: Snapshot): string | undefined {
  const claims = claimsUsedBy(pod);
  const volumes = (known(snapshot, 'claims') ?? [])
    .filter(({ metadata }) => claims.includes(metadata.name))
    .map(({ spec }) => spec.volumeName);
  return (known(snapshot, 'attachments') ?? []).find(
    ({ spec }) => spec.nodeName !== pod.spec.nodeName && volumes.includes(spec.source.persistentVolumeName),
  )?.spec.nodeName;
}

function draftOf(pod: Pod, message: string, holder: string | undefined): Diagnosed {
  const { name } = pod.metadata;
  const check = {
    do: 'operation',
    operation: 'node check',
    options: {},
    why: 'whether the node that holds the volume still answers',
  } as const;
  return {
    grade: 'proven',
    subject: subjectOf('pod', pod),
    message: `Pod ${name} waits for a volume that is attached to ${holder === undefined ? 'another node' : `node ${holder}`}: ${brief(message)}`,
    evidence: [
      seen(`pod/${name}`, 'event[FailedAttachVolume]', brief(message, 300)),
      seen(`pod/${name}`, 'spec.nodeName', pod.spec.nodeName),
    ],
    remedies: [
      ...(holder === undefined ? [] : [{ ...check, subject: { kind: 'node', name: holder } }]),
      kubectl('get', ['volumeattachments'], 'what is attached where'),
    ],
    pods: [name],
  };
}
