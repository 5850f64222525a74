import { claimsUsedBy } from '../../domain/claims.ts';
import { explainLeaving, explainMember } from '../../domain/explain.ts';
import { isHeldByFinalizers } from '../../domain/finalizers.ts';
import type { Pod, StatefulSet } from '../../domain/kube.ts';
import { isAvailable, isControlledBy, isPodReady, isTerminating, podsNamedAfter } from '../../domain/members.ts';
import { memberName } from '../../domain/naming.ts';
import { revisionOf, revisionOfTemplate } from '../../domain/revisions.ts';
import { type Snapshot, sliceOf } from '../../domain/snapshot.ts';
import { explainStale } from '../../inspect/verdict/rollout.ts';
import type { Condition, PodIdentity } from '../../plan/condition.ts';
import { fails, HOLDS, heldBack, type Judgement, POD_HELD_MS } from './judgement.ts';

const OF_PODS = [
  'no-pod',
  'pod-gone',
  'no-members',
  'member-down',
  'members-ready',
  'members-updated',
  'pods-adopted',
  'pods-in-range',
  'pods-of-update-revision',
  'pods-unchanged',
  'claim-unused',
] as const;

export type PodCondition = Extract<Condition, { is: (typeof OF_PODS)[number] }>;

export function isOfPods(condition: Condition): condition is PodCondition {
  return (OF_PODS as readonly string[]).includes(condition.is);
}

export function judgePods(condition: PodCondition, pods: readonly Pod[], snapshot: Snapshot): Judgement {
  switch (condition.is) {
    case 'no-pod': {
      const pod = pods.find(({ metadata }) => metadata.name === condition.name);
      if (pod === undefined) return HOLDS;
      return isHeldByFinalizers(pod) ? heldBack('Pod', [pod], POD_HELD_MS) : fails(explainLeaving(pod, snapshot));
    }
    case 'pod-gone': {
      const { name, uid } = condition.pod;
      const pod = pods.find(({ metadata }) => metadata.uid === uid && metadata.name === name);
      return pod === undefined ? HOLDS : fails(explainLeaving(pod, snapshot));
    }
    case 'no-members': {
      const named = [...podsNamedAfter(snapshot.target.name, pods).values()];
      const living = named.find(({ metadata }) => !condition.but.includes(metadata.uid));
      return living === undefined ? HOLDS : fails(`Pod ${living.metadata.name} exists`);
    }
    case 'claim-unused': {
      const user = pods.find((pod) => claimsUsedBy(pod).includes(condition.name));
      return user === undefined ? HOLDS : fails(`PVC ${condition.name} is mounted by Pod ${user.metadata.name}`);
    }
    case 'pods-unchanged': {
      const change = condition.pods.map((was) => changeInWords(was, pods)).find((words) => words !== undefined);
      return change === undefined ? HOLDS : fails(change);
    }
    case 'member-down':
      return judgeDown(condition.ordinals, pods, snapshot);
    case 'members-ready':
      return judgeMembers(condition.ordinals, pods, snapshot);
    case 'pods-adopted':
    case 'members-updated':
    case 'pods-in-range':
    case 'pods-of-update-revision': {
      const set = sliceOf(snapshot, 'set');
      return set.state === 'read' ? judgeAgainst(set.value, condition, pods, snapshot) : fails('the set is not there');
    }
  }
}

type AgainstSet = Extract<PodCondition, { is: 'pods-adopted' | 'members-updated' | 'pods-in-range' | 'pods-of-update-revision' }>;

function judgeAgainst(set: StatefulSet, condition: AgainstSet, pods: readonly Pod[], snapshot: Snapshot): Judgement {
  switch (condition.is) {
    case 'pods-adopted': {
      const waiting = condition.pods.find(
        ({ name, uid }) =>
          !pods.some((pod) => pod.metadata.name === name && pod.metadata.uid === uid && isControlledBy(pod, set.metadata.uid)),
      );
      return waiting === undefined ? HOLDS : fails(`${waiting.name} is not adopted yet`);
    }
    case 'members-updated': {
      const named = podsNamedAfter(set.metadata.name, pods);
      const revision = revisionOfTemplate(set);
      const old = condition.ordinals.find((ordinal) => {
        const pod = named.get(ordinal);
        return pod === undefined || revision === undefined || revisionOf(pod) !== revision;
      });
      if (old === undefined) return HOLDS;
      return fails(explainStale(set, { name: memberName(set.metadata.name, old), pod: named.get(old) }, snapshot));
    }
    case 'pods-in-range': {
      const { start, replicas } = condition;
      const [outside] = [...podsNamedAfter(set.metadata.name, pods)].filter(
        ([ordinal, pod]) => isControlledBy(pod, set.metadata.uid) && (ordinal < start || ordinal >= start + replicas),
      );
      return outside === undefined ? HOLDS : fails(`${outside[1].metadata.name} exists, and ${replicas} replicas would delete it`);
    }
    case 'pods-of-update-revision':
      return judgeRevision(set, condition.pods, pods);
  }
}

