import { awaitedClaims, userOf } from './awaited-claims.ts';
import type { Check } from './check.ts';
import { keepVolume } from './claim-not-safe.ts';
import { kubectl, seen, subjectOf } from './draft.ts';

/**
 * A claim that a new member needs is being deleted. The controller refuses to create the Pod on it ("pvc … is being
 * deleted"); once it is gone the member gets a new, empty one.
 */
export const claimTerminating: Check = {
  id: 'claim-terminating',
  title: 'A PVC that a new member needs is being deleted',
  meaning:
    'The controller cannot create the Pod on it ("pvc … is being deleted"). Once the PVC is gone the controller makes a new one, and the member comes up empty.',
  remedy: 'If the data matters, set the volume to Retain now and bind it again under that name. Otherwise wait until the PVC is gone.',
  source: '#74374; pkg/controller/statefulset/stateful_pod_control.go (createPersistentVolumeClaims)',
  override: 'allow',
  needs: ['claims'],
  run(snapshot, intent) {
    return (awaitedClaims(snapshot, intent) ?? [])
      .filter(({ metadata }) => metadata.deletionTimestamp !== undefined)
      .map((claim) => {
        const { name, deletionTimestamp, finalizers } = claim.metadata;
        const object = `persistentvolumeclaim/${name}`;
        return {
          grade: 'proven',
          subject: subjectOf('persistentvolumeclaim', claim),
          message: `${name} is being deleted: ${userOf(intent, name)} cannot start on it, and comes up empty once it is gone`,
          evidence: [
            seen(object, 'metadata.deletionTimestamp', deletionTimestamp),
            seen(object, 'metadata.finalizers', (finalizers ?? []).join(', ') || undefined),
          ],
          remedies: [...keepVolume(claim), kubectl('wait', [`persistentvolumeclaim/${name}`, '--for=delete'], 'until it is gone')],
        };
      });
  },
};
