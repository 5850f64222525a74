import { claimsOf } from '../domain/claims.ts';
import { finalizersRemoved, foreignFinalizers } from '../domain/finalizers.ts';
import type { Check } from './check.ts';
import { known } from './draft.ts';
import { aboutFinalizers } from './finalizers.ts';

/**
 * PVCs that are to be deleted (`delete --delete-claims`) have finalizers that Kubernetes does not remove: each remains, with
 * its data, and the others are deleted.
 */
export const pvcFinalizer: Check = {
  id: 'pvc-finalizer',
  needs: ['set', 'claims'],
  run(snapshot, { set, destroysClaims }) {
    if (destroysClaims !== true) return [];
    return claimsOf(set, known(snapshot, 'pods') ?? [], known(snapshot, 'claims') ?? [])
      .filter(({ claim }) => foreignFinalizers(claim).length > 0)
      .map(({ claim }) =>
        aboutFinalizers('persistentvolumeclaim', claim, `PVC ${claim.metadata.name} remains until ${finalizersRemoved(claim)}`),
      );
  },
};
