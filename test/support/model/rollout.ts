import type { ControllerRevision, Pod, StatefulSet } from '../../../src/domain/kube.ts';
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
  const { type, rollingUpdate: { partition = 0 } = {} } = set.spec.updateStrategy ?? {};
  // Nothing is replaced, and no revision becomes the current one (#136833).
  if (type === 'OnDelete') return;
  const isDone = (pod: Pod | undefined): boolean => pod !== undefined && !isStale(pod, set) && isWell(pod);
  const first = members.slice(partition).findLast((pod) => !isDone(pod));
  if (first !== undefined && first.metadata.deletionTimestamp === undefined && isStale(first, set))
    return cluster.terminate(keyOf(first.metadata.name));
  // Whatever the partition is: completeRollingUpdate counts Pods alone [X].
  if (members.every(isDone)) promote(cluster, set);
}

function promote(cluster: ModelCluster, set: StatefulSet): void {
  const { currentRevision, updateRevision } = set.status;
  if (currentRevision === updateRevision) return;
  const key = `/apis/apps/v1/namespaces/${cluster.options.target.namespace}/statefulsets/${set.metadata.name}`;
  cluster.store(key, { ...(set as unknown as Raw), status: { ...set.status, currentRevision: updateRevision } });
}

const isStale = ({ metadata }: Pod, { status }: StatefulSet): boolean => metadata.labels?.[LABEL] !== status.updateRevision;

const isWell = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined && status.conditions?.[0]?.status === 'True';

/** The revision of the set's template: made with its first Pod, or raised to the highest number again (stateful_set_control.go, getStatefulSetRevisions). */
export function keepRevision(cluster: ModelCluster, set: StatefulSet, name: string): void {
  const key = `${cluster.path('controllerrevisions')}/${name}`;
  const all = cluster.list<ControllerRevision>('controllerrevisions');
  const highest = Math.max(0, ...all.map(({ revision }) => revision));
  const present = cluster.objects.get(key) as unknown as ControllerRevision | undefined;
  if (present !== undefined) {
    if (present.revision < highest) cluster.store(key, { ...(present as unknown as Raw), revision: highest + 1 });
    return;
  }
  const { apiVersion = 'apps/v1', kind = 'StatefulSet', metadata } = set;
  cluster.create(cluster.path('controllerrevisions'), {
    metadata: {
      name,
      creationTimestamp: new Date(cluster.now).toISOString(),
      ownerReferences: [{ apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true }],
    },
    revision: highest + 1,
    data: { spec: { template: { ...set.spec.template, $patch: 'replace' } } },
  });
}
