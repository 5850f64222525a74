import { awaitedClaims, userOf } from './awaited-claims.ts';
import type { Check } from './check.ts';
import { kubectl, seen, subjectOf } from './draft.ts';

/** A claim that a new member needs is bound to a volume that does not exist any more: the Pod never starts. */
export const claimLost: Check = {
  id: 'claim-lost',
  title: 'A PVC that a new member needs has lost its volume',
  meaning:
    'The PVC is bound to a volume that does not exist any more. The Pod is created and waits forever, and with OrderedReady so does every Pod above it.',
  remedy: 'Bring the volume back from its snapshot or its backend, or remove the PVC and let the member start empty.',
  source: 'pkg/controller/volume/persistentvolume/pv_controller.go (ClaimLost)',
  override: 'never',
  needs: ['claims'],
  run(snapshot, intent) {
    return (awaitedClaims(snapshot, intent) ?? [])
      .filter(({ status }) => status.phase === 'Lost')
      .map((claim) => {
        const { name } = claim.metadata;
        const object = `persistentvolumeclaim/${name}`;
        const volume = claim.spec.volumeName;
        return {
          grade: 'proven',
          subject: subjectOf('persistentvolumeclaim', claim),
          message: `${name} has lost its volume${volume === undefined ? '' : ` ${volume}`}: ${userOf(intent, name)} would wait for it forever`,
          evidence: [seen(object, 'status.phase', 'Lost'), seen(object, 'spec.volumeName', volume)],
          remedies:
            volume === undefined ? [] : [kubectl('get', ['persistentvolume', volume, '-o', 'yaml'], 'whether the volume is there again')],
        };
      });
  },
};
