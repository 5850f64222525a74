import { OWNED_SLICES } from '../../domain/dependents.ts';
import { backDraft, CANCEL } from '../back.ts';
import type { Operation, WayBack } from '../operation.ts';
import { liveSet } from '../origin.ts';
import { plannedOnSet } from '../planned-on.ts';
import { stepTimeout } from '../timeouts.ts';
import { type ForceDeleteOptions, forceDeleteOptions } from './options.ts';
import { closeStep, FORCE_DELETE, forceDeleteIntent, forceDeletePlan } from './plan.ts';
import { forceDeleteRules } from './rules.ts';

const needs = {
  required: ['set', 'pods', 'claims', 'stored', 'node', 'lease', 'nodePods', 'attachments'],
  advisory: ['kubelet', 'podAnswers', 'clusterNodes', 'volumes', 'nodeSets', 'namespace'],
} as const;

/** Nothing of the StatefulSet was changed: only the record is removed. What was attested stays on the node until node unfence. */
const recordOff: WayBack = {
  intent: ({ snapshot }) => ({ operation: CANCEL, set: liveSet(snapshot), leaving: [], arriving: [], staying: [] }),
  rules: () => [],
  plan: (input, _intent, findings) => {
    const live = liveSet(input.snapshot);
    return {
      ...backDraft(input, findings),
      summary: 'remove the operation record: no Pod is deleted, and one that is deleted already is replaced by the controller',
      changes: [],
      basedOn: plannedOnSet(live, input.snapshot),
      steps: [closeStep(live, undefined, input.snapshot, stepTimeout(live, input.stepTimeoutMs))],
      putBack: {},
      archive: input.resume.archive.name,
    };
  },
};

/** `force-delete POD`: one Pod of a lost node, as the last resort (product, section 3). */
export const forceDelete: Operation<ForceDeleteOptions> = {
  id: FORCE_DELETE,
  options: forceDeleteOptions,
  subject: 'statefulsets',
  journal: 'record',
  archive: 'secret',
  writes: [
    { resource: 'statefulsets', verbs: ['patch'] },
    { resource: 'pods', verbs: ['delete'] },
    { resource: 'nodes', verbs: ['patch'] },
  ],
  needs,
  consent: { kind: 'typed' },
  intent: forceDeleteIntent,
  rules: () => forceDeleteRules,
  plan: forceDeletePlan,
  back: recordOff,
  done: ({ options }) =>
    `Pod ${String(options['pod'])} deleted by force and replaced. When its node is back, check on it that no container of the old Pod runs; then run node unfence`,
  table: [{ operation: FORCE_DELETE, consent: { kind: 'typed' }, needs, rules: forceDeleteRules, owned: OWNED_SLICES }],
};
