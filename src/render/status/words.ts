import { age, duration } from '../duration.ts';
import type { ClaimStatus } from './claims.ts';
import type { MemberStatus } from './members.ts';
import type { PodFacts } from './pod.ts';

/** `Running`, `CrashLoopBackOff`, `Terminating, 12s left`, `Ready for 5s`. */
export function statusWords(pod: PodFacts, now: number): string {
  const deadline = Date.parse(pod.deletionDeadline ?? '');
  if (pod.health === 'terminating') {
    const held = pod.finalizers.length > 0 ? `, finalizer ${pod.finalizers.join(', ')}` : '';
    return `Terminating, ${deadline >= now ? `${duration(deadline - now)} left` : `${duration(now - deadline)} late`}${held}`;
  }
  const lost = pod.nodeLost === true ? `, node lost${evictionWords(pod.evictionAt, now)}` : '';
  if (pod.health === 'not-available') return `Ready for ${age(pod.readySince, now)}${lost}`;
  const word = pod.trouble ?? pod.phase;
  return `${word}${pod.health === 'not-ready' && pod.trouble === undefined ? ', not ready' : ''}${lost}`;
}

function evictionWords(at: string | undefined, now: number): string {
  if (at === undefined) return '';
  if (at === 'never') return ', never evicted';
  return Date.parse(at) > now ? `, evicted in ${duration(Date.parse(at) - now)}` : ', eviction due';
}

/** Without the set's name, which every revision begins with; `old` where another one is rolled out. */
export function revisionWords({ revision, revisionIs }: PodFacts, set: string): string {
  const short = revision.startsWith(`${set}-`) ? revision.slice(set.length + 1) : revision;
  return revisionIs === 'old' ? `${short} (old)` : short;
}

/** Name, state, and the rest of a claim; the volume last, it is long and the first to be cut. */
export function claimCells({ name, phase, terminating, capacity, volume, hazards }: ClaimStatus): readonly string[] {
  const state = terminating ? 'Terminating' : phase;
  return [name, state, [capacity, ...hazards, volume].filter((word) => word !== undefined).join(', ')];
}

export function endpointCells({ endpoints }: MemberStatus): readonly (readonly string[])[] {
  return endpoints.map(({ service, ready, terminating, addresses }) => [
    `endpoint ${service}`,
    terminating ? 'terminating' : ready ? 'ready' : 'not ready',
    addresses.join(', '),
  ]);
}
