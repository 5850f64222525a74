import { isObserved, isOrdered } from './controller.ts';
import { whyBroken, whyUnhealthy } from './health.ts';
import type { Pod, StatefulSet } from './kube.ts';
import { isTerminating, type Member, membersOf } from './members.ts';
import { replicasOf } from './naming.ts';
import { isHeldByPartition, revisionOf, strategyOf } from './revisions.ts';

/**
 * Where a set stands between two revisions, by the controller's own rules (stateful_set_control.go,
 * updateStatefulSet; semantics, section 2). `kubectl rollout status` cannot tell most of these apart.
 */
export type Rollout =
  /** Every member carries the update revision, and what was just updated is Available. */
  | { readonly state: 'complete' }
  /** The controller has not seen the newest spec: nothing can be concluded. */
  | { readonly state: 'unobserved' }
  /** `pending` members are still to be replaced, or were and are coming up. */
  | { readonly state: 'progressing'; readonly pending: readonly Member[] }
  /** The controller waits for `by`, which will hardly become Ready by itself. */
  | { readonly state: 'stuck'; readonly pending: readonly Member[]; readonly by: Member; readonly why: string }
  /** Nothing moves because somebody chose so; `stale` members carry another revision than the update revision. */
  | { readonly state: 'held'; readonly by: 'partition' | 'on-delete'; readonly stale: readonly Member[] };

/** @param now server's time, milliseconds */
export function rolloutOf(set: StatefulSet, pods: readonly Pod[], now: number): Rollout {
  if (!isObserved(set)) return { state: 'unobserved' };
  const members = membersOf(set, pods).filter((member) => member.inRange);
  const stale = members.filter((member) => isStale(set, member));
  if (strategyOf(set) === 'OnDelete') return stale.length === 0 ? { state: 'complete' } : { state: 'held', by: 'on-delete', stale };
  const pending = members.filter((member) => isPending(set, member, now));
  if (pending.length === 0) return stale.length === 0 ? { state: 'complete' } : { state: 'held', by: 'partition', stale };
  const by = waitsFor(set, members, now);
  const why = by?.pod === undefined ? undefined : whyBroken(by.pod, now);
  return by === undefined || why === undefined ? { state: 'progressing', pending } : { state: 'stuck', pending, by, why };
}

/** Made from another revision than the one that the controller rolls out. */
export function isStale(set: StatefulSet, { pod }: Member): boolean {
  return pod !== undefined && revisionOf(pod) !== set.status.updateRevision;
}

/** To be replaced, or, between two revisions, replaced and not Available yet. */
function isPending(set: StatefulSet, member: Member, now: number): boolean {
  if (isHeldByPartition(set, member.ordinal)) return false;
  const between = set.status.currentRevision !== set.status.updateRevision;
  return isStale(set, member) || (between && isDown(set, member, now));
}

function isDown(set: StatefulSet, member: Member, now: number): boolean {
  return whyUnhealthy(member.pod, set.spec.minReadySeconds ?? 0, now) !== undefined;
}

/** The member for which the controller does nothing else, or undefined when it has something to do. */
function waitsFor(set: StatefulSet, members: readonly Member[], now: number): Member | undefined {
  if (isOrdered(set)) return members.find((member) => isDown(set, member, now));
  const budget = unavailableBudget(set);
  return budget === undefined ? highestBlocker(set, members, now) : overBudget(set, members, budget, now);
}

/** Parallel, maxUnavailable off: from the top, the first stale Pod is deleted, unless an unavailable one comes before it. */
function highestBlocker(set: StatefulSet, members: readonly Member[], now: number): Member | undefined {
  const first = members
    .filter((member) => !isHeldByPartition(set, member.ordinal))
    .findLast((member) => isStale(set, member) || isDown(set, member, now));
  return first?.pod !== undefined && isStale(set, first) && !isTerminating(first.pod) ? undefined : first;
}

/** Parallel with maxUnavailable: unavailable members count wherever they are, below the partition too (#137409). */
function overBudget(set: StatefulSet, members: readonly Member[], budget: number, now: number): Member | undefined {
  const down = members.filter((member) => isDown(set, member, now));
  if (down.length < budget) return undefined;
  return down.findLast(({ pod }) => pod !== undefined && whyBroken(pod, now) !== undefined);
}

/** The server sets the field only where the feature is on; percentages round down, at least 1. */
function unavailableBudget(set: StatefulSet): number | undefined {
  const budget = set.spec.updateStrategy?.rollingUpdate?.maxUnavailable;
  if (budget === undefined || typeof budget === 'number') return budget;
  return Math.max(1, Math.floor((Number.parseInt(budget, 10) * replicasOf(set)) / 100));
}
