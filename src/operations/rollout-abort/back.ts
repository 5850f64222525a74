import { isDeepStrictEqual } from 'node:util';
import type { Step } from '../../plan/plan.ts';
import { backDraft, CANCEL, titleOf } from '../back.ts';
import { closingRules } from '../back-rules.ts';
import { type BackInput, consentTo, type WayBack } from '../operation.ts';
import { liveSet } from '../origin.ts';
import { plannedOnSet } from '../planned-on.ts';
import { stepTimeout } from '../timeouts.ts';
import { abortConsent } from './rules.ts';
import { finishStep, strategyChange } from './steps.ts';

/**
 * The way back from an abort gives the set to its controller again: the update strategy as it was. The template stays what the abort
 * has restored, since nobody wants the other one back; Pods that are not of it are the controller's to replace.
 */
export const strategyBack: WayBack = {
  intent: ({ snapshot, resume: { archive } }) => ({
    operation: CANCEL,
    goesBack: true,
    set: liveSet(snapshot),
    leaving: [],
    arriving: [],
    staying: [],
    archive,
  }),
  rules: () => closingRules,
  plan: (input, _intent, findings) => {
    const { snapshot, resume } = input;
    const set = liveSet(snapshot);
    const facts = { set, timeoutMs: stepTimeout(set, input.stepTimeoutMs) };
    return {
      ...backDraft(input, findings),
      consent: consentTo(abortConsent, set.metadata.name),
      summary: `${titleOf(resume.record)} of StatefulSet ${set.metadata.name}: the update strategy as it was, and the Pod template as it is`,
      changes: [],
      basedOn: plannedOnSet(set, snapshot),
      steps: [...strategyStep(input, facts.timeoutMs), finishStep(facts, [])],
      putBack: resume.record.putBack,
      archive: resume.archive.name,
    };
  },
};

function strategyStep({ snapshot, resume }: BackInput, timeoutMs: number): readonly Step[] {
  const set = liveSet(snapshot);
  const { uid } = set.metadata;
  const [from, to] = [set.spec.updateStrategy, resume.record.putBack.strategy ?? undefined];
  if (isDeepStrictEqual(from, to)) return [];
  return [
    {
      id: 'strategy-back',
      title: 'set the update strategy back to what it was',
      action: strategyChange(set, from, to),
      ifStopped: 'continues',
      preconditions: [{ is: 'set-is', uid }],
      verify: [{ is: 'set-observed', uid }],
      timeoutMs,
    },
  ];
}
