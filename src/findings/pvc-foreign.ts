import type { Check } from './check.ts';
import { pvcsOfClass } from './pvc-class.ts';

/** See src/pvcs: how a PVC is classified. */
export const pvcForeign: Check = {
  id: 'pvc-foreign',
  title: 'Another controller, or a user, manages the PVC',
  meaning:
    'It is owned by an object that is no StatefulSet, bears an operator’s marks, belongs to a custom resource, or was not created by the StatefulSet controller. Operators keep PVCs that nothing mounts, and know what they are for.',
  remedy: 'Use that operator, or ask its creator.',
  source: 'pkg/controller/statefulset/stateful_set_utils.go (getPersistentVolumeClaimName)',
  override: 'allow',
  needs: ['claims'],
  run: (_snapshot, intent) => pvcsOfClass('foreign', intent),
};
