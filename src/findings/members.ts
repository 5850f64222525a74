import type { Evidence, Remedy } from '../domain/finding.ts';
import { whyUnhealthy } from '../domain/health.ts';
import type { Pod } from '../domain/kube.ts';
import { isControlledBy, isLeftBehind, type Member, membersOf, podsNamedAfter } from '../domain/members.ts';
import { memberName, replicasOf } from '../domain/naming.ts';
import { conditionOf, troubleOf } from '../domain/readiness.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { Intent, OfSet } from './check.ts';
import { known, kubectl, seen } from './draft.ts';

/** How many members there will be when the operation is done; without one, how many there are to be now. */
export function targetOf({ set, staying, arriving }: OfSet): number {
  return staying === undefined || arriving === undefined ? replicasOf(set) : staying.length + arriving.length;
}

/**
 * How many members there were when the operation began. Not spec.replicas: a resumed operation has changed that already.
 */
export function beforeOf({ set, staying, leaving }: OfSet): number {
  return staying === undefined || leaving === undefined ? replicasOf(set) : staying.length + leaving.length;
}

/** The operation removes the last member, or all of them. */
export function goesToZero(intent: Intent): boolean {
  return intent.leaving.length > 0 && targetOf(intent) === 0;
}

/** Members of the live set at these ordinals, present or not; undefined while Pods are unknown. */
export function membersAt(snapshot: Snapshot, { set, adopt }: OfSet, ordinals: readonly number[]): readonly Member[] | undefined {
  const pods = known(snapshot, 'pods');
  if (pods === undefined) return undefined;
  const named = podsNamedAfter(set.metadata.name, pods);
  return ordinals.map((ordinal) => {
    const pod = named.get(ordinal);
    const isOwn = pod !== undefined && (isControlledBy(pod, set.metadata.uid) || (adopt === true && isLeftBehind(pod, set.metadata.name)));
    const own = isOwn ? pod : undefined;
    return { ordinal, name: memberName(set.metadata.name, ordinal), inRange: true, pod: own };
  });
}

/** Those of the members at these ordinals that are not available, missing ones too; none while Pods are unknown. */
export function unhealthyAt(snapshot: Snapshot, asked: OfSet, ordinals: readonly number[]): readonly Member[] {
  const minReadySeconds = asked.set.spec.minReadySeconds ?? 0;
  return (membersAt(snapshot, asked, ordinals) ?? []).filter(({ pod }) => whyUnhealthy(pod, minReadySeconds, snapshot.now) !== undefined);
}

/** The Pods that the operation removes or, without an operation, all of the set; empty while Pods are unknown. */
export function leavingPods(snapshot: Snapshot, intent: OfSet): readonly Pod[] {
  return podsAt(snapshot, intent, intent.leaving);
}

/** The set's Pods at these ordinals, or all of them; empty while Pods are unknown. */
export function podsAt(snapshot: Snapshot, asked: OfSet, ordinals: readonly number[] | undefined): readonly Pod[] {
  const members = ordinals === undefined ? membersOf(asked.set, known(snapshot, 'pods') ?? []) : membersAt(snapshot, asked, ordinals);
  return (members ?? []).flatMap(({ pod }) => (pod === undefined ? [] : [pod]));
}

/** What was read of an unhealthy member, most telling first. */
export function healthEvidence({ name, pod }: Member, minReadySeconds: number, now: number): readonly Evidence[] {
  const object = `pod/${name}`;
  if (pod === undefined) return [seen(object, 'metadata.name', undefined)];
  switch (whyUnhealthy(pod, minReadySeconds, now)) {
    case 'failed':
      return [seen(object, 'status.phase', pod.status.phase)];
    case 'terminating':
      return [seen(object, 'metadata.deletionTimestamp', pod.metadata.deletionTimestamp)];
    case 'not-ready':
      return [readyEvidence(pod, 'status'), ...troubleEvidence(pod)];
    case 'not-available':
      return [readyEvidence(pod, 'status'), readyEvidence(pod, 'lastTransitionTime')];
    case 'missing':
    case undefined:
      return [];
  }
}

function readyEvidence(pod: Pod, field: 'status' | 'lastTransitionTime'): Evidence {
  return seen(`pod/${pod.metadata.name}`, `status.conditions[Ready].${field}`, conditionOf(pod, 'Ready')?.[field]);
}

function troubleEvidence(pod: Pod): readonly Evidence[] {
  const trouble = troubleOf(pod);
  if (trouble === undefined) return [];
  const { field, reason, message } = trouble;
  const object = `pod/${pod.metadata.name}`;
  return [seen(object, field, reason), ...(message === undefined ? [] : [seen(object, field.replace(/reason$/, 'message'), message)])];
}

/** Commands that show why a member is not healthy. */
export function lookAt({ name, pod }: Member): readonly Remedy[] {
  if (pod === undefined)
    return [kubectl('get', ['events', '--field-selector', `involvedObject.name=${name}`], `what keeps ${name} from being created`)];
  const crashed = pod.status.containerStatuses?.some(({ restartCount }) => restartCount > 0) ?? false;
  return [
    kubectl('describe', ['pod', name], `conditions and events of ${name}`),
    ...(crashed ? [kubectl('logs', [name, '--previous', '--all-containers'], 'what it said before its last restart')] : []),
  ];
}
