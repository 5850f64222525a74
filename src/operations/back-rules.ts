import type { Rule } from '../findings/check.ts';
import { claimMissing } from '../findings/claim-missing.ts';
import { claimNotSafe } from '../findings/claim-not-safe.ts';
import { claimReplaced } from '../findings/claim-replaced.ts';
import { claimsDeletedOnScaleDown } from '../findings/claims-deleted-on-scale-down.ts';
import { ephemeralVolume } from '../findings/ephemeral-volume.ts';
import { namespaceTerminating } from '../findings/namespace-terminating.ts';
import { podOwnsObjects } from '../findings/pod-owns-objects.ts';
import { replicasChanged } from '../findings/replicas-changed.ts';
import { setBeingDeleted } from '../findings/set-being-deleted.ts';
import { CLAIMS_LOST, type ConsentRule } from './operation.ts';

/** Every way out asks for a yes, but what loses data. */
export const cancelConsent: ConsentRule = { kind: 'yes-no', typedIf: CLAIMS_LOST };

/**
 * Members that a scale-up added leave again, and those that were removed come back: whatever else is wrong is no reason to
 * stay, but that would destroy data, and this would start members without theirs.
 */
export const goingBackRules: readonly Rule[] = [
  { check: namespaceTerminating, severity: 'blocks', again: 'blocks' },
  { check: setBeingDeleted, severity: 'blocks', again: 'blocks' },
  { check: claimsDeletedOnScaleDown, severity: 'blocks' },
  { check: claimNotSafe, severity: 'blocks' },
  { check: podOwnsObjects, severity: 'blocks' },
  { check: claimMissing, severity: 'blocks' },
  { check: claimReplaced, severity: 'blocks' },
  { check: replicasChanged, severity: 'warns' },
  { check: ephemeralVolume, severity: 'notes' },
];

/** What only gives up a record asks for nothing but a namespace that stays. */
export const closingRules: readonly Rule[] = goingBackRules.filter(({ check }) => check === namespaceTerminating);
