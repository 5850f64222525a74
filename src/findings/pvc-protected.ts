import type { Check } from './check.ts';
import { pvcsOfClass } from './pvc-class.ts';

/** See src/pvcs: how a PVC is classified. */
export const pvcProtected: Check = {
  id: 'pvc-protected',
  title: 'The PVC is marked to be kept',
  meaning: 'Helm (helm.sh/resource-policy: keep), Argo CD (Prune=false or Delete=false) or pvc protect says that it is to be kept.',
  remedy: 'Remove the mark first, if it is out of date: kubectl sts-safe pvc unprotect NAME.',
  source: 'pkg/controller/statefulset/stateful_set_utils.go (getPersistentVolumeClaimName)',
  override: 'allow',
  needs: ['claims'],
  run: (_snapshot, intent) => pvcsOfClass('protected', intent),
};
