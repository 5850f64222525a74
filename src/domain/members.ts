import type { KubeObject, Pod, StatefulSet } from './kube.ts';
import { memberName, ordinalIn, ordinalsOf, replicasOf, startOf } from './naming.ts';

/**
 * The controller's own predicates on Pods (kubernetes pkg/controller/statefulset/stateful_set_utils.go), so that what
 * we say of a set is what the controller will do with it.
 */

/** One place of the set and the Pod in it, if any. */
export interface Member {
  readonly ordinal: number;
  readonly name: string;
  /** In `[start, start + replicas)`; otherwise condemned. */
  readonly inRange: boolean;
  readonly pod: Pod | undefined;
}

export function isTerminating(pod: KubeObject): boolean {
  return pod.metadata.deletionTimestamp !== undefined;
}

export function isPodReady(pod: Pod): boolean {
  return pod.status.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false;
}

export function isRunningAndReady(pod: Pod): boolean {
  return pod.status.phase === 'Running' && isPodReady(pod);
}

/**
 * Running, Ready, and Ready for minReadySeconds (isRunningAndAvailable).
 * @param now server's time, milliseconds
 */
export function isAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  if (!isRunningAndReady(pod)) return false;
  if (minReadySeconds === 0) return true;
  const since = pod.status.conditions?.find((condition) => condition.type === 'Ready')?.lastTransitionTime;
  return since !== undefined && Date.parse(since) + minReadySeconds * 1000 <= now;
}

/** Healthy in the controller's sense: Running, Ready, not terminating (isHealthy). */
export function isHealthy(pod: Pod): boolean {
  return isRunningAndReady(pod) && !isTerminating(pod);
}

/** Controlled by exactly this set object (controllerRef by UID). */
export function isControlledBy(pod: Pick<Pod, 'metadata'>, setUid: string): boolean {
  return pod.metadata.ownerReferences?.some((owner) => owner.controller === true && owner.uid === setUid) ?? false;
}

/** Every Pod of the namespace that bears a member's name, whoever owns it, by ordinal. */
export function podsNamedAfter(setName: string, pods: readonly Pod[]): ReadonlyMap<number, Pod> {
  const found = new Map<number, Pod>();
  for (const pod of pods) {
    const ordinal = ordinalIn(setName, pod.metadata.name);
    if (ordinal !== undefined) found.set(ordinal, pod);
  }
  return found;
}

/**
 * Members of a live set: all in-range places, filled or not, then every other Pod that the set controls (condemned),
 * lowest ordinal first. Pods of a member's name that another owner controls are not members.
 */
export function membersOf(set: StatefulSet, pods: readonly Pod[]): readonly Member[] {
  const named = podsNamedAfter(set.metadata.name, pods);
  const own = new Map([...named].filter(([, pod]) => isControlledBy(pod, set.metadata.uid)));
  const end = startOf(set) + replicasOf(set);
  const ordinals = new Set([...ordinalsOf(set), ...own.keys()]);
  return [...ordinals]
    .sort((a, b) => a - b)
    .map((ordinal) => ({
      ordinal,
      name: memberName(set.metadata.name, ordinal),
      inRange: ordinal >= startOf(set) && ordinal < end,
      pod: own.get(ordinal),
    }));
}

/** Pods of a member's name that the set does not control: they block re-creation and survive the set (#55559). */
export function releasedPods(set: StatefulSet, pods: readonly Pod[]): readonly Pod[] {
  return [...podsNamedAfter(set.metadata.name, pods).values()].filter((pod) => !isControlledBy(pod, set.metadata.uid));
}

/** Nobody's, or still pointing at a set of that name: what a set that is gone has left, and a new one may take over. */
export function isLeftBehind(pod: Pod, setName: string): boolean {
  const controller = pod.metadata.ownerReferences?.find((owner) => owner.controller === true);
  return controller === undefined || (controller.kind === 'StatefulSet' && controller.name === setName);
}
