import { dangerousOwners } from '../domain/claims.ts';
import { isObserved } from '../domain/controller.ts';
import type { Claim, Pod, StatefulSet } from '../domain/kube.ts';
import { isAvailable, isControlledBy, isPodReady, isTerminating, podsNamedAfter } from '../domain/members.ts';
import { memberName } from '../domain/naming.ts';
import type { Reading } from '../domain/reading.ts';
import { type Snapshot, sliceOf } from '../domain/snapshot.ts';
import type { ClaimState, Condition } from '../plan/condition.ts';

/** Whether a condition holds on this look; when not, why, in words for people, and when time alone may change it. */
export interface Judgement {
  readonly holds: boolean;
  readonly note: string;
  /** Milliseconds until the passing of time alone may make it hold (minReadySeconds). */
  readonly dueInMs?: number;
}

const HOLDS: Judgement = { holds: true, note: '' };
const fails = (note: string): Judgement => ({ holds: false, note });

/** The one judge of conditions: waits, verification and `status --wait` all ask it. Unknown never holds. */
export function judge(condition: Condition, snapshot: Snapshot): Judgement {
  switch (condition.is) {
    case 'pod-gone':
    case 'no-pod':
    case 'members-ready':
    case 'pods-adopted':
      return withPods(snapshot, (pods) => judgePods(condition, pods, snapshot));
    case 'claims-unchanged':
    case 'claims-unowned':
    case 'claim-gone':
      return withClaims(snapshot, (claims) => judgeClaims(condition, claims, snapshot));
    case 'set-observed':
    case 'set-replicas':
    case 'set-gone':
    case 'set-present':
      return judgeSet(condition, sliceOf(snapshot, 'set'));
  }
}

function withPods(snapshot: Snapshot, judgeThem: (pods: readonly Pod[]) => Judgement): Judgement {
  const pods = sliceOf(snapshot, 'pods');
  return pods.state === 'read' ? judgeThem(pods.value) : fails(pods.state === 'unknown' ? pods.message : 'Pods cannot be listed');
}

function withClaims(snapshot: Snapshot, judgeThem: (claims: readonly Claim[]) => Judgement): Judgement {
  const claims = sliceOf(snapshot, 'claims');
  return claims.state === 'read' ? judgeThem(claims.value) : fails(claims.state === 'unknown' ? claims.message : 'claims cannot be listed');
}

type PodCondition = Extract<Condition, { is: 'pod-gone' | 'no-pod' | 'members-ready' | 'pods-adopted' }>;

function judgePods(condition: PodCondition, pods: readonly Pod[], snapshot: Snapshot): Judgement {
  switch (condition.is) {
    case 'pod-gone': {
      const pod = pods.find(({ metadata }) => metadata.name === condition.name);
      return pod === undefined || pod.metadata.uid !== condition.uid ? HOLDS : fails(leavingInWords(pod, snapshot.now));
    }
    case 'no-pod': {
      const pod = pods.find(({ metadata }) => metadata.name === condition.name);
      return pod === undefined ? HOLDS : fails(leavingInWords(pod, snapshot.now));
    }
    case 'members-ready':
      return judgeMembers(condition.ordinals, pods, snapshot);
    case 'pods-adopted': {
      const set = sliceOf(snapshot, 'set');
      if (set.state !== 'read') return fails('the set is not there');
      const waiting = condition.pods.find(
        ({ name, uid }) =>
          !pods.some((pod) => pod.metadata.name === name && pod.metadata.uid === uid && isControlledBy(pod, set.value.metadata.uid)),
      );
      return waiting === undefined ? HOLDS : fails(`${waiting.name} is not adopted yet`);
    }
  }
}

/** `web-2 is terminating, 12s of its grace period left`. deletionTimestamp already includes the grace period. */
export function leavingInWords(pod: Pod, now: number): string {
  const { name, deletionTimestamp, finalizers = [] } = pod.metadata;
  if (deletionTimestamp === undefined) return `${name} is not terminating yet`;
  const left = Math.ceil((Date.parse(deletionTimestamp) - now) / 1000);
  if (left > 0) return `${name} is terminating, at most ${left}s of its grace period left`;
  const why = finalizers.length > 0 ? `held by finalizer ${finalizers.join(', ')}` : 'its node has not confirmed the end';
  return `${name} should be gone since ${-left}s: ${why}`;
}

