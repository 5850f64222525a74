import { isObserved, isOrdered, nextScaleDown } from '../../domain/controller.ts';
import type { Pod, StatefulSet } from '../../domain/kube.ts';
import { isControlledBy, isTerminating } from '../../domain/members.ts';
import { ordinalIn, replicasOf, startOf } from '../../domain/naming.ts';
import { type Snapshot, sliceOf } from '../../domain/snapshot.ts';
import type { Condition } from '../../plan/condition.ts';
import { fails, HOLDS, type Judgement } from './judgement.ts';

type LeftAlone = Extract<Condition, { is: 'left-alone' }>;

/**
 * Whether the controller will not delete this condemned Pod by its own rules. A quorum database turns NotReady on the way
 * down, and then an OrderedReady controller does nothing, for ever [X].
 */
export function judgeLeftAlone({ pod: name, setUid, stayingBelow }: LeftAlone, pods: readonly Pod[], snapshot: Snapshot): Judgement {
  const set = sliceOf(snapshot, 'set');
  if (set.state !== 'read' || !isObserved(set.value)) return fails('the controller has not seen the newest spec');
  // Asked at every event: what is settled by this one Pod must not cost a look at all others.
  const pod = pods.find(({ metadata }) => metadata.name === name);
  if (pod === undefined || !isCondemned(pod, set.value, setUid)) return fails(`Pod ${name} is not the controller's to delete`);
  return isWaitedFor(set.value, pods, snapshot.now, stayingBelow) ? HOLDS : fails(`the controller deletes Pod ${name}`);
}

function isCondemned(pod: Pod, set: StatefulSet, setUid: string): boolean {
  const ours = set.metadata.uid === setUid && isControlledBy(pod, setUid);
  return ours && !isTerminating(pod) && isOrdered(set) && !isInRange(set, pod.metadata.name);
}

/** The controller waits for a member; not for one that stays, since then taking another away is what nobody wants. */
function isWaitedFor(set: StatefulSet, pods: readonly Pod[], now: number, stayingBelow = -1): boolean {
  const act = nextScaleDown(set, pods, now);
  return act.kind === 'blocked' && act.by.ordinal >= stayingBelow;
}

function isInRange(set: StatefulSet, podName: string): boolean {
  const place = (ordinalIn(set.metadata.name, podName) ?? -1) - startOf(set);
  return place >= 0 && place < replicasOf(set);
}
