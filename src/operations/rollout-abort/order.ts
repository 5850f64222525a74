import { isOrdered } from '../../domain/controller.ts';
import { whyUnhealthy } from '../../domain/health.ts';
import type { Pod, StatefulSet } from '../../domain/kube.ts';
import { isTerminating, type Member, membersOf } from '../../domain/members.ts';
import { revisionOf } from '../../domain/revisions.ts';

/** Which Pods an abort replaces, in their order. */
export interface Order {
  /** Not available and of another revision than the baseline, lowest ordinal first. */
  readonly broken: readonly Member[];
  /** Available and of another revision, highest first: only once nothing else is down. */
  readonly healthy: readonly Member[];
  /** Some Pod is not available, of whichever revision. */
  readonly anyDown: boolean;
  /** The controller makes one Pod at a time, and none above one that is not ready. */
  readonly oneByOne: boolean;
}

/**
 * An OrderedReady controller makes nothing above a Pod that is not Ready, so a higher one that went first would stay away for ever; and
 * a healthy Pod, even a wrong one, is what the others still have [X] (semantics, section 2, "Abort").
 * @param baseline revision that is right
 * @param now server's time, milliseconds
 */
export function orderOf(set: StatefulSet, pods: readonly Pod[], baseline: string, now: number): Order {
  const members = membersOf(set, pods).filter(({ inRange }) => inRange);
  const isDown = ({ pod }: Member): boolean => whyUnhealthy(pod, set.spec.minReadySeconds ?? 0, now) !== undefined;
  const wrong = members.filter(({ pod }) => pod !== undefined && !isTerminating(pod) && revisionOf(pod) !== baseline);
  return {
    broken: wrong.filter(isDown),
    healthy: wrong.filter((member) => !isDown(member)).toReversed(),
    anyDown: members.some(isDown),
    oneByOne: isOrdered(set),
  };
}
