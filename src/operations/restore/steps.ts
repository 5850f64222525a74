import { retentionOf } from '../../domain/claims.ts';
import type { Service, StatefulSet } from '../../domain/kube.ts';
import { isAvailable, podsNamedAfter } from '../../domain/members.ts';
import { memberName, ordinalsOf, replicasOf, startOf } from '../../domain/naming.ts';
import { isOpenToUpdates } from '../../domain/revisions.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import type { Archive } from '../../domain/stored.ts';
import { putBackOf } from '../../plan/action.ts';
import type { ClaimState, Condition, PodIdentity } from '../../plan/condition.ts';
import type { Step } from '../../plan/plan.ts';
import { ownsOnly } from '../dependents.ts';
import { readySteps, refBeside, refOf } from '../member-steps.ts';
import { claimsIn, podsOf } from '../planned-on.ts';
import { claimStates, keptPromises } from '../promised-claims.ts';
import type { Adoption } from './adoption.ts';
import { fieldsToPutBack, RETAIN_ALL, retaining } from './fields.ts';

export interface RestoreFacts {
  readonly set: StatefulSet;
  readonly archive: Archive;
  /** Running Pods that the set takes over; none for a plain restore. */
  readonly adopted: readonly PodIdentity[];
  /** What becomes of them. */
  readonly adoption: Adoption;
  /** Names of the claims that are lost with Pods that leave. */
  readonly lost: ReadonlySet<string>;
  /** The set that this restore has created already, as it is: somebody may have scaled it. */
  readonly created: StatefulSet | undefined;
  readonly snapshot: Snapshot;
  /** Findings that the operator allowed: a claim that they are about is not waited for. */
  readonly allowed: readonly string[];
  readonly timeoutMs: number;
}

export function restoreSteps(facts: RestoreFacts): readonly Step[] {
  return [
    takeStep(facts),
    ...serviceSteps(facts),
    createStep(facts),
    observeStep(facts),
    ...leavingSteps(facts),
    putBackStep(facts),
    handBackStep(facts),
    ...readySteps(ordinalsOf(facts.set), facts.timeoutMs).map((step) => ({ ...step, verify: [...updated(facts), ...step.verify] })),
    finishStep(facts),
  ];
}

/** Adopted Pods that the controller replaces, as the plan says, are replaced before all is over. */
function updated({ set, adopted }: RestoreFacts): readonly Condition[] {
  const ordinals = adopted.length === 0 ? [] : ordinalsOf(set).filter((ordinal) => isOpenToUpdates(set, ordinal));
  return ordinals.length === 0 ? [] : [{ is: 'members-updated', ordinals }];
}

/** Nothing of that name may live: a set created over orphaned Pods adopts and condemns them [X]. */
function nothingThere({ adopted }: RestoreFacts): readonly Condition[] {
  return adopted.length > 0 ? [{ is: 'set-absent' }] : [{ is: 'set-absent' }, { is: 'no-members', but: [] }];
}

function claimsThere(facts: RestoreFacts): Condition {
  return { is: 'claims-unchanged', claims: promisedClaims(facts) };
}

function takeStep(facts: RestoreFacts): Step {
  return {
    id: 'take',
    title: 'note in the index that the set is being restored',
    action: { do: 'write', write: { verb: 'record', do: 'move' } },
    preconditions: [...nothingThere(facts), claimsThere(facts)],
    verify: [],
    timeoutMs: facts.timeoutMs,
  };
}

/** The Service that `delete --with-service` took away. On a resumed restore it may be back already. */
function serviceSteps({ set, archive, timeoutMs }: RestoreFacts): readonly Step[] {
  const service = archive.service as unknown as Service | undefined;
  if (service === undefined) return [];
  const { name } = service.metadata;
  return [
    {
      id: `create-service/${name}`,
      title: `create Service ${name} again`,
      action: { do: 'write', write: { verb: 'create', ref: refBeside(set, 'services', name), archive: archive.name } },
      preconditions: [],
      verify: [],
      timeoutMs,
    },
  ];
}

function createStep(facts: RestoreFacts): Step {
  const { set, archive, adopted, timeoutMs } = facts;
  return {
    id: 'create-set',
    title: `create StatefulSet ${set.metadata.name} ${adopted.length === 0 ? 'with 0 replicas' : `around ${adopted.length} running Pods`}, retaining all PVCs`,
    action: { do: 'write', write: { verb: 'create', ref: refOf(set), archive: archive.name, replicas: adopted.length } },
    preconditions: [...nothingThere(facts), claimsThere(facts)],
    verify: [],
    section: 'create',
    timeoutMs,
  };
}

/** A step of its own, since only the creation must not be interrupted: who waits for a controller may leave. */
function observeStep({ adopted, timeoutMs }: RestoreFacts): Step {
  return {
    id: 'observe',
    title:
      adopted.length === 0
        ? 'wait for the controller to observe the new StatefulSet'
        : `wait until it has taken over ${adopted.length} running Pods`,
    action: { do: 'wait' },
    preconditions: [],
    verify: [
      { is: 'set-present' },
      { is: 'set-observed' },
      ...(adopted.length === 0 ? [] : [{ is: 'pods-adopted', pods: adopted } as const]),
    ],
    timeoutMs,
  };
}

/**
 * Pods that run beyond the saved range leave as by a scale-down, and before the saved policies are put back: whatever those
 * say, their claims are retained. Each patch says so once more.
 */
