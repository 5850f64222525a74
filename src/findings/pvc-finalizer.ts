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
  title: 'A PVC that is to be deleted has finalizers',
  meaning:
    'With --delete-claims: the PVC remains, and its data with it, until the owner of the finalizer removes it (kubernetes.io/pvc-protection is Kubernetes’ own and does not count). All other PVCs are deleted. The operation waits for 5 s after the last change, then it stops and can be resumed.',
  remedy: 'See that the owner of the finalizer runs. Removing a finalizer by hand skips whatever it was there for.',
  source: 'kubernetes.io: Finalizers',
  override: 'allow',
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
