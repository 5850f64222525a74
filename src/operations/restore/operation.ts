import { OWNED_SLICES } from '../../domain/dependents.ts';
import type { Operation } from '../operation.ts';
import { restoreBack } from './back.ts';
import { type RestoreOptions, restoreOptions } from './options.ts';
import { restoreIntent, restorePlan } from './plan.ts';
import { revisionsOfPods } from './pod-revisions.ts';
import { restoreConsent, restoreRules, rulesFrom } from './rules.ts';

const needs = {
  required: ['set', 'pods', 'claims', 'stored'],
  advisory: ['services', 'hpas', 'scaledObjects', 'quotas', 'storageClasses', 'sets', 'volumes', 'namespace'],
} as const;

/** `restore NAME`: undo of `delete` from the archive (product, section 3). */
export const restore: Operation<RestoreOptions> = {
  id: 'restore',
  options: restoreOptions,
  subject: 'statefulsets',
  journal: 'record',
  archive: 'given',
  writes: [
    { resource: 'statefulsets', verbs: ['create', 'patch'] },
    { resource: 'services', verbs: ['create'] },
  ],
  startsWithout: true,
  wholeRevisions: ({ snapshot }) => revisionsOfPods(snapshot),
  needs,
  consent: restoreConsent,
  intent: restoreIntent,
  rules: ({ resume }) => rulesFrom(resume?.record.cursor),
  plan: restorePlan,
  back: restoreBack,
  done: ({ target }) => `StatefulSet ${target.name} restored`,
  table: [{ operation: 'restore', consent: restoreConsent, needs, rules: restoreRules, owned: OWNED_SLICES }],
};
