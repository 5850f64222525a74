import type { Rule } from '../../findings/check.ts';
import { claimMissing } from '../../findings/claim-missing.ts';
import { claimNotSafe } from '../../findings/claim-not-safe.ts';
import { claimReplaced } from '../../findings/claim-replaced.ts';
import { ephemeralVolume } from '../../findings/ephemeral-volume.ts';
import { gitopsManaged } from '../../findings/gitops-managed.ts';
import { namespaceTerminating } from '../../findings/namespace-terminating.ts';
import { operatorOwned } from '../../findings/operator-owned.ts';
import { podFinalizer } from '../../findings/pod-finalizer.ts';
import { podOwnsObjects } from '../../findings/pod-owns-objects.ts';
import { releasedPod } from '../../findings/released-pod.ts';
import { setBeingDeleted } from '../../findings/set-being-deleted.ts';
import { CLAIMS_LOST, type ConsentRule } from '../operation.ts';

/** Every way out asks for a yes. */
export const abortConsent: ConsentRule = { kind: 'yes-no', typedIf: CLAIMS_LOST };

/** Whatever else is wrong is why somebody aborts: only what would destroy something, or could not end, is in the way. */
export const abortRules: readonly Rule[] = [
  { check: namespaceTerminating, severity: 'blocks', again: 'blocks' },
  { check: setBeingDeleted, severity: 'blocks', again: 'blocks' },
  { check: claimNotSafe, severity: 'blocks', again: 'blocks' },
  { check: claimMissing, severity: 'blocks', again: 'blocks' },
  { check: claimReplaced, severity: 'blocks', again: 'blocks' },
  { check: podOwnsObjects, severity: 'blocks', again: 'blocks' },
  { check: operatorOwned, severity: 'warns' },
  { check: gitopsManaged, severity: 'warns' },
  { check: podFinalizer, severity: 'warns' },
  { check: releasedPod, severity: 'warns' },
  { check: ephemeralVolume, severity: 'notes' },
];
