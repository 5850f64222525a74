import { retentionOf } from '../../domain/claims.ts';
import type { Service, StatefulSet } from '../../domain/kube.ts';
import { ordinalsOf, replicasOf } from '../../domain/naming.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import type { Archive } from '../../domain/stored.ts';
import type { ClaimState, Condition } from '../../plan/condition.ts';
import type { Step } from '../../plan/plan.ts';
import { readySteps } from '../member-steps.ts';
import { claimsIn } from '../planned-on.ts';
import { keptPromises } from '../promised-claims.ts';
import { fieldsToPutBack } from './fields.ts';

export interface RestoreFacts {
  readonly set: StatefulSet;
  readonly archive: Archive;
  /** Running Pods that the set takes over; none for a plain restore. */
  readonly adopted: readonly { readonly name: string; readonly uid: string }[];
  /** The set that this restore has created already, as it is: somebody may have scaled it. */
  readonly created?: StatefulSet;
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
    putBackStep(facts),
    handBackStep(facts),
    ...readySteps(ordinalsOf(facts.set), facts.timeoutMs),
    finishStep(facts),
  ];
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
    action: { do: 'write', write: { kind: 'record-on-index' } },
    preconditions: [...nothingThere(facts), claimsThere(facts)],
    verify: [],
    timeoutMs: facts.timeoutMs,
  };
}

/** The Service that `delete --with-service` took away. On a resumed restore it may be back already. */
function serviceSteps({ archive, timeoutMs }: RestoreFacts): readonly Step[] {
  const service = archive.service as unknown as Service | undefined;
  if (service === undefined) return [];
  const { name } = service.metadata;
  return [
    {
      id: `create-service/${name}`,
      title: `create Service ${name} again`,
      action: { do: 'write', write: { kind: 'create-service', name, archive: archive.name } },
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
    title: `create StatefulSet ${set.metadata.name} ${adopted.length === 0 ? 'with 0 replicas' : `around ${adopted.length} running Pods`}, retaining all claims`,
    action: { do: 'write', write: { kind: 'create-set', archive: archive.name, replicas: adopted.length } },
    preconditions: [...nothingThere(facts), claimsThere(facts)],
    verify: [],
    uninterruptible: true,
    timeoutMs,
  };
}

/** A step of its own, since only the creation must not be interrupted: who waits for a controller may leave. */
function observeStep({ adopted, timeoutMs }: RestoreFacts): Step {
  return {
    id: 'observe',
    title: adopted.length === 0 ? 'wait until the controller has seen it' : `wait until it has taken over ${adopted.length} running Pods`,
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

/** One patch to what it was: from here the controller goes on without us. */
function putBackStep(facts: RestoreFacts): Step {
  const { set, archive, adopted, created, timeoutMs } = facts;
  const { whenDeleted, whenScaled } = retentionOf(set);
  return {
    id: 'put-back',
    title: `set ${replicasOf(set)} replicas, update strategy and retention policy (${whenDeleted}/${whenScaled}) as archived`,
    action: { do: 'write', write: { kind: 'put-back', fields: fieldsToPutBack(archive.manifest) } },
    preconditions: [{ is: 'set-is', replicas: created === undefined ? adopted.length : replicasOf(created) }, claimsThere(facts)],
    verify: [{ is: 'set-observed' }],
    timeoutMs: timeoutMs * Math.max(1, ordinalsOf(set).length),
  };
}

function handBackStep({ archive, timeoutMs }: RestoreFacts): Step {
  return {
    id: 'hand-back',
    title: 'give the fields back to who owned them',
    action: { do: 'write', write: { kind: 'hand-back-fields', archive: archive.name } },
    preconditions: [],
    verify: [],
    timeoutMs,
  };
}

/** Claims that were there before we began must be the same objects; those created anew have no past to compare with. */
function finishStep(facts: RestoreFacts): Step {
  return {
    id: 'finish',
    title: 'verify the claims and close the record',
    action: { do: 'write', write: { kind: 'close-record', carrier: 'index', setDeleted: false } },
    preconditions: [{ is: 'claims-unchanged', claims: keptClaims(facts) }],
    verify: [],
    timeoutMs: facts.timeoutMs,
  };
}

/**
 * What was archived and must still be the same object. What is missing, replaced or going is left out where the operator
 * allowed it; otherwise it is expected, and stops what would start a member on other data.
 */
function promisedClaims({ archive, snapshot, allowed }: RestoreFacts): readonly ClaimState[] {
  return keptPromises(archive.claims, snapshot, allowed);
}

/** Those of them that are there: members that started on others have none to go back to. */
function keptClaims(facts: RestoreFacts): readonly ClaimState[] {
  const present = new Set(claimsIn(facts.snapshot).map(({ metadata }) => metadata.uid));
  return promisedClaims(facts).filter(({ uid }) => present.has(uid));
}
