import type { Finding } from '../domain/finding.ts';
import { membersOf } from '../domain/members.ts';
import { listOf, type SliceName, type Snapshot, sliceOf } from '../domain/snapshot.ts';
import { furtherSlices, type Intent, type Rule, runChecks } from './check.ts';
import { claimNotSafe } from './claim-not-safe.ts';
import { claimShared } from './claim-shared.ts';
import { heldByPartition } from './held-by-partition.ts';
import { hpaTargetsSet } from './hpa-targets-set.ts';
import { kedaTargetsSet } from './keda-targets-set.ts';
import { namespaceTerminating } from './namespace-terminating.ts';
import { operatorOwned } from './operator-owned.ts';
import { podFinalizer } from './pod-finalizer.ts';
import { podOnLostNode } from './pod-on-lost-node.ts';
import { releasedPod } from './released-pod.ts';
import { rolloutStuck } from './rollout-stuck.ts';
import { shortGrace } from './short-grace.ts';

/** What `status NAME` shows below the tree: what the verdict does not say, and what the next change would meet. */
const RULES: readonly Rule[] = [
  { check: namespaceTerminating, severity: 'warns' },
  { check: claimNotSafe, severity: 'warns' },
  { check: claimShared, severity: 'warns' },
  { check: podOnLostNode, severity: 'warns' },
  { check: releasedPod, severity: 'warns' },
  { check: rolloutStuck, severity: 'warns' },
  { check: heldByPartition, severity: 'notes' },
  { check: podFinalizer, severity: 'notes' },
  { check: shortGrace, severity: 'notes' },
  { check: hpaTargetsSet, severity: 'notes' },
  { check: kedaTargetsSet, severity: 'notes' },
  { check: operatorOwned, severity: 'notes' },
];

/** Slices that these checks look at. */
export const LOOKING_NEEDS: readonly SliceName[] = [...new Set(RULES.flatMap(({ check }) => check.needs))];

/** Findings on a set that nobody is about to change: as if all its members were to go. None where there is no set. */
export function lookFindings(snapshot: Snapshot): readonly Finding[] {
  const intent = intentOn(snapshot);
  return intent === undefined ? [] : runChecks(RULES, snapshot, intent, []);
}

/** Slices that these checks take besides, on what was seen. */
export function lookFurther(snapshot: Snapshot): readonly SliceName[] {
  const intent = intentOn(snapshot);
  return intent === undefined ? [] : furtherSlices(RULES, snapshot, intent).advisory;
}

function intentOn(snapshot: Snapshot): Intent | undefined {
  const set = sliceOf(snapshot, 'set');
  if (set.state !== 'read') return undefined;
  const leaving = membersOf(set.value, listOf(snapshot, 'pods')).map(({ ordinal }) => ordinal);
  return { operation: 'delete', deletesSet: true, set: set.value, leaving, arriving: [], staying: [] };
}
