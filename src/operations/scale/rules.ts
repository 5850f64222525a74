import type { SliceName } from '../../domain/snapshot.ts';
import { antiAffinityUnsatisfiable } from '../../findings/anti-affinity-unsatisfiable.ts';
import { baselineLostAtZero } from '../../findings/baseline-lost-at-zero.ts';
import type { Rule } from '../../findings/check.ts';
import { claimLost } from '../../findings/claim-lost.ts';
import { claimMissing } from '../../findings/claim-missing.ts';
import { claimNotSafe } from '../../findings/claim-not-safe.ts';
import { claimReplaced } from '../../findings/claim-replaced.ts';
import { claimTemplateDiffers } from '../../findings/claim-template-differs.ts';
import { claimTerminating } from '../../findings/claim-terminating.ts';
import { claimsDeletedOnScaleDown } from '../../findings/claims-deleted-on-scale-down.ts';
import { ephemeralVolume } from '../../findings/ephemeral-volume.ts';
import { foreignWriter } from '../../findings/foreign-writer.ts';
import { gitopsManaged } from '../../findings/gitops-managed.ts';
import { heldByPartition } from '../../findings/held-by-partition.ts';
import { hpaTargetsSet } from '../../findings/hpa-targets-set.ts';
import { kedaTargetsSet } from '../../findings/keda-targets-set.ts';
import { memberCountHardcoded } from '../../findings/member-count-hardcoded.ts';
import { namespaceTerminating } from '../../findings/namespace-terminating.ts';
import { operatorOwned } from '../../findings/operator-owned.ts';
import { pdbMinAvailable } from '../../findings/pdb-min-available.ts';
import { podFinalizer } from '../../findings/pod-finalizer.ts';
import { podOnLostNode } from '../../findings/pod-on-lost-node.ts';
import { podOwnsObjects } from '../../findings/pod-owns-objects.ts';
import { quotaExceeded } from '../../findings/quota-exceeded.ts';
import { releasedPod } from '../../findings/released-pod.ts';
import { replicasApplied } from '../../findings/replicas-applied.ts';
import { replicasChanged } from '../../findings/replicas-changed.ts';
import { rolloutInProgress } from '../../findings/rollout-in-progress.ts';
import { rolloutStuck } from '../../findings/rollout-stuck.ts';
import { setBeingDeleted } from '../../findings/set-being-deleted.ts';
import { shortGrace } from '../../findings/short-grace.ts';
import { staleClaimsReattached } from '../../findings/stale-claims-reattached.ts';
import { storageClassMissing } from '../../findings/storage-class-missing.ts';
import { unhealthyMemberStays } from '../../findings/unhealthy-member-stays.ts';
import { CLAIMS_LOST, type ConsentRule } from '../operation.ts';

export const scaleConsent: ConsentRule = { kind: 'yes-no', typedIf: CLAIMS_LOST };

/** An autoscaler fights a scale-down; up, it is only told of. */
export const SPARED_UP: readonly SliceName[] = ['hpas'];

/** Rows `scale down` and `scale up` of the consent table (product, section 2). */
export const scaleDownRules: readonly Rule[] = [
  { check: namespaceTerminating, severity: 'blocks', again: 'blocks' },
  { check: setBeingDeleted, severity: 'blocks', again: 'blocks' },
  { check: replicasChanged, severity: 'blocks', again: 'blocks' },
  { check: unhealthyMemberStays, severity: 'blocks' },
  { check: rolloutInProgress, severity: 'blocks', again: 'warns' },
  { check: rolloutStuck, severity: 'blocks' },
  { check: baselineLostAtZero, severity: 'blocks' },
  { check: hpaTargetsSet, severity: 'blocks', again: 'warns' },
  { check: kedaTargetsSet, severity: 'blocks', again: 'warns' },
  { check: claimsDeletedOnScaleDown, severity: 'blocks', again: 'blocks' },
  { check: claimNotSafe, severity: 'blocks', again: 'blocks' },
  { check: claimMissing, severity: 'blocks', again: 'blocks' },
  { check: claimReplaced, severity: 'blocks', again: 'blocks' },
  { check: pdbMinAvailable, severity: 'blocks' },
  { check: operatorOwned, severity: 'blocks' },
  { check: podOwnsObjects, severity: 'blocks', again: 'blocks' },
  { check: releasedPod, severity: 'warns' },
  { check: gitopsManaged, severity: 'warns' },
  { check: shortGrace, severity: 'warns' },
  { check: podOnLostNode, severity: 'warns' },
  { check: podFinalizer, severity: 'warns' },
  { check: heldByPartition, severity: 'warns' },
  { check: foreignWriter, severity: 'warns' },
  { check: ephemeralVolume, severity: 'notes' },
  { check: replicasApplied, severity: 'notes' },
];

export const scaleUpRules: readonly Rule[] = [
  { check: namespaceTerminating, severity: 'blocks', again: 'blocks' },
  { check: setBeingDeleted, severity: 'blocks', again: 'blocks' },
  { check: replicasChanged, severity: 'blocks', again: 'blocks' },
  { check: claimTerminating, severity: 'blocks' },
  { check: claimLost, severity: 'blocks' },
  { check: claimMissing, severity: 'blocks', again: 'blocks' },
  { check: claimReplaced, severity: 'blocks', again: 'blocks' },
  { check: antiAffinityUnsatisfiable, severity: 'blocks' },
  { check: quotaExceeded, severity: 'blocks' },
  { check: storageClassMissing, severity: 'blocks' },
  { check: releasedPod, severity: 'blocks' },
  { check: unhealthyMemberStays, severity: 'warns' },
  { check: staleClaimsReattached, severity: 'warns' },
  { check: claimTemplateDiffers, severity: 'warns' },
  { check: memberCountHardcoded, severity: 'warns' },
  { check: hpaTargetsSet, severity: 'warns' },
  { check: kedaTargetsSet, severity: 'warns' },
  { check: operatorOwned, severity: 'warns' },
  { check: gitopsManaged, severity: 'warns' },
  { check: heldByPartition, severity: 'warns' },
  { check: foreignWriter, severity: 'warns' },
  { check: replicasApplied, severity: 'notes' },
];
