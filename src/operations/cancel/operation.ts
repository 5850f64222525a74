import { replicasOf } from '../../domain/naming.ts';
import { type SliceName, sliceOf } from '../../domain/snapshot.ts';
import { accessOf } from '../access.ts';
import type { Look, Operation } from '../operation.ts';
import { type CancelOptions, isSetThere } from './common.ts';
import { cancelIntent, cancelPlan, isOutlived } from './plan.ts';
import { cancelConsent, closingRules, goingBackRules, recreatingRules } from './rules.ts';
import { isUndoneRestore } from './undo-restore.ts';

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
  needs: {
    required: ['set', 'pods', 'claims', 'stored'],
    advisory: ['services', 'sets', 'hpas', 'scaledObjects', 'quotas', 'volumes', 'namespace'],
  },
  spares: sparedByCancel,
  consent: cancelConsent,
  intent: cancelIntent,
  rules: (input) => {
    // Without an operation there is nothing to judge; the plan says so.
    if (input.resume === undefined) return [];
    if (isUndoneRestore(input.resume.record) || isOutlived(input)) return closingRules;
    return isSetThere(input) ? goingBackRules : recreatingRules;
  },
  plan: cancelPlan,
  access: accessOf,
};
