import type { KubeObject, OwnerReference } from '../../../src/domain/kube.ts';
import type { ModelCluster, Resource } from './cluster.ts';

/** What others make a Pod own: the model's garbage collector deletes it with the Pod, and all that it owns in its turn. */

function uidOf(cluster: ModelCluster, resource: Resource, name: string): string {
  return cluster.list<KubeObject>(resource).find(({ metadata }) => metadata.name === name)?.metadata.uid ?? '';
}

const reference = (apiVersion: string, kind: string, name: string, uid: string, controller: boolean): OwnerReference => ({
  apiVersion,
  kind,
  name,
  uid,
  ...(controller ? { controller } : {}),
});

/** A PVC that these Pods own; by its controller, and of the right name, it is that of an ephemeral volume. Answers its UID. */
export function adopted(cluster: ModelCluster, name: string, ordinals: readonly number[], controller = false): string {
  const claim = cluster.create(cluster.path('persistentvolumeclaims'), {
    metadata: {
      name,
      ownerReferences: ordinals.map((ordinal) =>
        reference('v1', 'Pod', `web-${ordinal}`, uidOf(cluster, 'pods', `web-${ordinal}`), controller),
      ),
    },
    spec: { volumeName: `pv-${name}` },
    status: { phase: 'Bound' },
  }) as unknown as KubeObject;
  return claim.metadata.uid;
}

/** A set of one that Pod `web-N` owns, as LeaderWorkerSet makes it, with its Pod, and its PVC under whenDeleted: Delete. */
export function innerSet(cluster: ModelCluster, ordinal: number): void {
  const leader = `web-${ordinal}`;
  const set = cluster.create(cluster.path('statefulsets'), {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: leader, namespace: 'prod', ownerReferences: [reference('v1', 'Pod', leader, uidOf(cluster, 'pods', leader), true)] },
    spec: { replicas: 1, ordinals: { start: 1 }, selector: {}, template: { spec: { containers: [] } } },
  }) as unknown as KubeObject;
  const owner = reference('apps/v1', 'StatefulSet', leader, set.metadata.uid, true);
  cluster.create(cluster.path('pods'), {
    metadata: { name: `${leader}-1`, ownerReferences: [owner] },
    spec: { containers: [] },
    status: { phase: 'Pending' },
  });
  cluster.create(cluster.path('persistentvolumeclaims'), {
    metadata: { name: `data-${leader}-1`, ownerReferences: [owner] },
    spec: { volumeName: `pv-data-${leader}-1` },
    status: { phase: 'Bound' },
  });
}
