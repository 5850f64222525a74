import { archiveOutlived } from '../../findings/archive-outlived.ts';
import type { Rule } from '../../findings/check.ts';
import { claimsDeletedOnScaleDown } from '../../findings/claims-deleted-on-scale-down.ts';
import { replicasChanged } from '../../findings/replicas-changed.ts';
import { accessOf } from '../access.ts';
import type { Operation } from '../operation.ts';
import { restoreRules } from '../restore/rules.ts';
import { type CancelOptions, isSetThere } from './common.ts';
import { cancelIntent, cancelPlan } from './plan.ts';
import { isUndoneRestore } from './undo-restore.ts';

/** Members that a scale-up added leave again: whatever else is wrong is no reason to stay, but that would destroy data. */
const goingBack: readonly Rule[] = [
  { check: claimsDeletedOnScaleDown, severity: 'blocks', override: 'allow' },
  { check: replicasChanged, severity: 'warns', override: 'allow' },
];

/** The archive is the one of the deletion itself, which has not come to noting that the set is gone. */
const recreating: readonly Rule[] = restoreRules.filter(({ check }) => check !== archiveOutlived);

/** `cancel NAME`: the way back from a half-done operation (product, section 2). */
export const cancel: Operation<CancelOptions> = {
  name: 'cancel',
  needs: { required: ['set', 'pods', 'stored'], advisory: ['claims', 'services', 'sets', 'hpas', 'scaledObjects', 'quotas'] },
  intent: cancelIntent,
  // A set that is gone already comes back by a restore, and is as careful as one.
  rules: (input) => {
    if (input.resume !== undefined && isUndoneRestore(input.resume.record)) return [];
    return isSetThere(input) ? goingBack : recreating;
  },
  plan: cancelPlan,
  access: accessOf,
};
