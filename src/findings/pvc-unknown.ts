import { CLASS_SLICES } from '../pvcs/surroundings.ts';
import type { Check } from './check.ts';
import { pvcsOfClass } from './pvc-class.ts';

/** See src/pvcs: how a PVC is classified. */
export const pvcUnknown: Check = {
  id: 'pvc-unknown',
  title: 'It is not known what the PVC is',
  meaning:
    'Something could not be read that might use the PVC, or its managedFields do not say who created it. What is not known is never taken for unused.',
  remedy: 'Use an account that may read what the finding names.',
  source: 'pkg/controller/statefulset/stateful_set_utils.go (getPersistentVolumeClaimName)',
  override: 'never',
  needs: ['claims'],
  refusesUnread: CLASS_SLICES,
  run: (_snapshot, intent) => pvcsOfClass('unknown', intent),
};
