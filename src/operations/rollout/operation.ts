import type { TObject } from 'typebox';
import { OWNED_SLICES } from '../../domain/dependents.ts';
import type { Operation, PlanInput } from '../operation.ts';
import { liveSet } from '../origin.ts';
import { abortBack } from '../rollout-abort/operation.ts';
import { lostNeeds } from './lost-needs.ts';
import { resolved, restartEdit, startEdit, type TemplateEdit, undoEdit, wantedRevision } from './new-template.ts';
import {
  type Pace,
  type RestartOptions,
  restartOptions,
  type StartOptions,
  startOptions,
  type UndoOptions,
  undoOptions,
} from './options.ts';
import { rolloutIntent, rolloutPlan } from './plan.ts';
import { rolloutConsent, rolloutRules } from './rules.ts';

/** What all commands about rollouts look at. */
export const rolloutNeeds = {
  required: ['set', 'pods', 'claims', 'hpas', 'stored'],
  advisory: ['scaledObjects', 'volumes', 'namespace'],
} as const;

const undoNeeds = { ...rolloutNeeds, required: [...rolloutNeeds.required, 'revisions'] } as const;

/** Commands that act on the open record of a rollout. */
const CONTINUED_BY = ['rollout resume', 'rollout promote', 'rollout pause', 'rollout abort'];

/** Canaries by partition: what differs is only where the new Pod template comes from. */
function rolloutOf<O extends Pace>(
  id: string,
  options: TObject,
  needs: Operation<O>['needs'],
  editOf: (input: PlanInput<O>) => TemplateEdit,
): Operation<O> {
  return {
    id,
    options,
    subject: 'statefulsets',
    journal: 'record',
    archive: 'secret',
    writes: [{ resource: 'statefulsets', verbs: ['patch'] }],
    needs,
    findsOut: async (input, verbs) => {
      // What is not there is told first.
      liveSet(input.snapshot);
      const [found, lost] = await Promise.all([resolved(editOf(input), input, verbs), lostNeeds(input, verbs)]);
      return { ...found, ...(lost.length === 0 ? {} : { lost }) };
    },
    resumedBy: 'rollout resume',
    continuedBy: CONTINUED_BY,
    back: abortBack,
    consent: rolloutConsent,
    intent: (input) => rolloutIntent(id, input),
    rules: () => rolloutRules,
    plan: (input, intent, findings) => rolloutPlan(id, input, intent, findings),
    done: ({ target, steps }) => {
      const updated = steps.filter(({ verify }) => verify.some(({ is }) => is === 'rolled-out')).length;
      return `StatefulSet ${target.name} rolled out: ${updated} ${updated === 1 ? 'Pod' : 'Pods'} updated`;
    },
    table: [{ operation: id, consent: rolloutConsent, needs, rules: rolloutRules, owned: OWNED_SLICES }],
  };
}

/** `rollout start NAME --image …` (product, section 3). */
export const rolloutStart = rolloutOf<StartOptions>('rollout start', startOptions, rolloutNeeds, startEdit);

/** `rollout undo NAME`: the same with the template of an earlier revision. */
export const rolloutUndo: Operation<UndoOptions> = {
  ...rolloutOf<UndoOptions>('rollout undo', undoOptions, undoNeeds, undoEdit),
  wholeRevisions: (look) => {
    const wanted = wantedRevision(look);
    return wanted === undefined ? [] : [wanted.metadata.name];
  },
};

/** `rollout restart NAME`: the same with the same template. */
export const rolloutRestart = rolloutOf<RestartOptions>('rollout restart', restartOptions, rolloutNeeds, restartEdit);
