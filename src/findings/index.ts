import { adoptedPodsRestart } from './adopted-pods-restart.ts';
import { antiAffinityUnsatisfiable } from './anti-affinity-unsatisfiable.ts';
import { archiveNewer } from './archive-newer.ts';
import { archiveOnlyInFile } from './archive-only-in-file.ts';
import { archiveOutdated } from './archive-outdated.ts';
import { archiveOutlived } from './archive-outlived.ts';
import { autoscalerWouldWake } from './autoscaler-would-wake.ts';
import { baselineLostAtZero } from './baseline-lost-at-zero.ts';
import { baselineNotCreatable } from './baseline-not-creatable.ts';
import type { Check } from './check.ts';
import { claimInUse } from './claim-in-use.ts';
import { claimLost } from './claim-lost.ts';
import { claimMissing } from './claim-missing.ts';
import { claimNotExpandable } from './claim-not-expandable.ts';
import { claimNotSafe } from './claim-not-safe.ts';
import { claimReplaced } from './claim-replaced.ts';
import { claimShared } from './claim-shared.ts';
import { claimTemplateDiffers } from './claim-template-differs.ts';
import { claimTerminating } from './claim-terminating.ts';
import { claimsDeletedOnScaleDown } from './claims-deleted-on-scale-down.ts';
import { earlierPodNotReady } from './earlier-pod-not-ready.ts';
import { ephemeralVolume } from './ephemeral-volume.ts';
import { evictionRefused } from './eviction-refused.ts';
import { fenceInstead } from './fence-instead.ts';
import { foreignFence } from './foreign-fence.ts';
import { foreignWriter } from './foreign-writer.ts';
import { forgottenPartition } from './forgotten-partition.ts';
import { gitopsManaged } from './gitops-managed.ts';
import { heldByPartition } from './held-by-partition.ts';
import { hpaTargetsSet } from './hpa-targets-set.ts';
import { kedaTargetsSet } from './keda-targets-set.ts';
import { liveMembers } from './live-members.ts';
import { localVolume } from './local-volume.ts';
import { manifestNotApplied } from './manifest-not-applied.ts';
import { memberCountHardcoded } from './member-count-hardcoded.ts';
import { mixedRevisions } from './mixed-revisions.ts';
import { mutableImageTag } from './mutable-image-tag.ts';
import { namespaceTerminating } from './namespace-terminating.ts';
import { nodeAlive } from './node-alive.ts';
import { nodeNotLost } from './node-not-lost.ts';
import { nodeOperationOpen } from './node-operation-open.ts';
import { nodeReady } from './node-ready.ts';
import { nodeStillSilent } from './node-still-silent.ts';
import { nodeStorm } from './node-storm.ts';
import { operatorOwned } from './operator-owned.ts';
import { pdbMinAvailable } from './pdb-min-available.ts';
import { podFinalizer } from './pod-finalizer.ts';
import { podOnLostNode } from './pod-on-lost-node.ts';
import { podOwnsObjects } from './pod-owns-objects.ts';
import { podsBeyondArchive } from './pods-beyond-archive.ts';
import { pvcAmbiguous } from './pvc-ambiguous.ts';
import { pvcFinalizer } from './pvc-finalizer.ts';
import { pvcForeign } from './pvc-foreign.ts';
import { pvcHeldByFinalizer } from './pvc-held-by-finalizer.ts';
import { pvcInUse } from './pvc-in-use.ts';
import { pvcNotRestorable } from './pvc-not-restorable.ts';
import { pvcParked } from './pvc-parked.ts';
import { pvcProtected } from './pvc-protected.ts';
import { pvcUnknown } from './pvc-unknown.ts';
import { quotaExceeded } from './quota-exceeded.ts';
import { releasedPod } from './released-pod.ts';
import { replicasApplied } from './replicas-applied.ts';
import { replicasChanged } from './replicas-changed.ts';
import { revisionWouldChange } from './revision-would-change.ts';
import { rolloutChanged } from './rollout-changed.ts';
import { rolloutInProgress } from './rollout-in-progress.ts';
import { rolloutProgressing } from './rollout-progressing.ts';
import { rolloutStuck } from './rollout-stuck.ts';
import { sameBoot } from './same-boot.ts';
import { serviceMissing } from './service-missing.ts';
import { setBeingDeleted } from './set-being-deleted.ts';
import { setFinalizer } from './set-finalizer.ts';
import { setOperationOpen } from './set-operation-open.ts';
import { setPresent } from './set-present.ts';
import { sharedVolume } from './shared-volume.ts';
import { shortGrace } from './short-grace.ts';
import { staleClaimsReattached } from './stale-claims-reattached.ts';
import { storageClassMissing } from './storage-class-missing.ts';
import { toleratesFence } from './tolerates-fence.ts';
import { unhealthyBaseline } from './unhealthy-baseline.ts';
import { unhealthyMemberStays } from './unhealthy-member-stays.ts';
import { unhealthyMembers } from './unhealthy-members.ts';
import { updatePending } from './update-pending.ts';
import { volumeDoesNotFit } from './volume-does-not-fit.ts';
import { volumeStatic } from './volume-static.ts';
import { volumeWouldBeDeleted } from './volume-would-be-deleted.ts';

/** Every check there is; which operation runs which, and how severe it is there, is said beside each operation. */
export const CHECKS: readonly Check[] = [
  adoptedPodsRestart,
  antiAffinityUnsatisfiable,
  archiveNewer,
  archiveOnlyInFile,
  archiveOutdated,
  archiveOutlived,
  autoscalerWouldWake,
  baselineLostAtZero,
  baselineNotCreatable,
  claimInUse,
  claimLost,
  claimMissing,
  claimNotSafe,
  claimNotExpandable,
  claimReplaced,
  claimShared,
  claimTemplateDiffers,
  claimTerminating,
  claimsDeletedOnScaleDown,
  earlierPodNotReady,
  ephemeralVolume,
  evictionRefused,
  foreignWriter,
  forgottenPartition,
  gitopsManaged,
  heldByPartition,
  hpaTargetsSet,
  kedaTargetsSet,
  liveMembers,
  manifestNotApplied,
  memberCountHardcoded,
  mixedRevisions,
  mutableImageTag,
  namespaceTerminating,
  operatorOwned,
  pdbMinAvailable,
  podFinalizer,
  podOnLostNode,
  podOwnsObjects,
  pvcFinalizer,
  podsBeyondArchive,
  pvcAmbiguous,
  pvcForeign,
  pvcHeldByFinalizer,
  pvcInUse,
  pvcNotRestorable,
  pvcParked,
  pvcProtected,
  pvcUnknown,
  setOperationOpen,
  quotaExceeded,
  releasedPod,
  replicasApplied,
  replicasChanged,
  revisionWouldChange,
  rolloutChanged,
  rolloutInProgress,
  rolloutProgressing,
  rolloutStuck,
  serviceMissing,
  setBeingDeleted,
  setFinalizer,
  setPresent,
  shortGrace,
  staleClaimsReattached,
  storageClassMissing,
  unhealthyBaseline,
  unhealthyMemberStays,
  unhealthyMembers,
  updatePending,
  volumeDoesNotFit,
  volumeStatic,
  volumeWouldBeDeleted,
  fenceInstead,
  foreignFence,
  localVolume,
  nodeAlive,
  nodeNotLost,
  nodeOperationOpen,
  nodeReady,
  nodeStillSilent,
  nodeStorm,
  sameBoot,
  sharedVolume,
  toleratesFence,
];
