import { claimsOf, retentionOf } from '../../domain/claims.ts';
import { RefusedError, UsageError } from '../../domain/errors.ts';
import type { Finding } from '../../domain/finding.ts';
import { whyUnhealthy } from '../../domain/health.ts';
import type { Claim, StatefulSet } from '../../domain/kube.ts';
import { isTerminating, podsNamedAfter } from '../../domain/members.ts';
import { memberName, replicasOf, startOf } from '../../domain/naming.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import type { Intent } from '../../findings/check.ts';
import { removedWith } from '../../findings/removed-with.ts';
import type { Change, NothingToDo, Step } from '../../plan/plan.ts';
import { archiveNameFor } from '../archive-name.ts';
import { dataLost, dependentFates, plannedOnDependents, withoutDependents } from '../dependents.ts';
import { claimFates, memberFates } from '../fate.ts';
import { leftBy } from '../held.ts';
import { lossWithMember, lostClaims } from '../losses.ts';
import { archiveStep, scaleDownSteps } from '../member-steps.ts';
import { consentTo, type PlanDraft, type PlanInput } from '../operation.ts';
import { liveSet, originalSet } from '../origin.ts';
import { claimsIn, plannedOnSet, podsOf } from '../planned-on.ts';
import { promisedClaims } from '../promised-claims.ts';
import { stepTimeout } from '../timeouts.ts';
import { checkGates, gatedDown, upSteps } from './gated.ts';
import type { ScaleOptions } from './options.ts';
import { scaleConsent } from './rules.ts';

type Input = PlanInput<ScaleOptions>;

/** A plan names every member; no cluster runs a set of more, and the API server's own limits lie near. */
const MOST_MEMBERS = 10_000;

/** Findings whose being allowed means that claims may go with their members. */
const LOSSES = ['claims-deleted-on-scale-down', 'claim-not-safe'];

/** @throws RefusedError when --current-replicas does not hold, UsageError for an absurd number */
export function scaleIntent(input: Input): Intent | NothingToDo {
  const live = liveSet(input.snapshot);
  const set = originalSet(input);
  const { replicas: to, currentReplicas } = input.options;
  const from = replicasOf(set);
  if (input.resume === undefined && currentReplicas !== undefined && currentReplicas !== from) {
    throw new RefusedError(`StatefulSet ${set.metadata.name} has ${from} replicas, --current-replicas says ${currentReplicas}`);
  }
  if (input.resume === undefined && from === to)
    return { outcome: 'nothing-to-do', message: `StatefulSet ${set.metadata.name} already has ${to} replicas` };
  checkGates(input.options, from, set);
  if (to > MOST_MEMBERS) throw new UsageError(`--replicas ${to} is more than ${MOST_MEMBERS} members`, 'is it a typing error?');
  const start = startOf(set);
  const ordinals = (first: number, end: number): readonly number[] =>
    Array.from({ length: Math.max(0, end - first) }, (_, index) => start + first + index);
  return {
    operation: 'scale',
    scales: true,
    set: live,
    leaving: ordinals(to, from),
    arriving: ordinals(from, to),
    staying: ordinals(0, Math.min(from, to)),
    ...begunWith(input, set),
    ...leftBy(input),
  };
}

/** What was there when a scale that goes on began: a claim lost since is a finding. */
function begunWith(input: Input, set: StatefulSet): Pick<Intent, 'archive'> {
  const { resume, options } = input;
  if (resume === undefined) return {};
  const stays = staysAt(input, set, options.replicas);
  return { archive: { ...resume.archive, claims: resume.archive.claims.filter(({ ordinal }) => stays(ordinal)) } };
}

export function scalePlan(input: Input, intent: Intent, findings: readonly Finding[]): PlanDraft {
  const set = originalSet(input);
  const name = set.metadata.name;
  const from = replicasOf(set);
  const { replicas: to } = input.options;
  const archive = input.resume?.record.archive ?? archiveNameFor(input.snapshot);
  const timeoutMs = stepTimeout(set, input.stepTimeoutMs);
  const dependents = removedWith(input.snapshot, intent);
  const lost = new Set([...lostClaims(intent.set, intent.leaving, input.snapshot), ...dataLost(dependents)]);
  const move = to < from ? gatedDown(input.options, set, downSteps(input, intent, set, timeoutMs)) : upSteps(input.options, set, timeoutMs);
  return {
    schema: 1,
    operation: 'scale',
    cluster: input.snapshot.cluster,
    target: input.snapshot.target,
    options: { ...input.options },
    allowed: input.allowed,
    summary: `scale StatefulSet ${name} ${to < from ? 'down' : 'up'} from ${from} to ${to}${to < from ? ', one member at a time, highest first' : ''}`,
    findings,
    changes: [...withoutDependents(scaleFate(input, intent, set), dependents), ...dependentFates(dependents, input.snapshot)],
    basedOn: [...plannedOnSet(intent.set, input.snapshot), ...plannedOnDependents(dependents)],
    steps: [archiveStep(archive, timeoutMs), ...move, finish(input, lost, set, timeoutMs)],
    ...(input.resume === undefined ? {} : { from: input.resume.record.cursor }),
    during: {
      spec: 'as-begun',
      ...(to < from && intent.set.spec.persistentVolumeClaimRetentionPolicy !== undefined
        ? { retention: intent.set.spec.persistentVolumeClaimRetentionPolicy }
        : {}),
    },
    consent: consentTo(scaleConsent, name, lost.size > 0),
    putBack: { replicas: from },
    archive,
  };
}

