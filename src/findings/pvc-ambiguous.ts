import type { Check } from './check.ts';
import { pvcsOfClass } from './pvc-class.ts';

/** See src/pvcs: how a PVC is classified. */
export const pvcAmbiguous: Check = {
  id: 'pvc-ambiguous',
  title: 'Several StatefulSets generate the name of the PVC',
  meaning:
    'PVCs are named TEMPLATE-SET-ORDINAL, and that can be read in more than one way: template data of StatefulSet a-web and template data-a of StatefulSet web both make data-a-web-0. The name does not say whose data it is.',
  remedy: 'Find out whose data it is, and recreate one of the StatefulSets under another name.',
  source: 'pkg/controller/statefulset/stateful_set_utils.go (getPersistentVolumeClaimName)',
  override: 'allow',
  needs: ['claims'],
  run: (_snapshot, intent) => pvcsOfClass('ambiguous', intent),
};