function changeInWords({ name, uid }: PodIdentity, pods: readonly Pod[]): string | undefined {
  const pod = pods.find(({ metadata }) => metadata.name === name);
  if (pod === undefined) return `Pod ${name} was deleted`;
  if (pod.metadata.uid !== uid) return `Pod ${name} was replaced (it has another UID)`;
  return isTerminating(pod) ? `Pod ${name} is being deleted` : undefined;
}

function judgeRevision(set: StatefulSet, expected: readonly PodIdentity[], pods: readonly Pod[]): Judgement {
  const revision = revisionOfTemplate(set);
  if (revision === undefined) return fails('the controller has not seen the newest spec yet');
  const byName = new Map(pods.map((pod) => [pod.metadata.name, pod]));
  const replaced = expected.find(({ name, uid }) => byName.get(name)?.metadata.uid !== uid);
  if (replaced !== undefined) return fails(`Pod ${replaced.name} is not the one that was planned on`);
  const others = expected.flatMap(({ name }) => byName.get(name) ?? []).filter((pod) => revisionOf(pod) !== revision);
  const [first] = others;
  if (first === undefined) return HOLDS;
  const { name } = set.metadata;
  const who = others.map(({ metadata }) => metadata.name).join(', ');
  return fails(
    `the template of StatefulSet ${name} is revision ${revision}, and its Pods are of ${revisionOf(first) ?? 'none'}: lifting the partition would restart ${who}`,
  );
}

function judgeMembers(ordinals: readonly number[], pods: readonly Pod[], snapshot: Snapshot): Judgement {
  const set = sliceOf(snapshot, 'set');
  if (set.state !== 'read') return fails('the set is not there');
  const named = podsNamedAfter(set.value.metadata.name, pods);
  const unready = ordinals.filter((ordinal) => !isMemberReady(named.get(ordinal), set.value, snapshot.now));
  const first = unready[0];
  if (first === undefined) return HOLDS;
  const pod = named.get(first);
  const note = `${ordinals.length - unready.length} of ${ordinals.length} ready; ${waitingInWords(memberName(set.value.metadata.name, first), pod, set.value, snapshot)}`;
  const due = pod === undefined ? undefined : dueToAvailable(pod, set.value, snapshot.now);
  return { holds: false, note, ...(due === undefined ? {} : { dueInMs: due }) };
}

function judgeDown(ordinals: readonly number[], pods: readonly Pod[], snapshot: Snapshot): Judgement {
  const set = sliceOf(snapshot, 'set');
  if (set.state !== 'read') return fails('the set is not there');
  const named = podsNamedAfter(set.value.metadata.name, pods);
  const down = ordinals
    .flatMap((ordinal) => named.get(ordinal) ?? [])
    .find((pod) => !isTerminating(pod) && !isMemberReady(pod, set.value, snapshot.now));
  return down === undefined ? fails('none of them is down') : HOLDS;
}

/** Ready (law 4): generation observed is judged by its own condition; here not terminating, Ready, Available. */
function isMemberReady(pod: Pod | undefined, set: StatefulSet, now: number): boolean {
  return (
    pod !== undefined &&
    !isTerminating(pod) &&
    isControlledBy(pod, set.metadata.uid) &&
    isAvailable(pod, set.spec.minReadySeconds ?? 0, now)
  );
}

function dueToAvailable(pod: Pod, set: StatefulSet, now: number): number | undefined {
  const seconds = set.spec.minReadySeconds ?? 0;
  const since = pod.status.conditions?.find((condition) => condition.type === 'Ready')?.lastTransitionTime;
  if (seconds === 0 || since === undefined || !isPodReady(pod)) return undefined;
  return Math.max(1, Date.parse(since) + seconds * 1000 - now);
}

function waitingInWords(name: string, pod: Pod | undefined, set: StatefulSet, snapshot: Snapshot): string {
  if (pod !== undefined && !isControlledBy(pod, set.metadata.uid)) return `${name} belongs to another owner`;
  return explainMember(set, { name, pod }, snapshot);
}
