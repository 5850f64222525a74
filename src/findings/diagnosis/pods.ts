import { whyUnhealthy } from '../../domain/health.ts';
import type { ContainerStatus, CoreEvent, ObjectCondition, Pod, StatefulSet } from '../../domain/kube.ts';
import { isTerminating, membersOf } from '../../domain/members.ts';
import { revisionOf } from '../../domain/revisions.ts';
import { isStale } from '../../domain/rollout.ts';
import { type Snapshot, sliceOf } from '../../domain/snapshot.ts';
import { RECENT_MS, timeOf } from '../../domain/uncreatable.ts';
import type { Draft } from '../check.ts';
import { known, kubectl, operationToRun } from '../draft.ts';

/** The set's Pods that are there and not available, lowest first; none while Pods are unknown. Failed ones the controller replaces. */
export function podsDown(set: StatefulSet, snapshot: Snapshot): readonly Pod[] {
  return membersOf(set, known(snapshot, 'pods') ?? []).flatMap(({ pod }) => {
    const why = pod === undefined ? 'missing' : whyUnhealthy(pod, set.spec.minReadySeconds ?? 0, snapshot.now);
    return pod === undefined || why === undefined || why === 'failed' || why === 'not-available' ? [] : [pod];
  });
}

/** Those of them that nobody has told to go. */
export function podsNotReady(set: StatefulSet, snapshot: Snapshot): readonly Pod[] {
  return podsDown(set, snapshot).filter((pod) => !isTerminating(pod));
}

/** A container of a Pod as its kubelet reports it, and where that stands. */
export interface SeenContainer {
  readonly status: ContainerStatus;
  /** `status.containerStatuses[main]` */
  readonly field: string;
}

export function containersOf({ status }: Pod): readonly SeenContainer[] {
  return (['initContainerStatuses', 'containerStatuses'] as const).flatMap((list) =>
    (status[list] ?? []).map((one) => ({ status: one, field: `status.${list}[${one.name}]` })),
  );
}

/** Recent warnings about a Pod for this reason, newest first; none where they were not read. */
export function warningsOf(pod: Pod, reason: string, snapshot: Snapshot): readonly CoreEvent[] {
  return (known(snapshot, 'podEvents') ?? [])
    .filter((event) => event.reason === reason && event.involvedObject.uid === pod.metadata.uid && snapshot.now - timeOf(event) < RECENT_MS)
    .toSorted((a, b) => timeOf(b) - timeOf(a));
}

/** Most of the causes of a Pod that does not come up stand in its status; the rest is told by events. */
export function wantsPodEvents(snapshot: Snapshot): boolean {
  const set = sliceOf(snapshot, 'set');
  return set.state === 'read' && podsNotReady(set.value, snapshot).some(({ spec }) => spec.nodeName !== undefined);
}

/**
 * What undoes a new revision: only where this Pod is of one that others are not of. `kubectl rollout undo` would leave the Pod
 * as it is (#67250).
 */
export function wayBack(set: StatefulSet, pod: Pod, snapshot: Snapshot): Draft['remedies'] {
  const { updateRevision, currentRevision } = set.status;
  const others = membersOf(set, known(snapshot, 'pods') ?? []).some((other) => isStale(set, other));
  if (revisionOf(pod) !== updateRevision || (!others && currentRevision === updateRevision)) return [];
  return [operationToRun('rollout abort', set.metadata.name, {}, 'restore the previous revision')];
}

/** `kubectl logs web-0 -c main --previous`. */
export function logs(pod: Pod, container: string, previous: boolean): Draft['remedies'][number] {
  const words = [pod.metadata.name, '-c', container, '--tail=50', ...(previous ? ['--previous'] : [])];
  return kubectl('logs', words, previous ? 'what it printed before it ended' : 'what it prints');
}

/** What the scheduler says of nodes, without what it tried to make room. */
export function schedulerWords({ message = '' }: ObjectCondition): string {
  return brief(message.split(' preemption: ')[0]?.replace(/[\s,]*(no new claims to deallocate)?[\s,.]*$/, '') ?? '', 300);
}

/** A message of the cluster in one line, and not too long. */
export function brief(message: string, length = 200): string {
  const one = message.trim().replaceAll(/\s+/g, ' ').replace(/\.$/, '');
  return one.length <= length ? one : `${one.slice(0, length - 1)}…`;
}
