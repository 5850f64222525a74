import { type Unhealthy, whyUnhealthy } from './health.ts';
import type { Pod, StatefulSet } from './kube.ts';
import { isAvailable, isHealthy, isTerminating, type Member, membersOf } from './members.ts';

/**
 * What the StatefulSet controller would do about condemned members, by its own rules
 * (pkg/controller/statefulset/stateful_set_control.go; semantics, section 1). Waiting leaves no event and no condition,
 * so this predicate is the only way to know that it will not act.
 */
export type ScaleDownAct =
  | { readonly kind: 'none' }
  /** It is about to delete this member, or already has. */
  | { readonly kind: 'deletes'; readonly member: Member }
  /** It does nothing until `by` changes. */
  | { readonly kind: 'blocked'; readonly by: Member; readonly why: Unhealthy };

export function isOrdered(set: StatefulSet): boolean {
  return set.spec.podManagementPolicy !== 'Parallel';
}

/** The controller has seen the newest spec. Until then nothing can be concluded from what it does not do. */
export function isObserved(set: StatefulSet): boolean {
  return (set.status.observedGeneration ?? 0) >= (set.metadata.generation ?? 0);
}

/** A generation that stays unseen longer is a controller that does not look (semantics, signature 32). */
export const CONTROLLER_PATIENCE_MS = 2 * 60 * 1000;

/** When somebody last changed its spec or metadata, milliseconds; NaN where its managers are not known. */
export function lastChanged({ metadata }: StatefulSet): number {
  const times = (metadata.managedFields ?? [])
    .filter(({ subresource }) => subresource === undefined)
    .map(({ time }) => Date.parse(time ?? ''));
  return times.length === 0 ? Number.NaN : Math.max(...times);
}

/**
 * The next scale-down act for this set.
 * @param now server's time in milliseconds, for minReadySeconds
 */
export function nextScaleDown(set: StatefulSet, pods: readonly Pod[], now: number): ScaleDownAct {
  const members = membersOf(set, pods);
  const condemned = members.filter((member) => !member.inRange && member.pod !== undefined).reverse();
  const highest = condemned[0];
  if (highest === undefined) return { kind: 'none' };
  if (!isOrdered(set)) return { kind: 'deletes', member: highest };
  const blocker = firstInRangeBlocker(set, members, now) ?? condemnedBlocker(set, members, condemned, now);
  if (blocker !== undefined) return blocker;
  return { kind: 'deletes', member: highest };
}

/** OrderedReady stops at the first in-range member that is missing, terminating, not Ready or not Available. */
function firstInRangeBlocker(set: StatefulSet, members: readonly Member[], now: number): ScaleDownAct | undefined {
  for (const member of members) {
    if (!member.inRange) continue;
    const why = whyUnhealthy(member.pod, set.spec.minReadySeconds ?? 0, now);
    if (why !== undefined) return { kind: 'blocked', by: member, why };
  }
  return undefined;
}

/**
 * Condemned members, highest first: a terminating one is waited for; an unhealthy one goes only if it is the set's
 * lowest unavailable member ("firstUnhealthyPod"), so two unhealthy ones deadlock.
 */
function condemnedBlocker(
  set: StatefulSet,
  members: readonly Member[],
  condemned: readonly Member[],
  now: number,
): ScaleDownAct | undefined {
  const highest = condemned[0];
  if (highest?.pod === undefined || isTerminating(highest.pod)) return undefined;
  const minReadySeconds = set.spec.minReadySeconds ?? 0;
  const firstUnavailable = members.find(({ pod }) => pod === undefined || !isHealthy(pod) || !isAvailable(pod, minReadySeconds, now));
  if (!isAvailable(highest.pod, minReadySeconds, now) && firstUnavailable !== undefined && firstUnavailable.ordinal !== highest.ordinal) {
    return { kind: 'blocked', by: firstUnavailable, why: 'not-ready' };
  }
  return undefined;
}
