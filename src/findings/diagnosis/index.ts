import type { Severity } from '../../domain/finding.ts';
import { claimNotSafe } from '../claim-not-safe.ts';
import { claimShared } from '../claim-shared.ts';
import { foreignWriter } from '../foreign-writer.ts';
import { heldByPartition } from '../held-by-partition.ts';
import { hpaTargetsSet } from '../hpa-targets-set.ts';
import { kedaTargetsSet } from '../keda-targets-set.ts';
import { namespaceTerminating } from '../namespace-terminating.ts';
import { operatorOwned } from '../operator-owned.ts';
import { podFinalizer } from '../pod-finalizer.ts';
import { podOnLostNode } from '../pod-on-lost-node.ts';
import { releasedPod } from '../released-pod.ts';
import { shortGrace } from '../short-grace.ts';
import { baselineLost } from './baseline-lost.ts';
import { claimOwned } from './claim-owned.ts';
import { claimOwnerGone } from './claim-owner-gone.ts';
import { claimPending } from './claim-pending.ts';
import { claimResizeStuck } from './claim-resize-stuck.ts';
import { clientServiceShared } from './client-service-shared.ts';
import { containerNotStartable } from './container-not-startable.ts';
import { controllerNotReconciling } from './controller-not-reconciling.ts';
import { crashLoop } from './crash-loop.ts';
import { type Diagnosis, fromCheck } from './diagnosis.ts';
import { forcedRollback } from './forced-rollback.ts';
import { imagePullFailed } from './image-pull-failed.ts';
import { imageTagMoves } from './image-tag-moves.ts';
import { initNotFinished } from './init-not-finished.ts';
import { onDeleteDrift } from './on-delete-drift.ts';
import { outOfMemory } from './out-of-memory.ts';
import { partitionLeft } from './partition-left.ts';
import { pdbAllowsNone } from './pdb-allows-none.ts';
import { pdbMissing } from './pdb-missing.ts';
import { podNotCreated } from './pod-not-created.ts';
import { podNotReady } from './pod-not-ready.ts';
import { podOverQuota } from './pod-over-quota.ts';
import { podRejected } from './pod-rejected.ts';
import { podReplacedRepeatedly } from './pod-replaced-repeatedly.ts';
import { podStuckTerminating } from './pod-stuck-terminating.ts';
import { podUnschedulable } from './pod-unschedulable.ts';
import { podUpdateRefused } from './pod-update-refused.ts';
import { probeKillsContainer } from './probe-kills-container.ts';
import { provisionerSilent } from './provisioner-silent.ts';
import { readinessGateUnmet } from './readiness-gate-unmet.ts';
import { readinessProbeMissing } from './readiness-probe-missing.ts';
import { resourcesMissing } from './resources-missing.ts';
import { rolloutStuck } from './rollout-stuck.ts';
import { scaleDownStuck } from './scale-down-stuck.ts';
import { GOVERNING_SERVICE } from './services.ts';
import { setMissing } from './set-missing.ts';
import { spreadMissing } from './spread-missing.ts';
import { classBindsImmediately, classDeletesVolumes, classNotExpandable, classWithoutSnapshots } from './storage-class-practice.ts';
import { strategyOnDelete } from './strategy-on-delete.ts';
import { volumeMultiAttach } from './volume-multi-attach.ts';
import { volumeNodeConflict } from './volume-node-conflict.ts';
import { volumeNotMounted } from './volume-not-mounted.ts';

const failure = { severity: 'blocks', group: 'failure' } as const;
const hazard = { severity: 'warns', group: 'hazard' } as const;
const remark = { severity: 'notes', group: 'hazard' } as const;

/**
 * Every diagnosis there is, causes before what follows from them: of what is wrong with the same Pod the first that explains it is
 * told, and what is found first is what to do first.
 */
export const DIAGNOSES: readonly Diagnosis[] = [
  fromCheck(namespaceTerminating, failure),
  setMissing,
  controllerNotReconciling,
  fromCheck(podOnLostNode, { ...failure, explains: true }),
  fromCheck(claimNotSafe, failure),
  claimOwnerGone,
  forcedRollback,
  rolloutStuck,
  scaleDownStuck,
  fromCheck(releasedPod, failure),
  podOverQuota,
  podRejected,
  podNotCreated,
  claimPending,
  provisionerSilent,
  volumeNodeConflict,
  podUnschedulable,
  volumeMultiAttach,
  imagePullFailed,
  containerNotStartable,
  outOfMemory,
  probeKillsContainer,
  crashLoop,
  initNotFinished,
  readinessGateUnmet,
  podStuckTerminating,
  volumeNotMounted,
  podReplacedRepeatedly,
  podNotReady,
  fromCheck(claimShared, hazard),
  claimOwned,
  podUpdateRefused,
  fromCheck(heldByPartition, remark),
  baselineLost,
  partitionLeft,
  claimResizeStuck,
  onDeleteDrift,
  pdbAllowsNone,
  fromCheck(podFinalizer, { ...remark, isSymptom: true, explains: true }),
  fromCheck(shortGrace, remark),
  fromCheck(hpaTargetsSet, remark),
  fromCheck(kedaTargetsSet, remark),
  fromCheck(operatorOwned, remark),
  fromCheck(foreignWriter, remark),
  ...GOVERNING_SERVICE,
  clientServiceShared,
  readinessProbeMissing,
  resourcesMissing,
  spreadMissing,
  pdbMissing,
  strategyOnDelete,
  imageTagMoves,
  classBindsImmediately,
  classNotExpandable,
  classDeletesVolumes,
  classWithoutSnapshots,
];

/** What doctor reports besides: what only the look as a whole can say. */
export const REPORTED_BESIDES: Readonly<Record<string, Severity>> = { 'other-operation': 'blocks', 'evidence-unknown': 'warns' };

/** How severe doctor takes a finding of this id; undefined where it does not report it. */
export function severityInDoctor(id: string): Severity | undefined {
  return DIAGNOSES.find((diagnosis) => diagnosis.id === id)?.severity ?? REPORTED_BESIDES[id];
}
