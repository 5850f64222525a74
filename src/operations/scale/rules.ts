import type { SliceName } from '../../domain/snapshot.ts';
import { antiAffinityUnsatisfiable } from '../../findings/anti-affinity-unsatisfiable.ts';
import { baselineLostAtZero } from '../../findings/baseline-lost-at-zero.ts';
import type { Rule } from '../../findings/check.ts';
import { claimLost } from '../../findings/claim-lost.ts';
import { claimMissing } from '../../findings/claim-missing.ts';
import { claimNotSafe } from '../../findings/claim-not-safe.ts';
import { claimReplaced } from '../../findings/claim-replaced.ts';
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
  { check: namespaceTerminating, severity: 'blocks', override: 'never', again: 'blocks' },
  { check: setBeingDeleted, severity: 'blocks', override: 'never', again: 'blocks' },
  { check: replicasChanged, severity: 'blocks', override: 'never', again: 'blocks' },
  { check: unhealthyMemberStays, severity: 'blocks', override: 'allow' },
  { check: rolloutInProgress, severity: 'blocks', override: 'allow', again: 'warns' },
  { check: rolloutStuck, severity: 'blocks', override: 'allow' },
  { check: baselineLostAtZero, severity: 'blocks', override: 'allow' },
  { check: hpaTargetsSet, severity: 'blocks', override: 'allow', again: 'warns' },
  { check: kedaTargetsSet, severity: 'blocks', override: 'allow', again: 'warns' },
  { check: claimsDeletedOnScaleDown, severity: 'blocks', override: 'allow', again: 'blocks' },
  { check: claimNotSafe, severity: 'blocks', override: 'allow', again: 'blocks' },
  { check: claimMissing, severity: 'blocks', override: 'allow', again: 'blocks' },
  { check: claimReplaced, severity: 'blocks', override: 'allow', again: 'blocks' },
  { check: pdbMinAvailable, severity: 'blocks', override: 'allow' },
  { check: operatorOwned, severity: 'blocks', override: 'allow' },
  { check: podOwnsObjects, severity: 'blocks', override: 'allow', again: 'blocks' },
  { check: releasedPod, severity: 'warns', override: 'allow' },
  { check: gitopsManaged, severity: 'warns', override: 'allow' },
  { check: shortGrace, severity: 'warns', override: 'allow' },
  { check: podOnLostNode, severity: 'warns', override: 'allow' },
  { check: podFinalizer, severity: 'warns', override: 'allow' },
  { check: heldByPartition, severity: 'warns', override: 'allow' },
  { check: foreignWriter, severity: 'warns', override: 'allow' },
  { check: ephemeralVolume, severity: 'notes', override: 'allow' },
  { check: replicasApplied, severity: 'notes', override: 'allow' },
];

export const scaleUpRules: readonly Rule[] = [
  { check: namespaceTerminating, severity: 'blocks', override: 'never', again: 'blocks' },
  { check: setBeingDeleted, severity: 'blocks', override: 'never', again: 'blocks' },
  { check: replicasChanged, severity: 'blocks', override: 'never', again: 'blocks' },
  { check: claimTerminating, severity: 'blocks', override: 'allow' },
  { check: claimLost, severity: 'blocks', override: 'never' },
  { check: claimMissing, severity: 'blocks', override: 'allow', again: 'blocks' },
  { check: claimReplaced, severity: 'blocks', override: 'allow', again: 'blocks' },
  { check: antiAffinityUnsatisfiable, severity: 'blocks', override: 'allow' },
  { check: quotaExceeded, severity: 'blocks', override: 'allow' },
  { check: storageClassMissing, severity: 'blocks', override: 'allow' },
  { check: releasedPod, severity: 'blocks', override: 'allow' },
  { check: unhealthyMemberStays, severity: 'warns', override: 'allow' },
  { check: staleClaimsReattached, severity: 'warns', override: 'allow' },
  { check: memberCountHardcoded, severity: 'warns', override: 'allow' },
  { check: hpaTargetsSet, severity: 'warns', override: 'allow' },
  { check: kedaTargetsSet, severity: 'warns', override: 'allow' },
  { check: operatorOwned, severity: 'warns', override: 'allow' },
  { check: gitopsManaged, severity: 'warns', override: 'allow' },
  { check: heldByPartition, severity: 'warns', override: 'allow' },
  { check: foreignWriter, severity: 'warns', override: 'allow' },
  { check: replicasApplied, severity: 'notes', override: 'allow' },
];
