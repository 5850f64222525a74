import type { DisruptionBudget, Pod, StatefulSet } from './kube.ts';
import { isControlledBy, isPodReady, isTerminating } from './members.ts';
import { ordinalIn } from './naming.ts';
import { selects } from './selector.ts';

/** What a PodDisruptionBudget asks for and what it would have. */
export interface Budget {
  /** desiredHealthy, as the disruption controller computes it. */
  readonly wanted: number;
  readonly healthy: number;
}

/** The set and the ordinals that are in range afterwards. */
export interface Remaining {
  readonly set: StatefulSet;
  readonly staying: readonly number[];
  readonly arriving: readonly number[];
}

/**
 * The budget after a change of the set's members, as pkg/controller/disruption/disruption.go (getExpectedPodCount,
 * countHealthyPods) will see it: the set counts with its new scale, other Pods that the budget selects as they are.
 * Members that arrive count as healthy; what is asked of percentages is rounded up.
 */
export function budgetOf(pdb: DisruptionBudget, pods: readonly Pod[], { set, staying, arriving }: Remaining): Budget {
  const selected = pods.filter((pod) => selects(pdb.spec.selector, pod.metadata.labels));
  const others = selected.filter((pod) => !isControlledBy(pod, set.metadata.uid));
  const remain = selected.filter((pod) => isControlledBy(pod, set.metadata.uid) && isAmong(pod, set, staying));
  const healthy = [...others, ...remain].filter((pod) => isPodReady(pod) && !isTerminating(pod)).length + arriving.length;
  const expected = staying.length + arriving.length + others.filter(isControlled).length;
  return { wanted: wantedOf(pdb, expected), healthy };
}

function isAmong(pod: Pod, set: StatefulSet, ordinals: readonly number[]): boolean {
  const ordinal = ordinalIn(set.metadata.name, pod.metadata.name);
  return ordinal !== undefined && ordinals.includes(ordinal);
}

function isControlled(pod: Pod): boolean {
  return pod.metadata.ownerReferences?.some(({ controller }) => controller === true) ?? false;
}

function wantedOf({ spec }: DisruptionBudget, expected: number): number {
  if (spec.maxUnavailable !== undefined) return Math.max(0, expected - scaled(spec.maxUnavailable, expected));
  return spec.minAvailable === undefined ? 0 : scaled(spec.minAvailable, expected);
}

/** intstr.GetScaledValueFromIntOrPercent with roundUp. */
function scaled(value: number | string, total: number): number {
  if (typeof value === 'number') return value;
  const percent = /^(\d+)%$/.exec(value)?.[1];
  return percent === undefined ? 0 : Math.ceil((Number(percent) * total) / 100);
}
