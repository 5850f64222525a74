import type { StatefulSet } from '../../domain/kube.ts';
import { replicasOf } from '../../domain/naming.ts';
import { archiveOnlyInFile } from '../../findings/archive-only-in-file.ts';
import { archiveOutdated } from '../../findings/archive-outdated.ts';
import { baselineLostAtZero } from '../../findings/baseline-lost-at-zero.ts';
import type { Rule } from '../../findings/check.ts';
import { claimInUse } from '../../findings/claim-in-use.ts';
import { claimMissing } from '../../findings/claim-missing.ts';
import { claimNotSafe } from '../../findings/claim-not-safe.ts';
import { claimReplaced } from '../../findings/claim-replaced.ts';
import { claimShared } from '../../findings/claim-shared.ts';
import { ephemeralVolume } from '../../findings/ephemeral-volume.ts';
import { foreignWriter } from '../../findings/foreign-writer.ts';
import { gitopsManaged } from '../../findings/gitops-managed.ts';
import { heldByPartition } from '../../findings/held-by-partition.ts';
import { hpaTargetsSet } from '../../findings/hpa-targets-set.ts';
import { kedaTargetsSet } from '../../findings/keda-targets-set.ts';
import { namespaceTerminating } from '../../findings/namespace-terminating.ts';
import { operatorOwned } from '../../findings/operator-owned.ts';
import { pdbMinAvailable } from '../../findings/pdb-min-available.ts';
import { podFinalizer } from '../../findings/pod-finalizer.ts';
import { podOnLostNode } from '../../findings/pod-on-lost-node.ts';
import { podOwnsObjects } from '../../findings/pod-owns-objects.ts';
import { pvcFinalizer } from '../../findings/pvc-finalizer.ts';
import { releasedPod } from '../../findings/released-pod.ts';
import { replicasApplied } from '../../findings/replicas-applied.ts';
import { replicasChanged } from '../../findings/replicas-changed.ts';
import { rolloutProgressing } from '../../findings/rollout-progressing.ts';
import { rolloutStuck } from '../../findings/rollout-stuck.ts';
import { setBeingDeleted } from '../../findings/set-being-deleted.ts';
import { setFinalizer } from '../../findings/set-finalizer.ts';
import { shortGrace } from '../../findings/short-grace.ts';
import { unhealthyMembers } from '../../findings/unhealthy-members.ts';
import type { ConsentRule } from '../operation.ts';

export const deleteConsent: ConsentRule = { kind: 'typed' };

/** Row `delete` of the consent table (product, section 2): a broken set must be deletable, so ill health only warns. */
export const deleteRules: readonly Rule[] = [
  { check: namespaceTerminating, severity: 'blocks', again: 'blocks' },
  { check: setBeingDeleted, severity: 'blocks', again: 'blocks' },
  { check: replicasChanged, severity: 'blocks', again: 'blocks' },
  { check: archiveOutdated, severity: 'blocks', again: 'blocks' },
  { check: claimNotSafe, severity: 'blocks', again: 'blocks' },
  { check: claimInUse, severity: 'blocks', again: 'warns' },
  { check: claimShared, severity: 'blocks' },
  { check: claimMissing, severity: 'blocks', again: 'blocks' },
  { check: claimReplaced, severity: 'blocks', again: 'blocks' },
  { check: rolloutProgressing, severity: 'blocks' },
  { check: hpaTargetsSet, severity: 'blocks', again: 'warns' },
  { check: kedaTargetsSet, severity: 'blocks', again: 'warns' },
  { check: operatorOwned, severity: 'blocks' },
  { check: podOwnsObjects, severity: 'blocks', again: 'blocks' },
  { check: releasedPod, severity: 'blocks' },
  { check: archiveOnlyInFile, severity: 'warns' },
  { check: unhealthyMembers, severity: 'warns' },
  { check: rolloutStuck, severity: 'warns' },
  { check: heldByPartition, severity: 'warns' },
  { check: baselineLostAtZero, severity: 'warns' },
  { check: gitopsManaged, severity: 'warns' },
  { check: shortGrace, severity: 'warns' },
  { check: podOnLostNode, severity: 'warns' },
  { check: podFinalizer, severity: 'warns' },
  { check: setFinalizer, severity: 'warns', again: 'warns' },
  { check: pvcFinalizer, severity: 'warns', again: 'warns' },
  { check: foreignWriter, severity: 'warns' },
  { check: ephemeralVolume, severity: 'notes' },
  { check: pdbMinAvailable, severity: 'notes' },
  { check: replicasApplied, severity: 'notes' },
];

/**
 * At 0 replicas a deletion that goes on may have deleted the set itself, and finds it waiting for a finalizer: then it waits
 * as well. Before that it was another client, and the garbage collector takes the Pods.
 */
export function rulesAt(set: StatefulSet | undefined): readonly Rule[] {
  if (set === undefined || replicasOf(set) > 0) return deleteRules;
  return deleteRules.map(({ again, ...rule }) => (rule.check === setBeingDeleted || again === undefined ? rule : { ...rule, again }));
}
