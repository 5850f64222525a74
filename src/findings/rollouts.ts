import type { Evidence } from '../domain/finding.ts';
import type { StatefulSet } from '../domain/kube.ts';
import type { Member } from '../domain/members.ts';
import { partitionOf, revisionOf, strategyOf } from '../domain/revisions.ts';
import { type Rollout, rolloutOf } from '../domain/rollout.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { OfSet } from './check.ts';
import { known, seen } from './draft.ts';

/** What both findings about a rollout that is not over begin with. */
export const PROGRESSING =
  'The template was changed, and the controller is still replacing members, or a replaced one is not Available yet, or it has not even seen the newest spec. Members held back by a partition or by OnDelete do not count.';

/** The set's rollout, or undefined while Pods are unknown. One predicate behind every finding about revisions. */
export function rolloutSeen(snapshot: Snapshot, { set }: OfSet): Rollout | undefined {
  const pods = known(snapshot, 'pods');
  return pods === undefined ? undefined : rolloutOf(set, pods, snapshot.now);
}

/** The set's two revisions, its strategy, and which revision each of these members carries. */
export function revisionEvidence(set: StatefulSet, members: readonly Member[]): readonly Evidence[] {
  const object = `statefulset/${set.metadata.name}`;
  return [
    seen(object, 'status.currentRevision', set.status.currentRevision),
    seen(object, 'status.updateRevision', set.status.updateRevision),
    strategyOf(set) === 'OnDelete'
      ? seen(object, 'spec.updateStrategy.type', 'OnDelete')
      : seen(object, 'spec.updateStrategy.rollingUpdate.partition', partitionOf(set)),
    ...members.map(({ name, pod }) => seen(`pod/${name}`, 'metadata.labels[controller-revision-hash]', pod && revisionOf(pod))),
  ];
}

/** The controller has not seen the newest spec. */
export function generationEvidence({ metadata, status }: StatefulSet): readonly Evidence[] {
  const object = `statefulset/${metadata.name}`;
  return [seen(object, 'metadata.generation', metadata.generation), seen(object, 'status.observedGeneration', status.observedGeneration)];
}
