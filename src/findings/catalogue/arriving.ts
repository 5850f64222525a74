import type { CatalogueEntry } from './entry.ts';

/** About members that are to come, and about sets that are to come back. */
export const ARRIVING: readonly CatalogueEntry[] = [
  {
    id: 'anti-affinity-unsatisfiable',
    title: 'There are not enough nodes for one member each',
    meaning:
      'Required anti-affinity on kubernetes.io/hostname allows one member a node, and fewer nodes are free than members need one; cordons, taints, selectors and Pods that match the same term are counted. The rest stays Pending. Where a cluster autoscaler runs, new nodes may come.',
    remedy: 'Add nodes, uncordon some, or scale to what fits.',
    source: 'kubernetes.io: inter-pod affinity and anti-affinity',
    override: 'allow',
  },
  {
    id: 'quota-exceeded',
    title: 'A ResourceQuota has no room for the new members',
    meaning:
      'Pods, claims, storage or compute that the new members need are more than what the quota has left. Creation fails until there is room, and the set stays incomplete; a Parallel set with a failed creation does not scale down again on servers without #141057. What a LimitRange or a webhook adds is not foreseen.',
    remedy: 'Have the quota raised, or scale to what fits.',
    source: 'pkg/quota/v1/evaluator/core; #140858',
    override: 'allow',
  },
  {
    id: 'storage-class-missing',
    title: 'No volumes for the new PVCs',
    meaning:
      'Nothing provisions volumes for them: their StorageClass does not exist or has no provisioner, or they name none and the cluster has no default. And fewer Available PersistentVolumes fit (class, size, access modes, volume mode, selector) than are needed. PVCs and Pods stay Pending. Where PersistentVolumes may not be listed, this is not checked.',
    remedy:
      'Create PersistentVolumes, the StorageClass, or a default. The class in a StatefulSet’s PVC template cannot be changed; PVCs created by hand under the right names can have another.',
    source: 'component-helpers/storage/volume/pv_helpers.go (FindMatchingVolume); pkg/volume/util/storageclass.go (GetDefaultClass)',
    override: 'allow',
  },
  {
    id: 'member-count-hardcoded',
    title: 'The template repeats the number of members',
    meaning:
      'An environment variable, a flag or a list in the template says how many members there are, or who. Afterwards it is wrong: members disagree about their quorum, or new ones are never let in. It is recognised by telling names (ZK_REPLICAS, --servers, --initial-cluster), so it is only likely.',
    remedy: 'Change it together with the number, in the order that your software asks for; it starts a rollout.',
    source: 'field experience: ZooKeeper, etcd, Consul tutorials',
    override: 'allow',
  },
  {
    id: 'live-members',
    title: 'Pods of that name exist',
    meaning:
      'A set that is created over such Pods adopts those that match and removes those beyond its replicas, with their claims under whenScaled: Delete. A Pod that does not match keeps its name and its volume, and the member of that name cannot be created.',
    remedy: 'Take matching Pods over with restore --adopt. Anything else must go first.',
    source: 'seen on 1.36: 3 Pods and 3 claims gone within 12 s; pkg/controller/controller_ref_manager.go (ClaimObject)',
    override: 'never',
  },
  {
    id: 'pods-beyond-archive',
    title: 'Pods run beyond the replicas of the saved manifest',
    meaning:
      'With --adopt the new StatefulSet takes over every Pod that runs, and the saved manifest has fewer replicas: the Pods above them are not part of it, and the controller deletes them. If you override this, they are deleted one at a time, highest ordinal first, before anything else is restored, and their PVCs are retained, even if the saved whenScaled policy is Delete.',
    remedy: 'Restore from a saved manifest with the number of replicas that runs (restore --list), or delete the Pods yourself first.',
    source: 'k8ssandra/cass-operator#104; pkg/controller/statefulset/stateful_set_control.go (updateStatefulSet)',
    override: 'allow',
  },
  {
    id: 'adopted-pods-restart',
    title: 'Adopted Pods would be restarted',
    meaning:
      'The Pods were made from another template than the one that the StatefulSet will have: the saved manifest is older or newer than what runs, or the API server, a webhook or an admission policy added something to it. The controller replaces such Pods, highest ordinal first, as soon as the partition is lifted, also if that is a downgrade.',
    remedy:
      'Restore from the saved manifest that the Pods were made from. Where the StatefulSet has been created already and is held by its partition, change its template back with kubectl and run the same command again.',
    source:
      'pkg/controller/statefulset/stateful_set_control.go (updateStatefulSet); pkg/controller/statefulset/stateful_set_utils.go (getPodRevision)',
    override: 'allow',
  },
  {
    id: 'set-present',
    title: 'The set exists',
    meaning: 'There is a StatefulSet of that name, so there is nothing to restore; whoever created it may have meant something else.',
    remedy: 'Look at it with status. If the archived one is wanted instead, delete this one with sts-safe first.',
    source: 'restore creates, it never overwrites',
    override: 'never',
  },
  {
    id: 'archive-newer',
    title: 'The archive cannot be understood',
    meaning: 'It was written by a newer release of sts-safe, or it is damaged. What is not understood is not restored.',
    remedy: 'Use the newer release, or an older archive from restore --list.',
    source: 'the archive’s schema number',
    override: 'never',
  },
  {
    id: 'archive-outlived',
    title: 'The archive may not be what ran last',
    meaning:
      'The set lived on after this archive was written: a scale wrote it, the deletion was taken back, or a restore used it before; or a later archive exists. Its template and its replicas may be older than the data on the claims, and many databases cannot go back to an older release once a newer one has opened their files.',
    remedy:
      'Look at the image that the plan shows, and at the other archives. Where the manifest is kept elsewhere, apply that one instead.',
    source: 'the index of archives; databases’ upgrade notes (PostgreSQL, MongoDB: no downgrade in place)',
    override: 'allow',
  },
  {
    id: 'service-missing',
    title: 'The governing Service is missing',
    meaning:
      'The set names a Service that does not exist and is not in the archive. Members then have no DNS names of their own; software that finds its peers by name does not form its cluster.',
    remedy: 'Create the headless Service first, with the set’s selector and named ports.',
    source: 'kubernetes.io: StatefulSets, "Stable Network ID"',
    override: 'allow',
  },
];