/**
 * The others must be Ready before and between removals; not asked of members that the operator allowed to be unhealthy,
 * nor of those that leave later and are not now.
 */
function downSteps(input: Input, intent: Intent, set: StatefulSet, timeoutMs: number): readonly Step[] {
  const strict = !input.allowed.includes('unhealthy-member-stays');
  return scaleDownSteps({
    set,
    snapshot: input.snapshot,
    from: replicasOf(set),
    to: input.options.replicas,
    timeoutMs,
    retention: intent.set.spec.persistentVolumeClaimRetentionPolicy,
    sparesClaims: false,
    stayingReady: strict && input.options.replicas > 0 ? [...intent.staying, ...healthyAmong(intent.leaving, set, input.snapshot)] : [],
  });
}

function healthyAmong(ordinals: readonly number[], set: StatefulSet, snapshot: Snapshot): readonly number[] {
  const pods = podsNamedAfter(set.metadata.name, podsOf(snapshot));
  return ordinals.filter((ordinal) => whyUnhealthy(pods.get(ordinal), set.spec.minReadySeconds ?? 0, snapshot.now) === undefined);
}

/** Claims that go with the members that leave are not expected to stay; the operator allowed that. */
function finish(input: Input, lost: ReadonlySet<string>, set: StatefulSet, timeoutMs: number): Step {
  const to = input.options.replicas;
  return {
    id: 'finish',
    title: 'verify the PVCs and remove the operation record',
    action: { do: 'write', write: { verb: 'record', do: 'close', carrier: 'set', uid: set.metadata.uid } },
    leaves: to,
    preconditions: [
      { is: 'set-is', uid: set.metadata.uid, replicas: to },
      {
        is: 'claims-unchanged',
        claims: promisedClaims(input, set, staysAt(input, set, to)).filter(({ name }) => !lost.has(name)),
      },
    ],
    verify: [],
    timeoutMs,
  };
}

/**
 * By the policy when it began, and the one that there is now and that was allowed. Of a loss that was allowed when it began,
 * the archive does not tell which claims it was about.
 */
function staysAt({ snapshot, resume, allowed }: Input, set: StatefulSet, to: number): (ordinal: number | undefined) => boolean {
  const byPolicy = [set, liveSet(snapshot)].some((one) => retentionOf(one).whenScaled === 'Delete');
  const takes = byPolicy || (resume !== undefined && LOSSES.some((id) => allowed.includes(id)));
  return (ordinal) => !takes || ordinal === undefined || ordinal < startOf(set) + to;
}

function scaleFate(input: Input, intent: Intent, set: StatefulSet): readonly Change[] {
  const [leaving, arriving] = [new Set(intent.leaving), new Set(intent.arriving)];
  const since = createdSince(input);
  const members = memberFates(set, input.snapshot, (ordinal, pod) => {
    if (leaving.has(ordinal)) return pod === undefined && input.resume !== undefined ? 'already removed' : 'removed';
    return arriving.has(ordinal) && pod !== undefined && isTerminating(pod) ? 'created again' : 'stays';
  });
  const claims = claimFates(set, input.snapshot, (ordinal, claim) => {
    if (ordinal === undefined || !leaving.has(ordinal)) {
      if (!arriving.has(ordinal ?? -1)) return 'kept';
      return since(claim) ? 'kept, created since the operation began' : 'reused; keeps its existing data';
    }
    return lossWithMember(intent.set, claim) ?? 'kept, parked';
  });
  const old = claimsOf(set, podsOf(input.snapshot), claimsIn(input.snapshot)).filter(({ claim }) => !since(claim));
  const existing = new Set(old.map(({ ordinal }) => ordinal));
  const listed = new Set(members.map(({ name }) => name));
  const fresh: readonly Change[] = intent.arriving.map((ordinal) => ({
    kind: 'Pod',
    name: memberName(set.metadata.name, ordinal),
    before: 'not there',
    after: existing.has(ordinal) ? 'created with its existing PVCs' : 'created',
  }));
  return [...members, ...fresh.filter(({ name }) => !listed.has(name)), ...claims];
}

/** Whether a claim is new since a scale that resumes began: no old data. */
function createdSince({ resume }: Input): (claim: Claim) => boolean {
  if (resume === undefined) return () => false;
  const before = new Set(resume.archive.claims.map(({ uid }) => uid));
  return ({ metadata }) => !before.has(metadata.uid);
}
