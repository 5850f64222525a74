import { replicasOf } from '../../domain/naming.ts';
import { archiveOutlived } from '../../findings/archive-outlived.ts';
import type { Rule } from '../../findings/check.ts';
import { backDraft, CANCEL, closeIndexStep, isSetThere, recordOnIndex, titleOf } from '../back.ts';
import { closingRules, goingBackRules } from '../back-rules.ts';
import { isSameSet } from '../held.ts';
import type { BackInput, PlanDraft, WayBack } from '../operation.ts';
import { archivedSet, liveSet } from '../origin.ts';
import { plannedOnSet } from '../planned-on.ts';
import { putBackDraft, putBackIntent } from '../put-back.ts';
import { restoreDraft } from '../restore/plan.ts';
import { isAboutAdoption, restoreRules } from '../restore/rules.ts';
import { stepTimeout } from '../timeouts.ts';
import { isOurs } from '../whose.ts';

/**
 * A set that is gone already comes back by a restore, and is as careful as one. The archive is the one of the deletion
 * itself, which has not come to noting that the set is gone. It adopts no Pod.
 */
export const recreatingRules: readonly Rule[] = restoreRules.filter((rule) => rule.check !== archiveOutlived && !isAboutAdoption(rule));

/** The way back from a deletion, from where it stands: put the fields back, or create the set again, or leave another one alone. */
export const deleteBack: WayBack = {
  intent: (input) => {
    const intent = putBackIntent(input);
    return isOutlived(input) ? { ...intent, leaving: [] } : intent;
  },
  rules: (input) => {
    if (isOutlived(input)) return closingRules;
    return isSetThere(input) ? goingBackRules : recreatingRules;
  },
  plan: (input, intent, findings) => {
    if (isOutlived(input)) return { ...backDraft(input, findings), ...closing(input) };
    const { archive } = input.resume;
    const onIndex = recordOnIndex(input);
    if (isSetThere(input) && onIndex?.kind !== CANCEL) return putBackDraft(input, intent, findings, onIndex !== undefined);
    const { cancels, operation } = backDraft(input, findings);
    return { ...restoreDraft(operation, input, archive, intent, findings), ...(cancels === undefined ? {} : { cancels }) };
  },
};

/**
 * The set was deleted, as the record says, and somebody has made another one of that name since, maybe while a way back was
 * about to: that one is theirs.
 */
function isOutlived(input: BackInput): boolean {
  const record = recordOnIndex(input);
  if (record === undefined || !isSetThere(input)) return false;
  const { archive } = input.resume;
  if (record.kind === CANCEL) return !isOurs(liveSet(input.snapshot), record, replicasOf(archivedSet(archive)));
  return !isSameSet(input.snapshot, input.resume);
}

function closing(input: BackInput): Pick<PlanDraft, 'summary' | 'changes' | 'basedOn' | 'steps' | 'putBack' | 'archive'> {
  const { record, archive } = input.resume;
  const live = liveSet(input.snapshot);
  return {
    summary: `${titleOf(record)} of StatefulSet ${live.metadata.name}: that set is gone; the one that is there was made since, and is left alone`,
    changes: [],
    basedOn: plannedOnSet(live, input.snapshot),
    steps: [closeIndexStep(stepTimeout(live, input.stepTimeoutMs))],
    putBack: record.putBack,
    archive: archive.name,
  };
}
