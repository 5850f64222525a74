import { adoptedPodsRestart } from '../../findings/adopted-pods-restart.ts';
import { archiveNewer } from '../../findings/archive-newer.ts';
import { archiveOutlived } from '../../findings/archive-outlived.ts';
import { autoscalerWouldWake } from '../../findings/autoscaler-would-wake.ts';
import type { Check, Rule } from '../../findings/check.ts';
import { claimLost } from '../../findings/claim-lost.ts';
import { claimMissing } from '../../findings/claim-missing.ts';
import { claimNotSafe } from '../../findings/claim-not-safe.ts';
import { claimReplaced } from '../../findings/claim-replaced.ts';
import { claimTerminating } from '../../findings/claim-terminating.ts';
import { claimsDeletedOnScaleDown } from '../../findings/claims-deleted-on-scale-down.ts';
import { ephemeralVolume } from '../../findings/ephemeral-volume.ts';
import { gitopsManaged } from '../../findings/gitops-managed.ts';
import { liveMembers } from '../../findings/live-members.ts';
import { mixedRevisions } from '../../findings/mixed-revisions.ts';
import { namespaceTerminating } from '../../findings/namespace-terminating.ts';
import { operatorOwned } from '../../findings/operator-owned.ts';
import { podOwnsObjects } from '../../findings/pod-owns-objects.ts';
import { podsBeyondArchive } from '../../findings/pods-beyond-archive.ts';
import { quotaExceeded } from '../../findings/quota-exceeded.ts';
import { serviceMissing } from '../../findings/service-missing.ts';
import { setPresent } from '../../findings/set-present.ts';
import { CLAIMS_LOST, type ConsentRule } from '../operation.ts';

/** Also of a `cancel` that brings a set back. */
export const restoreConsent: ConsentRule = { kind: 'yes-no', typedIf: CLAIMS_LOST };

/** What is asked where Pods run and are adopted. */
const ADOPTING: ReadonlySet<Check> = new Set([
  podsBeyondArchive,
  claimsDeletedOnScaleDown,
  claimNotSafe,
  podOwnsObjects,
  ephemeralVolume,
  adoptedPodsRestart,
]);

export const isAboutAdoption = ({ check }: Rule): boolean => ADOPTING.has(check);

/** Row `restore` of the consent table (product, section 2). */
export const restoreRules: readonly Rule[] = [
  { check: namespaceTerminating, severity: 'blocks', again: 'blocks' },
  { check: setPresent, severity: 'blocks' },
  { check: liveMembers, severity: 'blocks' },
  { check: archiveNewer, severity: 'blocks' },
  { check: claimTerminating, severity: 'blocks', again: 'warns' },
  { check: claimLost, severity: 'blocks' },
  { check: claimMissing, severity: 'blocks', again: 'warns' },
  { check: claimReplaced, severity: 'blocks', again: 'warns' },
  { check: podsBeyondArchive, severity: 'blocks', again: 'blocks' },
  { check: claimsDeletedOnScaleDown, severity: 'blocks', again: 'blocks' },
  { check: claimNotSafe, severity: 'blocks', again: 'blocks' },
  { check: podOwnsObjects, severity: 'blocks', again: 'blocks' },
  { check: adoptedPodsRestart, severity: 'blocks', again: 'blocks' },
  { check: mixedRevisions, severity: 'blocks' },
  { check: archiveOutlived, severity: 'warns' },
  { check: quotaExceeded, severity: 'warns' },
  { check: autoscalerWouldWake, severity: 'warns' },
  { check: operatorOwned, severity: 'warns' },
  { check: gitopsManaged, severity: 'warns' },
  { check: serviceMissing, severity: 'warns' },
  { check: ephemeralVolume, severity: 'notes' },
];

/** The steps of a restore up to which no member has started: what is wrong with the claims can still be told in time. */
const BEFORE_THE_START: ReadonlySet<string> = new Set(['take', 'create-service', 'create-set']);

/** Whether a restore that came to this step may have started members: then it is finished, not taken back. */
export function hasStartedMembers(cursor: string): boolean {
  return !BEFORE_THE_START.has(cursor.split('/')[0] ?? '');
}

/** The same for a restore that goes on at this step: as long as no member has started, it blocks once more. */
export function rulesFrom(cursor: string | undefined): readonly Rule[] {
  if (cursor === undefined || hasStartedMembers(cursor)) return restoreRules;
  return restoreRules.map((rule) => (rule.again === undefined ? rule : { ...rule, again: 'blocks' }));
}
