import { nextScaleDown } from '../../domain/controller.ts';
import { explainMember, explainStaying, whyNotCreated } from '../../domain/explain.ts';
import { whyBroken } from '../../domain/health.ts';
import type { Pod, StatefulSet } from '../../domain/kube.ts';
import { isTerminating, type Member, membersOf } from '../../domain/members.ts';
import { replicasOf } from '../../domain/naming.ts';
import { listOf, type Snapshot } from '../../domain/snapshot.ts';
import { progressing, stalled, type Verdict } from './kinds.ts';

/** Verdict on a scale-down that is not over: condemned members exist. */
export function scaleVerdicts(set: StatefulSet, pods: readonly Pod[], snapshot: Snapshot): readonly Verdict[] {
  const act = nextScaleDown(set, pods, snapshot.now);
  switch (act.kind) {
    case 'none':
      return [];
    case 'deletes':
      return [goingVerdict(set, act.member, snapshot)];
    case 'blocked':
      return [blockedVerdict(set, act.by, snapshot)];
  }
}

function goingVerdict(set: StatefulSet, member: Member, snapshot: Snapshot): Verdict {
  const { pod, name } = member;
  const to = `scaling down to ${replicasOf(set)}`;
  if (pod !== undefined && isTerminating(pod)) {
    const sentence = `${to}: ${explainMember(set, member, snapshot)}`;
    return whyBroken(pod, snapshot.now) === undefined ? progressing(sentence) : stalled(sentence);
  }
  const staying = explainStaying(set, name, snapshot);
  return staying === undefined ? progressing(`${to}: ${name} is next`) : stalled(staying);
}

/** Semantics, signatures 9 and 10. */
function blockedVerdict(set: StatefulSet, by: Member, snapshot: Snapshot): Verdict {
  const condemned = membersOf(set, listOf(snapshot, 'pods')).findLast(({ inRange, pod }) => !inRange && pod !== undefined);
  const staying = isHopeless(set, by, snapshot) ? explainStaying(set, condemned?.name ?? '', snapshot) : undefined;
  return staying === undefined
    ? progressing(`scaling down to ${replicasOf(set)}: waits, ${explainMember(set, by, snapshot)}`)
    : stalled(staying);
}

function isHopeless(set: StatefulSet, { pod, name }: Member, snapshot: Snapshot): boolean {
  return pod === undefined ? whyNotCreated(set, name, snapshot) !== undefined : whyBroken(pod, snapshot.now) !== undefined;
}
