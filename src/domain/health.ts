import type { Pod } from './kube.ts';
import { isAvailable, isRunningAndReady, isTerminating } from './members.ts';
import { conditionOf, notReadySince, troubleOf, whyNotReady } from './readiness.ts';
import { roughAge } from './rough-age.ts';

/** What an OrderedReady controller sees in a member that it will not go past. */
export type Unhealthy = 'missing' | 'failed' | 'terminating' | 'not-ready' | 'not-available';

/**
 * Why the controller does not count this member as available, or undefined when it does
 * (stateful_set_control.go, processReplica; stateful_set_utils.go, isUnavailable).
 *
 * @param now server's time, milliseconds
 */
export function whyUnhealthy(pod: Pod | undefined, minReadySeconds: number, now: number): Unhealthy | undefined {
  if (pod === undefined) return 'missing';
  if (pod.status.phase === 'Failed' || pod.status.phase === 'Succeeded') return 'failed';
  if (isTerminating(pod)) return 'terminating';
  if (!isRunningAndReady(pod)) return 'not-ready';
  return isAvailable(pod, minReadySeconds, now) ? undefined : 'not-available';
}

/** The rest of a sentence that begins with the member's name: "is not Ready (0/1 containers, CrashLoopBackOff, 12 restarts)". */
export function healthSentence(pod: Pod | undefined, minReadySeconds: number, now: number): string {
  const why = whyUnhealthy(pod, minReadySeconds, now);
  if (pod === undefined || why === 'missing') return 'does not exist';
  switch (why) {
    case undefined:
      return 'is healthy';
    case 'failed':
      return `has ended (phase ${pod.status.phase ?? 'unknown'})`;
    case 'terminating':
      return `is terminating (${deadlineWords(pod, now)})`;
    case 'not-ready':
      return `is not Ready (${whyNotReady(pod, now).join(', ')})`;
    case 'not-available':
      return `is Ready for ${sinceReady(pod, now)} of its minReadySeconds ${minReadySeconds}`;
  }
}

/** deletionTimestamp includes the grace period: a Pod is late only after it. */
function deadlineWords(pod: Pod, now: number): string {
  const left = Date.parse(pod.metadata.deletionTimestamp ?? '') - now;
  if (Number.isNaN(left)) return 'deadline unknown';
  return left >= 0 ? `${roughAge(left)} of grace left` : `${roughAge(-left)} past its deadline`;
}

function sinceReady(pod: Pod, now: number): string {
  const at = Date.parse(conditionOf(pod, 'Ready')?.lastTransitionTime ?? '');
  return Number.isNaN(at) ? 'an unknown time' : roughAge(now - at);
}

/** Reasons from which a Pod seldom recovers without somebody's help. */
const BROKEN: readonly string[] = [
  'CrashLoopBackOff',
  'ImagePullBackOff',
  'ErrImagePull',
  'ErrImageNeverPull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
];

/** kubectl-status's rule for #67250: ten minutes without Ready are not a slow start. */
const PATIENCE_MS = 10 * 60 * 1000;

/**
 * Why this Pod will hardly become Ready by itself, in a few words; undefined while it may. A Failed Pod does not count:
 * the controller replaces it.
 *
 * @param now server's time, milliseconds
 */
export function whyBroken(pod: Pod, now: number): string | undefined {
  if (pod.status.phase === 'Failed' || pod.status.phase === 'Succeeded') return undefined;
  if (isTerminating(pod)) return Date.parse(pod.metadata.deletionTimestamp ?? '') < now ? deadlineWords(pod, now) : undefined;
  return isRunningAndReady(pod) ? undefined : whyNotComing(pod, now);
}

/** The reason that its containers name, where it is one of those: however long a slow start takes, it names none. */
export function brokenReason(pod: Pod): string | undefined {
  const reason = troubleOf(pod)?.reason;
  return reason !== undefined && BROKEN.includes(reason) ? reason : undefined;
}

function whyNotComing(pod: Pod, now: number): string | undefined {
  const reason = brokenReason(pod);
  if (reason !== undefined) return reason;
  const since = notReadySince(pod);
  return since !== undefined && now - since >= PATIENCE_MS ? `not Ready for ${roughAge(now - since)}` : undefined;
}
