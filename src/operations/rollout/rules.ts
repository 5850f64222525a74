import { baselineNotCreatable } from '../../findings/baseline-not-creatable.ts';
import type { Rule } from '../../findings/check.ts';
import { claimMissing } from '../../findings/claim-missing.ts';
import { claimReplaced } from '../../findings/claim-replaced.ts';
import { ephemeralVolume } from '../../findings/ephemeral-volume.ts';
import { foreignWriter } from '../../findings/foreign-writer.ts';
import { forgottenPartition } from '../../findings/forgotten-partition.ts';
import { gitopsManaged } from '../../findings/gitops-managed.ts';
import { hpaTargetsSet } from '../../findings/hpa-targets-set.ts';
import { kedaTargetsSet } from '../../findings/keda-targets-set.ts';
import { manifestNotApplied } from '../../findings/manifest-not-applied.ts';
import { mixedRevisions } from '../../findings/mixed-revisions.ts';
import { mutableImageTag } from '../../findings/mutable-image-tag.ts';
import { namespaceTerminating } from '../../findings/namespace-terminating.ts';
import { operatorOwned } from '../../findings/operator-owned.ts';
import { podFinalizer } from '../../findings/pod-finalizer.ts';
import { podOwnsObjects } from '../../findings/pod-owns-objects.ts';
import { replicasChanged } from '../../findings/replicas-changed.ts';
import { rolloutChanged } from '../../findings/rollout-changed.ts';
import { rolloutInProgress } from '../../findings/rollout-in-progress.ts';
import { rolloutStuck } from '../../findings/rollout-stuck.ts';
import { setBeingDeleted } from '../../findings/set-being-deleted.ts';
import { shortGrace } from '../../findings/short-grace.ts';
import { unhealthyBaseline } from '../../findings/unhealthy-baseline.ts';
import { updatePending } from '../../findings/update-pending.ts';
import type { ConsentRule } from '../operation.ts';

export const rolloutConsent: ConsentRule = { kind: 'yes-no' };

/** Row `rollout start, … resume, restart, undo` of the consent table (product, section 2). */
export const rolloutRules: readonly Rule[] = [
  { check: namespaceTerminating, severity: 'blocks', again: 'blocks' },
  { check: setBeingDeleted, severity: 'blocks', again: 'blocks' },
  { check: replicasChanged, severity: 'blocks', again: 'blocks' },
  { check: rolloutChanged, severity: 'blocks', again: 'blocks' },
  { check: unhealthyBaseline, severity: 'blocks' },
  { check: forgottenPartition, severity: 'blocks' },
  { check: updatePending, severity: 'blocks' },
  { check: mixedRevisions, severity: 'blocks' },
  { check: rolloutInProgress, severity: 'blocks' },
  { check: rolloutStuck, severity: 'blocks' },
  { check: baselineNotCreatable, severity: 'blocks' },
  { check: hpaTargetsSet, severity: 'blocks', again: 'warns' },
  { check: kedaTargetsSet, severity: 'blocks', again: 'warns' },
  { check: operatorOwned, severity: 'blocks' },
  { check: podOwnsObjects, severity: 'blocks', again: 'warns' },
  { check: claimMissing, severity: 'blocks', again: 'blocks' },
  { check: claimReplaced, severity: 'blocks', again: 'blocks' },
  { check: gitopsManaged, severity: 'warns' },
  { check: mutableImageTag, severity: 'warns' },
  { check: manifestNotApplied, severity: 'warns' },
  { check: shortGrace, severity: 'warns' },
  { check: podFinalizer, severity: 'warns' },
  { check: foreignWriter, severity: 'warns' },
  { check: ephemeralVolume, severity: 'notes' },
];
