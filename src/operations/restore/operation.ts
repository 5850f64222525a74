import { accessOf } from '../access.ts';
import type { Operation } from '../operation.ts';
import type { RestoreOptions } from './options.ts';
import { restoreIntent, restorePlan } from './plan.ts';
import { restoreConsent, rulesFrom } from './rules.ts';

/** `restore NAME`: undo of `delete` from the archive (product, section 3). */
export const restore: Operation<RestoreOptions> = {
  name: 'restore',
  needs: {
    required: ['set', 'pods', 'claims', 'stored'],
    advisory: ['services', 'hpas', 'scaledObjects', 'quotas', 'storageClasses', 'sets', 'volumes', 'namespace'],
  },
  consent: restoreConsent,
  intent: restoreIntent,
  rules: ({ resume }) => rulesFrom(resume?.record.cursor),
  plan: restorePlan,
  access: accessOf,
};
