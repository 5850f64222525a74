import { retentionOf } from '../domain/claims.ts';
import type { Finding } from '../domain/finding.ts';
import type { RetentionPolicy, StatefulSet } from '../domain/kube.ts';
import { membersOf } from '../domain/members.ts';
import { ordinalsOf, replicasOf, startOf } from '../domain/naming.ts';
import { sliceOf, subjectOf } from '../domain/snapshot.ts';
import type { Intent } from '../findings/check.ts';
import { removedWith } from '../findings/removed-with.ts';
import { changeOf, type FieldChange } from '../plan/action.ts';
import type { Condition } from '../plan/condition.ts';
import type { Change, Step } from '../plan/plan.ts';
import { backDraft, CANCEL, closeIndexStep, handBackStep, isSetThere, titleOf } from './back.ts';
import { cancelConsent, goingBackRules } from './back-rules.ts';
import { dataLost, dependentFates, plannedOnDependents, withoutDependents } from './dependents.ts';
import { claimFates, memberFates, missingClaims } from './fate.ts';
import { leftBy } from './held.ts';
import { impactOf } from './impact.ts';
import { lossWithMember, lostClaims } from './losses.ts';
import { readySteps, scaleDownSteps } from './member-steps.ts';
import { type BackInput, consentTo, type PlanDraft, type WayBack } from './operation.ts';
import { archivedSet, liveSet } from './origin.ts';
import { plannedOnSet, podsOf } from './planned-on.ts';
import { keptPromises } from './promised-claims.ts';
import { stepTimeout } from './timeouts.ts';

/**
 * The way back that most operations need: every field that the record holds gets its value back. Pods that the operation
 * added leave, one at a time; those that it removed come back.
 */
export const putBack: WayBack = {
  intent: putBackIntent,
  rules: () => goingBackRules,
  plan: (input, intent, findings) => putBackDraft(input, intent, findings, false),
};

/** What putting the recorded fields back does to the Pods, for the checks: those beyond the recorded replicas leave. */
export function putBackIntent(input: BackInput): Intent {
  const { archive, record } = input.resume;
  const set = isSetThere(input) ? liveSet(input.snapshot) : archivedSet(archive);
  return {
    operation: CANCEL,
    goesBack: true,
    set: underBothPolicies(input, set),
    leaving: record.putBack.replicas === undefined ? [] : leavingOnCancel(input, set),
    arriving: ordinalsOf(archivedSet(archive)),
    staying: [],
    archive,
    ...leftBy(input),
  };
}

/**
 * Beyond the replicas that are put back: Pods that the operation added, and those that are left from an earlier scale-down.
 * A set that is not there has none.
 */
function leavingOnCancel(input: BackInput, set: StatefulSet): readonly number[] {
  const { putBack } = input.resume.record;
  const replicas = putBack.replicas ?? replicasOf(set);
  const places = new Map(membersOf(set, podsOf(input.snapshot)).map(({ ordinal, pod }) => [ordinal, pod]));
  return impactOf(places, { set: { ...set, spec: { ...set.spec, replicas } }, revision: undefined }).leaving;
}

/**
 * For what becomes of claims: a Pod left from an earlier scale-down may end under the policy that there is, or under the one
 * that is put back, and is lost by either. Those that the operation added are gone before anything is put back.
 */
function underBothPolicies(input: BackInput, set: StatefulSet): StatefulSet {
  const { retention } = input.resume.record.putBack;
  const hasLeftOver = membersOf(set, podsOf(input.snapshot)).some(({ inRange }) => !inRange);
  if (!hasLeftOver || retention?.whenScaled !== 'Delete') return set;
  return { ...set, spec: { ...set.spec, persistentVolumeClaimRetentionPolicy: retention } };
}

/** @param indexCarries the index holds a record of the same operation too, which is removed on the way */
export function putBackDraft(input: BackInput, intent: Intent, findings: readonly Finding[], indexCarries: boolean): PlanDraft {
  const live = liveSet(input.snapshot);
  const { record, archive } = input.resume;
  const target = record.putBack.replicas ?? replicasOf(live);
  const retention = live.spec.persistentVolumeClaimRetentionPolicy;
  const dependents = removedWith(input.snapshot, intent);
  const lost = new Set([...lostClaims(intent.set, intent.leaving, input.snapshot), ...dataLost(dependents)]);
  return {
    ...backDraft(input, findings),
    consent: consentTo(cancelConsent, live.metadata.name, lost.size > 0),
    summary: `${titleOf(record)} of StatefulSet ${live.metadata.name}: back to ${target} replicas`,
    changes: [...withoutDependents(cancelFate(input, live, target, intent), dependents), ...dependentFates(dependents, input.snapshot)],
    basedOn: [...plannedOnSet(live, input.snapshot), ...plannedOnDependents(dependents)],
    steps: wayBack(input, live, target, lost, indexCarries),
    ...(retention === undefined || replicasOf(live) <= target ? {} : { during: { retention } }),
    putBack: record.putBack,
    archive: archive.name,
  };
}

