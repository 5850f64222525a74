import { accessOf } from '../access.ts';
import type { Operation } from '../operation.ts';
import { restoreRules } from '../restore/rules.ts';
import { type CancelOptions, isSetThere } from './common.ts';
import { cancelIntent, cancelPlan } from './plan.ts';

/** `cancel NAME`: the way back from a half-done operation (product, section 2). */
export const cancel: Operation<CancelOptions> = {
  name: 'cancel',
  needs: { required: ['set', 'pods', 'stored'], advisory: ['claims', 'services', 'sets', 'hpas', 'scaledObjects', 'quotas'] },
  intent: cancelIntent,
  // A set that is gone already comes back by a restore, and is as careful as one.
  rules: (input) => (isSetThere(input) || input.resume?.record.kind === 'restore' ? [] : restoreRules),
  plan: cancelPlan,
  access: accessOf,
};