function judgeMembers(ordinals: readonly number[], pods: readonly Pod[], snapshot: Snapshot): Judgement {
  const set = sliceOf(snapshot, 'set');
  if (set.state !== 'read') return fails('the set is not there');
  const named = podsNamedAfter(set.value.metadata.name, pods);
  const unready = ordinals.filter((ordinal) => !isMemberReady(named.get(ordinal), set.value, snapshot.now));
  const first = unready[0];
  if (first === undefined) return HOLDS;
  const pod = named.get(first);
  const note = `${ordinals.length - unready.length} of ${ordinals.length} ready; ${waitingInWords(memberName(set.value.metadata.name, first), pod, set.value)}`;
  const due = pod === undefined ? undefined : dueToAvailable(pod, set.value, snapshot.now);
  return { holds: false, note, ...(due === undefined ? {} : { dueInMs: due }) };
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

function waitingInWords(name: string, pod: Pod | undefined, set: StatefulSet): string {
  if (pod === undefined) return `${name} is not created yet`;
  if (isTerminating(pod)) return `${name} is terminating`;
  if (!isControlledBy(pod, set.metadata.uid)) return `${name} belongs to another owner`;
  const waiting = pod.status.containerStatuses?.find((status) => status.state?.waiting !== undefined)?.state?.waiting;
  if (waiting?.reason !== undefined) return `${name}: ${waiting.reason}`;
  if (isPodReady(pod)) return `${name} is ready, not yet for minReadySeconds (${set.spec.minReadySeconds ?? 0}s)`;
  const scheduled = pod.status.conditions?.find((condition) => condition.type === 'PodScheduled');
  if (scheduled?.status === 'False') return `${name} is not scheduled: ${scheduled.message ?? scheduled.reason ?? ''}`;
  return `${name} is ${pod.status.phase ?? 'in an unknown phase'}, not ready`;
}

type ClaimCondition = Extract<Condition, { is: 'claims-unchanged' | 'claims-unowned' | 'claim-gone' }>;

function judgeClaims(condition: ClaimCondition, claims: readonly Claim[], snapshot: Snapshot): Judgement {
  const byName = new Map(claims.map((claim) => [claim.metadata.name, claim]));
  switch (condition.is) {
    case 'claim-gone':
      return byName.get(condition.name)?.metadata.uid === condition.uid ? fails(`claim ${condition.name} is still there`) : HOLDS;
    case 'claims-unchanged': {
      const problem = condition.claims.map((claim) => changeInWords(claim, byName.get(claim.name))).find((words) => words !== undefined);
      return problem === undefined ? HOLDS : fails(problem);
    }
    case 'claims-unowned': {
      const set = sliceOf(snapshot, 'set');
      const identity = { metadata: { name: condition.set, uid: condition.setUid } } as StatefulSet;
      const owned = condition.claims.find(({ name }) => {
        const claim = byName.get(name);
        return claim !== undefined && dangerousOwners(claim, set.state === 'read' ? set.value : identity).length > 0;
      });
      return owned === undefined ? HOLDS : fails(`claim ${owned.name} is owned by the set or by one of its members`);
    }
  }
}

function changeInWords(expected: ClaimState, claim: Claim | undefined): string | undefined {
  if (claim === undefined) return `claim ${expected.name} is gone`;
  if (claim.metadata.uid !== expected.uid) return `claim ${expected.name} is another object now`;
  if (claim.metadata.deletionTimestamp !== undefined) return `claim ${expected.name} is being deleted`;
  if ((claim.status.phase ?? '') !== expected.phase)
    return `claim ${expected.name} is ${claim.status.phase ?? 'in no phase'}, was ${expected.phase}`;
  return undefined;
}

type SetCondition = Extract<Condition, { is: 'set-observed' | 'set-replicas' | 'set-gone' | 'set-present' }>;

function judgeSet(condition: SetCondition, reading: Reading<StatefulSet>): Judgement {
  if (reading.state === 'unknown') return fails(reading.message);
  const set = reading.state === 'read' ? reading.value : undefined;
  if (condition.is === 'set-gone')
    return set === undefined || set.metadata.uid !== condition.uid ? HOLDS : fails(`StatefulSet ${set.metadata.name} is still there`);
  if (set === undefined) return fails('the set is not there');
  if (condition.is === 'set-present') return HOLDS;
  if (condition.uid !== undefined && set.metadata.uid !== condition.uid) return fails('the set is another object now');
  if (condition.is === 'set-observed') return isObserved(set) ? HOLDS : fails('the controller has not seen the change yet');
  return (set.spec.replicas ?? 1) === condition.replicas ? HOLDS : fails(`replicas is ${set.spec.replicas ?? 1}`);
}
