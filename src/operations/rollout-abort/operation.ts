import { OWNED_SLICES } from '../../domain/dependents.ts';
import type { Intent } from '../../findings/check.ts';
import { CANCEL, cancelledBy } from '../back.ts';
import type { BackInput, Look, Operation, WayBack } from '../operation.ts';
import { strategyBack } from './back.ts';
import { baselineName } from './baseline.ts';
import { type AbortOptions, abortOptions } from './options.ts';
import { abortIntent, abortPlan } from './plan.ts';
import { abortConsent, abortRules } from './rules.ts';

const needs = { required: ['set', 'pods', 'claims', 'stored', 'revisions'], advisory: ['sets', 'volumes', 'namespace'] } as const;

const ID = 'rollout abort';

/** `rollout abort NAME`: back to the revision before a rollout, whoever began that (product, section 3). */
export const rolloutAbort: Operation<AbortOptions> = {
  id: ID,
  options: abortOptions,
  subject: 'statefulsets',
  journal: 'record',
  archive: 'secret',
  writes: [
    { resource: 'statefulsets', verbs: ['patch'] },
    { resource: 'pods', verbs: ['delete'] },
  ],
  needs,
  spares: (look) => (readsRevisions(look) ? [] : ['revisions']),
  wholeRevisions: (look) => (readsRevisions(look) ? [baselineName(look)].flatMap((name) => name ?? []) : []),
  consent: abortConsent,
  intent: (input) => abortIntent(input, { operation: ID }),
  rules: () => abortRules,
  plan: (input, intent, findings) => abortPlan(input, intent, findings, { operation: ID }),
  back: strategyBack,
  done: ({ target, options }) => `StatefulSet ${target.name} is back at revision ${String(options['baseline'])}`,
  table: [{ operation: ID, consent: abortConsent, needs, rules: abortRules, owned: OWNED_SLICES }],
};

/** Of a rollout of ours the archive has the template, and an abort that goes on has restored it. */
function readsRevisions({ options, open, snapshot }: Look<AbortOptions>): boolean {
  if (snapshot.slices.set?.state !== 'read') return false;
  return open === undefined || (open.kind !== ID && options.toRevision !== undefined);
}

/** What `cancel` of a rollout does. */
export const abortBack: WayBack = {
  intent: (input) => abortIntent(input, { operation: CANCEL }) as Intent,
  rules: () => abortRules,
  plan: (input: BackInput, intent, findings) =>
    abortPlan(input, intent, findings, { operation: CANCEL, cancels: cancelledBy(input.resume.record, input.resume.archive) }),
};
