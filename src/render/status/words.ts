import type { ClaimStatus } from '../../inspect/status/claims.ts';
import type { MemberStatus } from '../../inspect/status/members.ts';
import type { PodFacts } from '../../inspect/status/pod.ts';
import { age, duration } from '../duration.ts';

/** `Running`, `CrashLoopBackOff`, `Terminating, 12s left`, `Ready for 5s`, `Running, condemned`. */
export function statusWords({ role, pod }: MemberStatus, now: number): string {
  if (pod === undefined) return 'not there';
  const roles = { member: '', condemned: ', condemned', foreign: ', not of the set', orphan: '' } as const;
  return `${podWords(pod, now)}${roles[role]}`;
}

function podWords(pod: PodFacts, now: number): string {
  if (pod.health === 'terminating') return terminatingWords(pod, now);
  if (pod.nodeLost === true) return `node lost${evictionWords(pod.evictionAt, now)}`;
  if (pod.health === 'not-available') return `Ready for ${age(pod.readySince, now)}`;
  return pod.trouble ?? (pod.health === 'not-ready' ? `${pod.phase}, not ready` : pod.phase);
}

function terminatingWords({ deletionDeadline, finalizers }: PodFacts, now: number): string {
  const left = Date.parse(deletionDeadline ?? '') - now;
  const held = finalizers.length > 0 ? `, finalizer ${finalizers.join(', ')}` : '';
  return `Terminating, ${left >= 0 ? `${duration(left)} left` : `${duration(-left)} late`}${held}`;
}

function evictionWords(at: string | undefined, now: number): string {
  if (at === undefined) return '';
  if (at === 'never') return ', never evicted';
  return Date.parse(at) > now ? `, evicted in ${duration(Date.parse(at) - now)}` : ', eviction due';
}

/** Without the set's name, which every revision begins with; `old` where another one is rolled out. */
export function revisionWords({ revision, revisionIs }: PodFacts, set: string): string {
  if (revision === '') return '<none>';
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
