import { claimsOf, isLeftToCollector } from '../../domain/claims.ts';
import { keepVolume } from '../claim-not-safe.ts';
import { known, kubectl, seen, subjectOf } from '../draft.ts';
import { type Diagnosis, ofSet } from './diagnosis.ts';

/** Signature 21: the garbage collector deletes a PVC whose owners are gone as soon as it looks. */
export const claimOwnerGone: Diagnosis = {
  id: 'claim-owner-gone',
  title: 'A PVC is owned by an object that is gone',
  meaning:
    'The owner references of the PVC name a Pod or a StatefulSet that no longer exists (under that UID). The garbage collector deletes such a PVC as soon as it looks at it, and with reclaim policy Delete its data.',
  remedy: 'If the data matters, set the volume to Retain now, and remove the owner reference.',
  source: 'pkg/controller/garbagecollector (attemptToDeleteItem); KEP-1847',
  override: 'never',
  severity: 'blocks',
  group: 'failure',
  needs: ['set', 'pods', 'claims'],
  run: ofSet((set, snapshot) => {
    const pods = known(snapshot, 'pods');
    if (pods === undefined) return [];
    return claimsOf(set, pods, known(snapshot, 'claims') ?? [])
      .filter(({ claim }) => claim.metadata.deletionTimestamp === undefined && isLeftToCollector(claim, set, pods))
      .map(({ claim }) => {
        const { name, uid, ownerReferences = [] } = claim.metadata;
        const owners = ownerReferences.map((owner) => `${owner.kind} ${owner.name}`).join(', ');
        const ops = [
          { op: 'test', path: '/metadata/uid', value: uid },
          { op: 'remove', path: '/metadata/ownerReferences' },
        ];
        return {
          grade: 'proven',
          subject: subjectOf('persistentvolumeclaim', claim),
          message: `PVC ${name} is owned by ${owners}, which does not exist under that UID: the garbage collector deletes the PVC`,
          evidence: [
            seen(
              `persistentvolumeclaim/${name}`,
              'metadata.ownerReferences',
              ownerReferences.map((owner) => `${owner.kind}/${owner.name} ${owner.uid}`).join(', '),
            ),
          ],
          remedies: [
            kubectl('patch', ['persistentvolumeclaim', name, '--type', 'json', '-p', JSON.stringify(ops)], 'remove the owner references'),
            ...keepVolume(claim),
          ],
        };
      });
  }),
};
