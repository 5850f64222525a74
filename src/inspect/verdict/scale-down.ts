import { isOrdered, nextScaleDown, type ScaleDownAct } from '../../domain/controller.ts';
import { whyBroken } from '../../domain/health.ts';
import type { Pod, StatefulSet } from '../../domain/kube.ts';
import { isTerminating, type Member, membersOf } from '../../domain/members.ts';
import { replicasOf } from '../../domain/naming.ts';
import { listOf, type Snapshot } from '../../domain/snapshot.ts';
import { whyUncreatable } from '../../domain/uncreatable.ts';
import { progressing, stuck, type Verdict } from './kinds.ts';
import { memberSentence } from './members.ts';

/** Verdict on a scale-down that is not over: condemned members exist. */
export function scaleVerdicts(set: StatefulSet, pods: readonly Pod[], snapshot: Snapshot): readonly Verdict[] {
  const act = nextScaleDown(set, pods, snapshot.now);
  switch (act.kind) {
    case 'none':
      return [];
    case 'deletes':
      return [goingVerdict(set, act.member, pods, snapshot)];
    case 'blocked':
      return [blockedVerdict(set, act, pods, snapshot)];
  }
}

function goingVerdict(set: StatefulSet, member: Member, pods: readonly Pod[], snapshot: Snapshot): Verdict {
  const { pod, name } = member;
  const to = `scaling down to ${replicasOf(set)}`;
  if (pod !== undefined && isTerminating(pod)) {
    const sentence = `${to}: ${memberSentence(set, member, snapshot)}`;
    return whyBroken(pod, snapshot.now) === undefined ? progressing(sentence) : stuck(sentence);
  }
  const quota = isOrdered(set) ? undefined : parallelDeadlock(set, pods, snapshot);
  return quota === undefined
    ? progressing(`${to}: ${name} is next`)
    : stuck(`${name} stays although replicas is ${replicasOf(set)}: ${quota}`);
}

/** Parallel: a failed create ends the sync before anything is condemned (#140858; semantics, signature 11). */
function parallelDeadlock(set: StatefulSet, pods: readonly Pod[], snapshot: Snapshot): string | undefined {
  for (const { inRange, pod, name } of membersOf(set, pods)) {
    if (!inRange || pod !== undefined) continue;
    const why = whyUncreatable(set, name, pods, listOf(snapshot, 'events'), snapshot.now);
    if (why !== undefined) return `${name} cannot be created (${why}), and a Parallel controller removes nothing before that`;
  }
  return undefined;
}

/** Semantics, signatures 9 and 10: the controller waits without an event or a condition. */
function blockedVerdict(
  set: StatefulSet,
  { by }: Extract<ScaleDownAct, { kind: 'blocked' }>,
  pods: readonly Pod[],
  snapshot: Snapshot,
): Verdict {
  const condemned = membersOf(set, pods).findLast((member) => !member.inRange && member.pod !== undefined);
  const rule = by.inRange ? 'nothing goes before it is' : 'of two unready members the controller removes neither';
  const sentence = `${condemned?.name} stays although replicas is ${replicasOf(set)}: ${memberSentence(set, by, snapshot)}; ${rule}`;
  return isHopeless(set, by, pods, snapshot)
    ? stuck(sentence)
    : progressing(`scaling down to ${replicasOf(set)}: waits, ${memberSentence(set, by, snapshot)}`);
}

function isHopeless(set: StatefulSet, { pod, name }: Member, pods: readonly Pod[], snapshot: Snapshot): boolean {
  if (pod !== undefined) return whyBroken(pod, snapshot.now) !== undefined;
  return whyUncreatable(set, name, pods, listOf(snapshot, 'events'), snapshot.now) !== undefined;
}