function leavingSteps({ set, adoption, snapshot, timeoutMs }: RestoreFacts): readonly Step[] {
  const pods = podsNamedAfter(set.metadata.name, podsOf(snapshot));
  const ready = adoption.kept.filter((ordinal) => {
    const pod = pods.get(ordinal);
    return pod !== undefined && isAvailable(pod, set.spec.minReadySeconds ?? 0, snapshot.now);
  });
  const owns = ownsOnly(retaining(set), snapshot, false, goes(adoption), []);
  const stayReady: readonly Condition[] = ready.length === 0 ? [] : [{ is: 'members-ready', ordinals: ready }];
  return adoption.leaving.toReversed().map((ordinal) => {
    const replicas = ordinal - startOf(set);
    const name = memberName(set.metadata.name, ordinal);
    return {
      id: `scale-down/${ordinal}`,
      title: `delete Pod ${name} (beyond the saved replicas)`,
      action: putBackOf(refOf(set), [
        { path: '/spec/persistentVolumeClaimRetentionPolicy', to: RETAIN_ALL },
        { path: '/spec/replicas', to: replicas },
      ]),
      leaves: replicas,
      preconditions: [{ is: 'set-is', replicas: replicas + 1 }, ...owns(ordinal), ...stayReady],
      verify: [{ is: 'set-observed' }, { is: 'no-pod', name }, ...stayReady],
      timeoutMs,
    };
  });
}

/** Pods that end, for good or to be replaced. */
function goes({ leaving, restarting }: Adoption): (ordinal: number) => boolean {
  const ordinals = new Set([...leaving, ...restarting]);
  return (ordinal) => ordinals.has(ordinal);
}

/** Those of them that are left as they are. */
function keptPods({ set, adopted, adoption }: RestoreFacts): readonly PodIdentity[] {
  const names = new Set(adoption.kept.map((ordinal) => memberName(set.metadata.name, ordinal)));
  return adopted.filter(({ name }) => names.has(name));
}

/** Those that would be restarted if the template were another one than it was: by the saved partition and strategy, not every one is. */
function mustNotRestart(facts: RestoreFacts): readonly Condition[] {
  const { set, adoption } = facts;
  const open = new Set(
    adoption.kept.filter((ordinal) => isOpenToUpdates(set, ordinal)).map((ordinal) => memberName(set.metadata.name, ordinal)),
  );
  const pods = keptPods(facts).filter(({ name }) => open.has(name));
  return pods.length === 0 ? [] : [{ is: 'pods-of-update-revision', pods }];
}

/** One patch to what it was: from here the controller goes on without us. */
function putBackStep(facts: RestoreFacts): Step {
  const { set, archive, adopted, adoption, created, snapshot, timeoutMs } = facts;
  const { whenDeleted, whenScaled } = retentionOf(set);
  const now = Math.min(created === undefined ? adopted.length : replicasOf(created), replicasOf(set));
  const conditions: readonly Condition[] = [
    { is: 'pods-in-range', start: startOf(set), replicas: replicasOf(set) },
    ...mustNotRestart(facts),
    ...adoption.restarting.flatMap(ownsOnly(retaining(set), snapshot, false, goes(adoption), [])),
  ];
  return {
    id: 'put-back',
    title: `set ${replicasOf(set)} replicas, update strategy and retention policy (${whenDeleted}/${whenScaled}) as archived`,
    action: putBackOf(refOf(set), fieldsToPutBack(archive.manifest)),
    ifStopped: 'final',
    preconditions: [{ is: 'set-is', replicas: now }, ...conditions, claimsThere(facts)],
    verify: [{ is: 'set-observed' }],
    timeoutMs: timeoutMs * Math.max(1, ordinalsOf(set).length),
  };
}

function handBackStep({ set, archive, timeoutMs }: RestoreFacts): Step {
  return {
    id: 'hand-back',
    title: 'restore field ownership (managedFields)',
    action: { do: 'write', write: { verb: 'patch', objects: [{ ref: refOf(set) }], edit: { kind: 'managers', archive: archive.name } } },
    preconditions: [],
    verify: [],
    timeoutMs,
  };
}

/** Claims that were there before we began must be the same objects; those created anew have no past to compare with. */
function finishStep(facts: RestoreFacts): Step {
  return {
    id: 'finish',
    title: 'verify the PVCs and mark the operation complete',
    action: { do: 'write', write: { verb: 'record', do: 'close', carrier: 'index', setDeleted: false } },
    preconditions: [
      { is: 'claims-unchanged', claims: keptClaims(facts) },
      // What is said of adopted Pods in the end is said of those that the plan leaves as they are.
      ...(facts.adopted.length === 0 ? [] : [{ is: 'pods-adopted', pods: keptPods(facts) } as const]),
    ],
    verify: [],
    timeoutMs: facts.timeoutMs,
  };
}

/**
 * What was archived and must still be the same object. What is missing, replaced or going is left out where the operator
 * allowed it; otherwise it is expected, and stops what would start a member on other data.
 */
function promisedClaims({ set, archive, adopted, adoption, lost, snapshot, allowed }: RestoreFacts): readonly ClaimState[] {
  const saved = keptPromises(archive.claims, snapshot, allowed);
  const names = new Set(archive.claims.map(({ name }) => name));
  // What running Pods use is promised too, be it saved or not.
  const inUse = new Set(adopted.length === 0 ? [] : [...adoption.kept, ...adoption.restarting, ...adoption.leaving]);
  const used = claimStates(set, snapshot, (ordinal) => inUse.has(ordinal ?? Number.NaN)).filter(({ name }) => !names.has(name));
  return [...saved, ...used].filter(({ name }) => !lost.has(name));
}

/** Those of them that are there: members that started on others have none to go back to. */
function keptClaims(facts: RestoreFacts): readonly ClaimState[] {
  const present = new Set(claimsIn(facts.snapshot).map(({ metadata }) => metadata.uid));
  return promisedClaims(facts).filter(({ uid }) => present.has(uid));
}
