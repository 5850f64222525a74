import { roughAge } from '../../domain/rough-age.ts';
import { known, kubectl, seen } from '../draft.ts';
import { pendingClaims, wantsClaimEvents } from './awaited.ts';
import { type Diagnosis, ofSet } from './diagnosis.ts';

/** Provisioning takes seconds, where the backend is well. */
const PATIENCE_MS = 60 * 1000;

/** Signature 18: everybody waits for a provisioner that says nothing. */
export const provisionerSilent: Diagnosis = {
  id: 'provisioner-silent',
  title: 'The provisioner of a StorageClass does not answer',
  meaning:
    'A PVC waits for an external provisioner, which has neither made a volume nor reported an error: its Pods are not running, or have lost their permissions or their leader. Every new PVC of the class waits, of all StatefulSets.',
  remedy: 'See whether the Pods of the CSI driver’s controller are running, and read their log.',
  source: 'pkg/controller/volume/persistentvolume/pv_controller.go (ExternalProvisioning)',
  override: 'never',
  severity: 'blocks',
  group: 'failure',
  needs: ['set', 'pods', 'claims'],
  further: {
    slices: ['storageClasses', 'claimEvents'],
    wanted: (snapshot) => (wantsClaimEvents(snapshot) ? ['storageClasses', 'claimEvents'] : []),
  },
  run: ofSet((set, snapshot) => {
    const events = known(snapshot, 'claimEvents') ?? [];
    return pendingClaims(set, snapshot).flatMap(({ claim, pod }) => {
      const { name, uid, creationTimestamp } = claim.metadata;
      const told = events.filter(({ involvedObject }) => involvedObject.uid === uid);
      const waits = snapshot.now - Date.parse(creationTimestamp ?? '');
      const isAsked = told.some(({ reason }) => reason === 'ExternalProvisioning');
      const answered = told.some(({ reason = '' }) => reason === 'Provisioning' || reason.startsWith('ProvisioningFailed'));
      const found = (known(snapshot, 'storageClasses') ?? []).find(({ metadata }) => metadata.name === claim.spec.storageClassName);
      if (!isAsked || answered || found === undefined || !(waits >= PATIENCE_MS)) return [];
      return [
        {
          grade: 'likely',
          subject: { kind: 'storageclass', name: found.metadata.name },
          message: `provisioner ${found.provisioner ?? 'unknown'} of StorageClass ${found.metadata.name} does not answer: PVC ${name} of Pod ${pod} has waited for ${roughAge(waits)}`,
          evidence: [
            seen(`storageclass/${found.metadata.name}`, 'provisioner', found.provisioner),
            seen(`persistentvolumeclaim/${name}`, 'status.phase', 'Pending'),
          ],
          remedies: [kubectl('get', ['pods', '-A', '-o', 'wide'], 'whether the Pods of the CSI driver are running')],
          pods: [pod],
        },
      ];
    });
  }),
};
