import { countContainers } from '../domain/containers.ts';
import type { ControllerRevision, StatefulSet } from '../domain/kube.ts';
import { lastWriterOf } from '../domain/managers.ts';
import { isPodReady, membersOf } from '../domain/members.ts';
import { replicasOf } from '../domain/naming.ts';
import { partitionOf, revisionOf, strategyOf, templateIn } from '../domain/revisions.ts';
import { listOf, type Snapshot } from '../domain/snapshot.ts';
import type { FoundRecord } from '../domain/stored.ts';
import { type OpenOperation, openOperation } from './open-operation.ts';
import { type Verdict, verdictOf } from './verdict/verdict.ts';

/** A ControllerRevision of a StatefulSet, and the Pods that are made from it. */
export interface RevisionFacts {
  readonly name: string;
  /** Its number; absent where it is gone, or may not be read. */
  readonly revision?: number;
  /** RFC 3339. */
  readonly created?: string;
  /** `db=mongo:8.1` for each container, where its template could be read. */
  readonly images: readonly string[];
  /** `new`: what the Pod template is now. */
  readonly is: 'new' | 'earlier';
  readonly pods: readonly string[];
}

/** `rollout history`. */
export interface RevisionList {
  readonly namespace: string;
  readonly name: string;
  readonly items: readonly RevisionFacts[];
}

export interface RolloutPod {
  readonly name: string;
  readonly revision: string;
  readonly updated: boolean;
  readonly ready: boolean;
  readonly restarts: number;
}

/** `rollout status`: where a StatefulSet stands between its revisions, whoever rolls it out. */
export interface RolloutStatus extends Verdict {
  readonly namespace: string;
  readonly name: string;
  readonly strategy: string;
  readonly partition: number;
  readonly replicas: number;
  readonly updated: number;
  /** Field manager that wrote the StatefulSet last, besides this program. */
  readonly writer?: string;
  readonly operation?: OpenOperation;
  readonly revisions: readonly RevisionFacts[];
  readonly pods: readonly RolloutPod[];
  /** Command lines that would be accepted now. */
  readonly resumeCommand?: string;
  readonly cancelCommand?: string;
}

/** Revisions of a StatefulSet, the newest first; also those that are gone, and that Pods were made from. */
export function revisionsOf(set: StatefulSet, snapshot: Snapshot): readonly RevisionFacts[] {
  const own = listOf(snapshot, 'revisions').filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === set.metadata.uid));
  const pods = Map.groupBy(
    membersOf(set, listOf(snapshot, 'pods')).flatMap(({ pod }) => (pod === undefined ? [] : [pod])),
    (pod) => revisionOf(pod) ?? '',
  );
  const known = new Set(own.map(({ metadata }) => metadata.name));
  const factsOf = (name: string, revision?: ControllerRevision): RevisionFacts => ({
    name,
    ...(revision === undefined ? {} : { revision: revision.revision }),
    ...(revision?.metadata.creationTimestamp === undefined ? {} : { created: revision.metadata.creationTimestamp }),
    images: imagesOf(revision),
    is: name === set.status.updateRevision ? 'new' : 'earlier',
    pods: (pods.get(name) ?? []).map(({ metadata }) => metadata.name),
  });
  return [
    ...own.toSorted((a, b) => b.revision - a.revision).map((revision) => factsOf(revision.metadata.name, revision)),
    ...[...pods.keys()].filter((name) => name !== '' && !known.has(name)).map((name) => factsOf(name)),
  ];
}

function imagesOf(revision: ControllerRevision | undefined): readonly string[] {
  const template = revision === undefined ? undefined : templateIn(revision);
  return (template?.spec.containers ?? []).map(({ name, image = '' }) => `${name}=${image}`);
}

/**
 * @param record of the operation that is open on it, if any
 * @returns undefined where the StatefulSet or its Pods could not be read
 */
export function rolloutStatusOf(set: StatefulSet, snapshot: Snapshot, record: FoundRecord | undefined): RolloutStatus | undefined {
  const verdict = verdictOf(snapshot, record);
  if (verdict === undefined) return undefined;
  const { namespace, name } = snapshot.target;
  const pods = membersOf(set, listOf(snapshot, 'pods')).flatMap(({ pod }) => (pod === undefined ? [] : [pod]));
  const isUpdated = (revision: string | undefined): boolean => revision === set.status.updateRevision;
  const writer = lastWriterOf(set);
  return {
    namespace,
    name,
    ...verdict,
    strategy: strategyOf(set),
    partition: partitionOf(set),
    replicas: replicasOf(set),
    updated: pods.filter((pod) => isUpdated(revisionOf(pod))).length,
    ...(writer === undefined ? {} : { writer }),
    ...(record?.state === 'valid' ? { operation: openOperation(record) } : {}),
    revisions: revisionsOf(set, snapshot).filter(({ is, pods: made }) => is === 'new' || made.length > 0),
    pods: pods.map((pod) => ({
      name: pod.metadata.name,
      revision: revisionOf(pod) ?? '',
      updated: isUpdated(revisionOf(pod)),
      ready: isPodReady(pod),
      restarts: countContainers(pod).restarts,
    })),
  };
}
