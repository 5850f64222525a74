import type { Check } from './check.ts';
import { pvcsOfClass } from './pvc-class.ts';

/** See src/pvcs: how a PVC is classified. */
export const pvcParked: Check = {
  id: 'pvc-parked',
  title: 'A StatefulSet can be given this PVC’s ordinal again',
  meaning:
    'The StatefulSet is scaled to 0, or something known gives it more replicas than it has now: an autoscaler’s maximum, a saved manifest, the manifest that was applied last, or a downscaler’s note. When it is scaled up again it reuses the PVC; without the PVC that Pod starts on an empty volume.',
  remedy: 'Leave it. Where the StatefulSet is not coming back to that size, lower what says so first.',
  source: 'pkg/controller/statefulset/stateful_set_utils.go (getPersistentVolumeClaimName)',
  override: 'allow',
  needs: ['claims'],
  run: (_snapshot, intent) => pvcsOfClass('parked', intent),
};
