import type { Claim } from '../../domain/kube.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { defaultClass } from '../../domain/storage.ts';
import { timeOf } from '../../domain/uncreatable.ts';
import { known, kubectl, seen, subjectOf } from '../draft.ts';
import { type AwaitedClaim, pendingClaims, wantsClaimEvents } from './awaited.ts';
import { type Diagnosed, type Diagnosis, ofSet } from './diagnosis.ts';
import { brief } from './pods.ts';

/** Signature 18: nothing is bound to a PVC, and its class or its provisioner says why. */
export const claimPending: Diagnosis = {
  id: 'claim-pending',
  title: 'A PVC gets no volume',
  meaning:
    'A PVC of the StatefulSet is Pending because its StorageClass does not exist, none is the default, no PersistentVolume fits, or the provisioner reports an error. Its Pod is not scheduled before the PVC is bound. The class of an existing PVC cannot be changed.',
  remedy: 'Create the StorageClass or a fitting PersistentVolume, or correct what the provisioner reports.',
  source: 'pkg/controller/volume/persistentvolume/pv_controller.go (FailedBinding, ProvisioningFailed)',
  override: 'never',
  severity: 'blocks',
  group: 'failure',
  needs: ['set', 'pods', 'claims'],
  further: {
    slices: ['storageClasses', 'claimEvents'],
    wanted: (snapshot) => (wantsClaimEvents(snapshot) ? ['storageClasses', 'claimEvents'] : []),
  },
  run: ofSet((set, snapshot) => pendingClaims(set, snapshot).flatMap((awaited) => draftsOf(awaited, snapshot))),
};

function draftsOf({ claim, pod }: AwaitedClaim, snapshot: Snapshot): readonly Diagnosed[] {
  const { name } = claim.metadata;
  const why = classMissing(claim, snapshot) ?? said(claim, snapshot);
  if (why === undefined) return [];
  return [
    {
      grade: 'proven',
      subject: subjectOf('persistentvolumeclaim', claim),
      message: `PVC ${name} of Pod ${pod} gets no volume: ${why}`,
      evidence: [
        seen(`persistentvolumeclaim/${name}`, 'status.phase', 'Pending'),
        seen(`persistentvolumeclaim/${name}`, 'spec.storageClassName', claim.spec.storageClassName),
      ],
      remedies: [
        kubectl('get', ['storageclass'], 'which classes there are'),
        kubectl('describe', ['persistentvolumeclaim', name], 'its events'),
      ],
      pods: [pod],
    },
  ];
}

function classMissing({ spec: { storageClassName } }: Claim, snapshot: Snapshot): string | undefined {
  const classes = known(snapshot, 'storageClasses');
  if (classes === undefined || storageClassName === '') return undefined;
  if (storageClassName === undefined)
    return defaultClass(classes) === undefined ? 'it names no StorageClass, and none is the default' : undefined;
  return classes.some(({ metadata }) => metadata.name === storageClassName) ? undefined : `StorageClass ${storageClassName} does not exist`;
}

/** By whoever should bind or make it; to wait for the first Pod is no reason. */
function said(claim: Claim, snapshot: Snapshot): string | undefined {
  const event = (known(snapshot, 'claimEvents') ?? [])
    .filter(
      ({ involvedObject, reason }) =>
        involvedObject.uid === claim.metadata.uid && ['ProvisioningFailed', 'FailedBinding'].includes(reason ?? ''),
    )
    .toSorted((a, b) => timeOf(b) - timeOf(a))[0];
  return event === undefined ? undefined : brief(event.message ?? '', 300);
}
