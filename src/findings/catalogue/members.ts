import type { CatalogueEntry } from './entry.ts';

/** About members that stay or go. */
export const MEMBERS: readonly CatalogueEntry[] = [
  {
    id: 'unhealthy-member-stays',
    title: 'A member that stays is not healthy',
    meaning:
      'A member that will still be there afterwards is missing, terminating, not Ready, or not Ready for minReadySeconds yet. An OrderedReady controller removes nobody until every in-range member is available, so the scale-down would hang, and creates nobody, so a scale-up waits too; in a Parallel set it goes on and leaves you with even fewer members that work. Only members that stay count: taking the broken highest one away is fine.',
    remedy: 'Find out what the member waits for (its events, its log before the last restart) and heal it first.',
    source: 'pkg/controller/statefulset/stateful_set_control.go (processReplica); #36333, #57865, #123918',
    override: 'allow',
  },
  {
    id: 'unhealthy-members',
    title: 'Members are not healthy before the deletion',
    meaning:
      'Some members are not available now. The set can still be deleted: where two unavailable members deadlock the way to 0, the condemned Pod is deleted by its UID with its normal grace, and out of range it is not created again. But a member that was stopped while broken may come back broken, and a cluster that had lost its quorum does not regain it by being stopped.',
    remedy: 'If the data matters, heal the set first, or take a snapshot or a backup.',
    source: 'pkg/controller/statefulset/stateful_set_control.go (processCondemned)',
    override: 'allow',
  },
  {
    id: 'short-grace',
    title: 'Members get less than ten seconds to shut down',
    meaning:
      'The grace period (terminationGracePeriodSeconds) is what a member has between SIGTERM and SIGKILL. With less than ten seconds a database hardly flushes, hands over its leadership or leaves its cluster; with 0 the Pod object is gone at once while its processes may still write to the volume.',
    remedy: 'Raise it in the template. That restarts every member, for a Pod keeps the grace that it was made with.',
    source: 'kubernetes.io: StatefulSets, "Deployment and Scaling Guarantees" (never set it to 0)',
    override: 'allow',
  },
  {
    id: 'pod-finalizer',
    title: 'A member that leaves has finalizers',
    meaning:
      'After its containers have stopped the Pod remains Terminating until the owner of the finalizers removes them. An ordered StatefulSet waits for that, and so does the operation: for 30 s after the last change of the Pod, then it stops and can be resumed.',
    remedy: 'See that the owner of the finalizer runs. Taking a finalizer off by hand skips whatever it was there for.',
    source: 'kubernetes.io: Finalizers',
    override: 'allow',
  },
  {
    id: 'pod-owns-objects',
    title: 'Objects would be deleted with the Pod that owns them',
    meaning:
      'Objects whose owner is a Pod that leaves are deleted by the garbage collector as soon as the Pod is gone, and so is what they own: StatefulSets that an operator such as LeaderWorkerSet makes for each Pod, with all of their Pods at once, and their PVCs where whenDeleted is Delete. No saved manifest holds them, so restore cannot bring them back. StatefulSets, Deployments, Jobs, Pods, PVCs, Services, ConfigMaps and Secrets are searched.',
    remedy: 'Scale or delete the resource that they come from. To keep a PVC, remove its owner reference first.',
    source: 'pkg/controller/garbagecollector (attemptToDeleteItem); kubernetes-sigs/lws#804',
    override: 'allow',
  },
  {
    id: 'ephemeral-volume',
    title: 'Ephemeral volumes are deleted with their Pods',
    meaning:
      'The Pod template has generic ephemeral volumes. Their PVCs belong to one Pod each and are deleted with it, data included; a new Pod gets new ones. This also happens whenever such a Pod is restarted.',
    remedy: 'Copy what must outlive the Pod, or use volumeClaimTemplates for it.',
    source: 'pkg/controller/volume/ephemeral; kubernetes.io: Ephemeral Volumes',
    override: 'allow',
  },
  {
    id: 'set-finalizer',
    title: 'The StatefulSet has finalizers',
    meaning:
      'Once it is deleted the StatefulSet remains, with a deletionTimestamp and without Pods, until the owners of the finalizers remove them. Until then it can neither be restored nor cancelled. The operation waits for 5 s after its last change, then it stops and can be resumed; the saved manifest and the PVCs are not affected.',
    remedy: 'See that the owner of the finalizer runs before you delete. Removing a finalizer by hand skips whatever it was there for.',
    source: 'kubernetes.io: Finalizers',
    override: 'allow',
  },
  {
    id: 'released-pod',
    title: 'A Pod bears a member’s name but is not a member',
    meaning:
      'Its labels were changed, or another owner made it. The set’s controller neither counts nor removes it, cannot create the member of that name while it is there, and the Pod survives the set, on the member’s volume: after a restore two would claim it.',
    remedy: 'Put its labels back, so that the controller adopts it again, or delete the Pod when nobody needs it.',
    source: 'pkg/controller/controller_ref_manager.go (ClaimPods); #55559',
    override: 'allow',
  },
  {
    id: 'pdb-min-available',
    title: 'A PodDisruptionBudget would be broken',
    meaning:
      'Fewer healthy Pods would remain than a budget asks for. Nothing enforces that here: only evictions honour budgets, the controller’s own deletes do not. What remains cannot be drained from a node any more, and whoever wrote the budget thought that fewer do not serve. Percentages and maxUnavailable go with the new number of members.',
    remedy: 'Keep enough members, heal those that stay, or change the budget together with the size.',
    source: 'pkg/controller/disruption/disruption.go (getExpectedPodCount)',
    override: 'allow',
  },
  {
    id: 'set-being-deleted',
    title: 'The set is being deleted already',
    meaning:
      'It has a deletionTimestamp. From then on its controller only updates the status; replicas may be changed, but nobody acts on it, and the garbage collector takes the Pods in any order.',
    remedy:
      'Wait until it is gone; a finalizer that nobody takes off keeps it. Its volumes are safe as long as no owner reference destroys their claims.',
    source: 'pkg/controller/statefulset/stateful_set_control.go (updateStatefulSet); #68627',
    override: 'never',
  },
];
