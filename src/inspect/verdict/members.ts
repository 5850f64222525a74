import { isOrdered } from '../../domain/controller.ts';
import { explainMember, nodeOf, whyNotCreated } from '../../domain/explain.ts';
import { whyBroken, whyUnhealthy } from '../../domain/health.ts';
import type { Pod, StatefulSet } from '../../domain/kube.ts';
import { isNodeLost } from '../../domain/lost-node.ts';
import { type Member, membersOf } from '../../domain/members.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { degraded, progressing, stalled, type Verdict } from './kinds.ts';

/** A Pod younger than this and not Ready is on its way up; an older one has lost its readiness. */
const STARTING_MS = 10 * 60 * 1000;

/**
 * Verdicts on the members that should be there, one each for those that are not Available, lowest ordinal first. An
 * OrderedReady controller goes no further than the first of them, so those above are only counted as waiting.
 */
export function memberVerdicts(set: StatefulSet, pods: readonly Pod[], snapshot: Snapshot): readonly Verdict[] {
  const minReady = set.spec.minReadySeconds ?? 0;
  const down = membersOf(set, pods).filter(({ inRange, pod }) => inRange && whyUnhealthy(pod, minReady, snapshot.now) !== undefined);
  return down.flatMap((member, index) => {
    const above = isOrdered(set) && index === 0 ? down.slice(1).filter(({ pod }) => pod === undefined) : [];
    if (isOrdered(set) && index > 0 && member.pod === undefined) return [];
    return [memberVerdict(set, member, above, snapshot)];
  });
}

function memberVerdict(set: StatefulSet, member: Member, waiting: readonly Member[], snapshot: Snapshot): Verdict {
  const { pod } = member;
  if (pod === undefined) return missingVerdict(set, member, snapshot);
  const sentence = explainMember(set, member, snapshot);
  const broken = whyBroken(pod, snapshot.now) !== undefined;
  switch (whyUnhealthy(pod, set.spec.minReadySeconds ?? 0, snapshot.now)) {
    case 'failed':
      return progressing(`${sentence}; the controller replaces it`);
    case 'terminating':
      return broken ? stalled(sentence) : progressing(sentence);
    case 'not-ready':
      return unreadyVerdict(sentence, broken, waiting, pod, snapshot);
    case 'not-available':
    case 'missing':
    case undefined:
      return progressing(sentence);
  }
}

function unreadyVerdict(sentence: string, broken: boolean, waiting: readonly Member[], pod: Pod, snapshot: Snapshot): Verdict {
  const wait = waiting.length === 0 ? '' : `; ${waitingWords(waiting)}`;
  if (broken && waiting.length > 0) return stalled(`${sentence}${wait}`);
  const down = broken || hasLostReadiness(pod, snapshot.now) || isNodeLost(nodeOf(pod, snapshot));
  return down ? degraded(`${sentence}${wait}`) : progressing(`${sentence}${wait}`);
}

function missingVerdict(set: StatefulSet, member: Member, snapshot: Snapshot): Verdict {
  const sentence = explainMember(set, member, snapshot);
  return whyNotCreated(set, member.name, snapshot) === undefined ? progressing(sentence) : stalled(sentence);
}

/** Semantics, signature 1: those above the lowest unready member are not even created. */
function waitingWords(waiting: readonly Member[]): string {
  const names = waiting.map(({ name }) => name);
  const shown =
    names.length > 2
      ? `${names[0]} and ${names.length - 1} more wait`
      : names.length === 2
        ? `${names.join(' and ')} wait`
        : `${names[0]} waits`;
  return `${shown} to be created until it is`;
}

function hasLostReadiness(pod: Pod, now: number): boolean {
  return now - Date.parse(pod.metadata.creationTimestamp ?? '') > STARTING_MS;
}