/**
 * Members that were added leave one at a time; then the fields get their values back; then those that were removed come back.
 * Each write leaves a record from which the same command resumes: the one on the set is removed last (docs/adr/0009).
 */
function wayBack(input: BackInput, live: StatefulSet, target: number, lost: ReadonlySet<string>, indexCarries: boolean): readonly Step[] {
  const timeoutMs = stepTimeout(live, input.stepTimeoutMs);
  const from = replicasOf(live);
  const to = Math.min(target, from);
  const retention = live.spec.persistentVolumeClaimRetentionPolicy;
  const facts = { set: live, snapshot: input.snapshot, from, to, timeoutMs, retention, sparesClaims: false, stayingReady: [] };
  const members = Array.from({ length: target }, (_, index) => startOf(live) + index);
  return [
    ...scaleDownSteps(facts),
    putBackStep(input, live, target, lost, timeoutMs),
    ...(indexCarries ? [closeIndexStep(timeoutMs)] : []),
    handBackStep(live, timeoutMs),
    ...readySteps(members, timeoutMs),
  ];
}

/** One atomic patch: every recorded field back, and on the set that this is a cancel. */
function putBackStep(input: BackInput, live: StatefulSet, target: number, lost: ReadonlySet<string>, timeoutMs: number): Step {
  const { record } = input.resume;
  const now = Math.min(replicasOf(live), Math.max(target, 0));
  const scaled: readonly FieldChange[] = now === target ? [] : [{ path: '/spec/replicas', from: now, to: target }];
  const changes = [...scaled, ...retentionChange(live, record.putBack.retention)];
  return {
    id: 'put-back',
    title: `restore replicas to ${target}${changes.length > 1 ? ' and the PVC retention policy' : ''}`,
    action: changeOf(subjectOf(input.snapshot.target), live.metadata.uid, changes),
    ifStopped: 'continues',
    preconditions: [{ is: 'set-is', uid: live.metadata.uid, replicas: now }, ...claimsThere(input, lost)],
    verify: [],
    timeoutMs,
  };
}

/** Members come back to the claims that they had; those that leave may take theirs along, where that was allowed. */
function claimsThere(input: BackInput, lost: ReadonlySet<string>): readonly Condition[] {
  if (sliceOf(input.snapshot, 'claims').state !== 'read') return [];
  const claims = keptPromises(input.resume.archive.claims, input.snapshot, input.allowed).filter(({ name }) => !lost.has(name));
  return claims.length === 0 ? [] : [{ is: 'claims-unchanged', claims }];
}

/** The retention policy back to what it was, if it is another now; a server without that field recorded none. */
function retentionChange(live: StatefulSet, recorded: RetentionPolicy | null | undefined): readonly FieldChange[] {
  if (recorded === undefined || recorded === null) return [];
  const { whenDeleted, whenScaled } = retentionOf(live);
  if (whenDeleted === (recorded.whenDeleted ?? 'Retain') && whenScaled === (recorded.whenScaled ?? 'Retain')) return [];
  const from = live.spec.persistentVolumeClaimRetentionPolicy;
  return [{ path: '/spec/persistentVolumeClaimRetentionPolicy', from: from === undefined ? undefined : { ...from }, to: { ...recorded } }];
}

function cancelFate(input: BackInput, live: StatefulSet, target: number, intent: Intent): readonly Change[] {
  const leaving = new Set(intent.leaving);
  const members = memberFates(
    { ...live, spec: { ...live.spec, replicas: Math.max(target, replicasOf(live)) } },
    input.snapshot,
    (ordinal) => (leaving.has(ordinal) ? 'removed' : 'runs'),
  );
  const claims = claimFates(live, input.snapshot, (ordinal, claim) => {
    const leaves = leaving.has(ordinal ?? Number.NaN);
    return leaves ? (lossWithMember(intent.set, claim) ?? 'retained (unused)') : 'kept';
  });
  return [...members, ...claims, ...missingClaims(input.resume.archive, input.snapshot, startOf(live) + target)];
}
