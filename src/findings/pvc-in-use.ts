import type { Check } from './check.ts';
import { pvcsOfClass } from './pvc-class.ts';

/** See src/pvcs: how a PVC is classified. */
export const pvcInUse: Check = {
  id: 'pvc-in-use',
  title: 'Something uses the PVC',
  meaning:
    'A Pod mounts it (also one that has ended, or that cannot start yet), a StatefulSet has its ordinal, the template of another workload names it, its volume is attached to a node, or a snapshot or clone still reads it.',
  remedy: 'Scale the StatefulSet down, or delete what uses the PVC, first.',
  source: 'pkg/controller/statefulset/stateful_set_utils.go (getPersistentVolumeClaimName)',
  override: 'never',
  needs: ['claims'],
  run: (_snapshot, intent) => pvcsOfClass('in-use', intent),
};
