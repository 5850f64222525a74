import type { Rule } from '../../findings/check.ts';
import { claimsDeletedOnScaleDown } from '../../findings/claims-deleted-on-scale-down.ts';
import { accessOf } from '../access.ts';
import type { Operation } from '../operation.ts';
import { restoreRules } from '../restore/rules.ts';
import { type CancelOptions, isSetThere } from './common.ts';
import { cancelIntent, cancelPlan } from './plan.ts';

/** Members that a scale-up added leave again: whatever else is wrong is no reason to stay, but that would destroy data. */
const goingDown: readonly Rule[] = [{ check: claimsDeletedOnScaleDown, severity: 'blocks', override: 'allow' }];

/** `cancel NAME`: the way back from a half-done operation (product, section 2). */
export const cancel: Operation<CancelOptions> = {
  name: 'cancel',
  needs: { required: ['set', 'pods', 'stored'], advisory: ['claims', 'services', 'sets', 'hpas', 'scaledObjects', 'quotas'] },
  intent: cancelIntent,
  // A set that is gone already comes back by a restore, and is as careful as one.
  rules: (input) => {
    if (input.resume?.record.kind === 'restore') return [];
    return isSetThere(input) ? goingDown : restoreRules;
  },
  plan: cancelPlan,
  access: accessOf,
};
