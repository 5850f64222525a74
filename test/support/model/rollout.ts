import type { Pod, StatefulSet } from '../../../src/domain/kube.ts';
import type { ModelCluster } from './cluster.ts';

type Raw = Record<string, unknown>;

/** The rolling update (stateful_set_control.go, updateStatefulSet), for a model in which a revision is its template. */

const LABEL = 'controller-revision-hash';

/** As the controller names a ControllerRevision: the same for the same template. */
export function revisionFor({ metadata, spec }: StatefulSet): string {
  let hash = 0;
  for (const char of JSON.stringify(spec.template)) hash = (Math.imul(hash, 31) + char.charCodeAt(0)) | 0;
  return `${metadata.name}-${(hash >>> 0).toString(36)}`;
}

/** The labels of a new member: of the revision that its place shall have (newVersionedStatefulSetPod). */
export function labelsFor(set: StatefulSet, index: number): Readonly<Record<string, string>> {
  const { currentRevision, updateRevision = revisionFor(set) } = set.status;
  const isHeld = index - (set.spec.ordinals?.start ?? 0) < (set.spec.updateStrategy?.rollingUpdate?.partition ?? 0);
  return { ...set.spec.template.metadata?.labels, [LABEL]: isHeld ? (currentRevision ?? updateRevision) : updateRevision };
}

/** Deletes the highest member in range of another revision, and waits for each that is not well; then that revision is the current one. */
export function rollOut(
  cluster: ModelCluster,
  set: StatefulSet,
  members: readonly (Pod | undefined)[],
  keyOf: (name: string) => string,
): void {
  const { updateRevision } = set.status;
  const partition = set.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
  const first = members.slice(partition).findLast((pod) => pod === undefined || isStale(pod, set) || !isWell(pod));
  if (first !== undefined && first.metadata.deletionTimestamp === undefined && isStale(first, set))
    return cluster.terminate(keyOf(first.metadata.name));
  if (partition > 0 || members.some((pod) => pod === undefined || isStale(pod, set) || !isWell(pod))) return;
  if (set.status.currentRevision === updateRevision) return;
  const key = `/apis/apps/v1/namespaces/${cluster.options.target.namespace}/statefulsets/${set.metadata.name}`;
  cluster.store(key, { ...(set as unknown as Raw), status: { ...set.status, currentRevision: updateRevision } });
}

const isStale = ({ metadata }: Pod, { status }: StatefulSet): boolean => metadata.labels?.[LABEL] !== status.updateRevision;

const isWell = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined && status.conditions?.[0]?.status === 'True';
