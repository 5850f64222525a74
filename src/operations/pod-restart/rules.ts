import type { Rule } from '../../findings/check.ts';
import { evictionRefused } from '../../findings/eviction-refused.ts';
import { namespaceTerminating } from '../../findings/namespace-terminating.ts';
import { podFinalizer } from '../../findings/pod-finalizer.ts';
import { podOnLostNode } from '../../findings/pod-on-lost-node.ts';
import { podOwnsObjects } from '../../findings/pod-owns-objects.ts';
import { revisionWouldChange } from '../../findings/revision-would-change.ts';
import { setBeingDeleted } from '../../findings/set-being-deleted.ts';
import { shortGrace } from '../../findings/short-grace.ts';
import { unhealthyMemberStays } from '../../findings/unhealthy-member-stays.ts';
import type { ConsentRule } from '../operation.ts';

export const restartConsent: ConsentRule = { kind: 'yes-no' };

/** Row `restart POD` of the consent table (product, section 2). */
export const restartRules: readonly Rule[] = [
  { check: namespaceTerminating, severity: 'blocks' },
  { check: setBeingDeleted, severity: 'blocks' },
  { check: unhealthyMemberStays, severity: 'blocks' },
  { check: revisionWouldChange, severity: 'blocks' },
  { check: evictionRefused, severity: 'blocks' },
  { check: podOnLostNode, severity: 'blocks' },
  { check: podOwnsObjects, severity: 'blocks' },
  { check: shortGrace, severity: 'warns' },
  { check: podFinalizer, severity: 'warns' },
];
