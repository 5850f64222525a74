import { type Dependent, dependentInWords, dependentsOf, isEphemeralVolume, OWNED_SLICES } from '../../domain/dependents.ts';
import type { Pod } from '../../domain/kube.ts';
import { type Snapshot, sliceOf } from '../../domain/snapshot.ts';
import type { Condition } from '../../plan/condition.ts';
import { fails, HOLDS, type Judgement } from './judgement.ts';

export type OwnedCondition = Extract<Condition, { is: 'owns-only' }>;

/**
 * Whether nothing goes with a Pod but what the plan named. What may not be listed was told with the plan (evidence-unknown);
 * what could be listed then and cannot be now is unknown, and that never holds.
 */
export function judgeOwned(condition: OwnedCondition, pods: readonly Pod[], snapshot: Snapshot): Judgement {
  const pod = pods.find(({ metadata }) => metadata.name === condition.pod);
  if (pod === undefined) return HOLDS;
  const blind = OWNED_SLICES.map((slice) => sliceOf(snapshot, slice)).find(
    (reading) => reading.state === 'unknown' && reading.why !== 'forbidden',
  );
  if (blind?.state === 'unknown') return fails(blind.message);
  // Its objects were made for it, as those of the one before were.
  if (pod.metadata.uid !== condition.uid && condition.named.length > 0)
    return fails(`Pod ${condition.pod} was replaced by another client: what it owns now was not in the plan`);
  const named = new Set(condition.named.map(({ uid }) => uid));
  const news = dependentsOf([pod.metadata.uid], snapshot).find((one) => !named.has(one.uid) && !isReplaceable(one, pod));
  return news === undefined
    ? HOLDS
    : fails(`${dependentInWords(news)} would be deleted with Pod ${condition.pod}, and was not in the plan`);
}

/** Pods come and go with what controls them, which was named; so do the PVCs of ephemeral volumes with their Pods. */
function isReplaceable(one: Dependent, pod: Pod): boolean {
  return isEphemeralVolume(one) || (one.kind === 'pod' && one.owner.uid !== pod.metadata.uid);
}
