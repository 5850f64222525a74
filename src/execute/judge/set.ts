import { isObserved } from '../../domain/controller.ts';
import { explainSetLeaving, explainUnseen } from '../../domain/explain.ts';
import { isHeldByFinalizers } from '../../domain/finalizers.ts';
import type { StatefulSet } from '../../domain/kube.ts';
import { replicasOf } from '../../domain/naming.ts';
import { type Snapshot, sliceOf } from '../../domain/snapshot.ts';
import { changedInSpec } from '../../domain/spec-difference.ts';
import type { Condition } from '../../plan/condition.ts';
import { fails, HELD_MS, HOLDS, heldBack, type Judgement } from './judgement.ts';

export type SetCondition = Extract<
  Condition,
  { is: 'set-observed' | 'revision-settled' | 'set-gone' | 'set-present' | 'set-is' | 'set-absent' | 'set-unchanged' }
>;

export function judgeSet(condition: SetCondition, snapshot: Snapshot): Judgement {
  const reading = sliceOf(snapshot, 'set');
  if (reading.state === 'unknown') return fails(reading.message);
  return reading.state === 'absent' ? judgeAbsent(condition, snapshot.target.name) : judgePresent(condition, reading.value);
}

function judgeAbsent({ is }: SetCondition, name: string): Judgement {
  if (is === 'set-gone' || is === 'set-absent') return HOLDS;
  return fails(is === 'set-is' || is === 'set-unchanged' ? `StatefulSet ${name} was deleted by another client` : 'the set is not there');
}

function judgePresent(condition: SetCondition, set: StatefulSet): Judgement {
  const { name, uid } = set.metadata;
  const isAnother = 'uid' in condition && condition.uid !== undefined && uid !== condition.uid;
  switch (condition.is) {
    case 'set-absent':
      return fails(`StatefulSet ${name} exists`);
    case 'set-gone':
      return isAnother ? HOLDS : judgeLeft(set);
    case 'set-is':
      return isAnother ? fails(`StatefulSet ${name} was deleted and created again by another client`) : judgeReplicas(condition, set);
    case 'set-present':
      return HOLDS;
    case 'set-unchanged': {
      const change = changeInWords(condition, set);
      return change === undefined ? HOLDS : fails(change);
    }
    case 'set-observed':
      if (isAnother) return fails('the set is another object now');
      return isObserved(set) ? HOLDS : fails(explainUnseen(set));
    case 'revision-settled':
      return isAnother ? fails('the set is another object now') : judgeSettled(set);
  }
}

/** completeRollingUpdate: with RollingUpdate, once all Pods are of the update revision and Ready. */
function judgeSettled(set: StatefulSet): Judgement {
  if (!isObserved(set)) return fails(explainUnseen(set));
  const { currentRevision, updateRevision } = set.status;
  return currentRevision === updateRevision ? HOLDS : fails(`status.currentRevision is ${currentRevision}, not ${updateRevision} yet`);
}

function judgeReplicas({ replicas }: Extract<Condition, { is: 'set-is' }>, set: StatefulSet): Judgement {
  const now = replicasOf(set);
  if (replicas === undefined || now === replicas) return HOLDS;
  return fails(`replicas of StatefulSet ${set.metadata.name} is ${now}, planned on ${replicas}`);
}

function changeInWords({ set: was, replicas }: Extract<SetCondition, { is: 'set-unchanged' }>, is: StatefulSet): string | undefined {
  const { name, uid, deletionTimestamp } = is.metadata;
  if (uid !== was.metadata.uid) return `StatefulSet ${name} was deleted and created again by another client`;
  if (deletionTimestamp !== undefined) return `StatefulSet ${name} is being deleted by another client`;
  if (replicasOf(is) !== replicas)
    return `spec.replicas of StatefulSet ${name} was changed to ${replicasOf(is)} by another client (expected ${replicas})`;
  const [path] = changedInSpec(was, is);
  return path === undefined ? undefined : `${path} of StatefulSet ${name} was changed by another client`;
}

function judgeLeft(set: StatefulSet): Judgement {
  return isHeldByFinalizers(set) ? heldBack('StatefulSet', [set], HELD_MS) : fails(explainSetLeaving(set));
}
