import { replicasOf } from '../../domain/naming.ts';
import { type SliceName, sliceOf } from '../../domain/snapshot.ts';
import { archiveOutlived } from '../../findings/archive-outlived.ts';
import type { Rule } from '../../findings/check.ts';
import { claimNotSafe } from '../../findings/claim-not-safe.ts';
import { claimsDeletedOnScaleDown } from '../../findings/claims-deleted-on-scale-down.ts';
import { replicasChanged } from '../../findings/replicas-changed.ts';
import { accessOf } from '../access.ts';
import type { Look, Operation } from '../operation.ts';
import { restoreRules } from '../restore/rules.ts';
import { type CancelOptions, isSetThere } from './common.ts';
import { cancelIntent, cancelPlan } from './plan.ts';
import { isUndoneRestore } from './undo-restore.ts';

/** Members that a scale-up added leave again: whatever else is wrong is no reason to stay, but that would destroy data. */
const goingBack: readonly Rule[] = [
  { check: claimsDeletedOnScaleDown, severity: 'blocks', override: 'allow' },
  { check: claimNotSafe, severity: 'blocks', override: 'allow' },
  { check: replicasChanged, severity: 'warns', override: 'allow' },
];

/** The archive is the one of the deletion itself, which has not come to noting that the set is gone. */
const recreating: readonly Rule[] = restoreRules.filter(({ check }) => check !== archiveOutlived);

/**
 * A record on the set that says it is all there is needs no Secret; claims matter where members leave, or come back to a
 * set that has to be created.
 */
function sparedByCancel({ snapshot, open }: Look<CancelOptions>): readonly SliceName[] {
  const set = sliceOf(snapshot, 'set');
  if (set.state !== 'read' || open === undefined) return [];
  const { onlyFile, putBack } = open;
  const leaves = putBack.replicas === undefined || replicasOf(set.value) > putBack.replicas;
  return [...(onlyFile === true ? (['stored'] as const) : []), ...(leaves ? [] : (['claims'] as const))];
}

/** `cancel NAME`: the way back from a half-done operation (product, section 2). */
export const cancel: Operation<CancelOptions> = {
  name: 'cancel',
  needs: { required: ['set', 'pods', 'claims', 'stored'], advisory: ['services', 'sets', 'hpas', 'scaledObjects', 'quotas'] },
  spares: sparedByCancel,
  intent: cancelIntent,
  // A set that is gone already comes back by a restore, and is as careful as one.
  rules: (input) => {
    if (input.resume !== undefined && isUndoneRestore(input.resume.record)) return [];
    return isSetThere(input) ? goingBack : recreating;
  },
  plan: cancelPlan,
  access: accessOf,
};
