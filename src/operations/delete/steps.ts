import { retentionOf } from '../../domain/claims.ts';
import type { RetentionPolicy, Service, StatefulSet } from '../../domain/kube.ts';
import { membersOf, releasedPods } from '../../domain/members.ts';
import { replicasOf, startOf } from '../../domain/naming.ts';
import { changeOf, type FieldChange } from '../../plan/action.ts';
import type { ClaimIdentity, ClaimState, Condition } from '../../plan/condition.ts';
import type { Step } from '../../plan/plan.ts';
import { ownsOnly } from '../dependents.ts';
import { archiveStep, leftAlone, refBeside, refOf, scaleDownSteps } from '../member-steps.ts';
import type { PlanInput } from '../operation.ts';
import { claimsIn, podsOf, reclaimsIn } from '../planned-on.ts';
import { stepTimeout } from '../timeouts.ts';
import { claimsToDelete, serviceToDelete } from './doomed.ts';
import type { DeleteOptions } from './options.ts';

type Input = PlanInput<DeleteOptions>;

/** All steps of a deletion in order; each says why it is there. */
export function deleteSteps(input: Input, set: StatefulSet, archive: string, claims: readonly ClaimState[]): readonly Step[] {
  const timeoutMs = stepTimeout(set, input.stepTimeoutMs);
  const { deleteClaims, withoutSecrets } = input.options;
  const service = serviceToDelete(input, set);
  const extra = {
    ...(service === undefined ? {} : { service: service.metadata.name }),
    place: withoutSecrets === true ? ('file' as const) : ('secret' as const),
  };
  return [
    archiveStep(archive, timeoutMs, extra),
    protectStep(set, timeoutMs),
    unownStep(set, claims, timeoutMs),
    ...leftOverSteps(input, set, 'above', timeoutMs),
    ...scaleDownSteps({
      set,
      snapshot: input.snapshot,
      from: replicasOf(set),
      to: 0,
      timeoutMs,
      retention: retained(set),
      sparesClaims: true,
      stayingReady: [],
    }),
    ...leftOverSteps(input, set, 'below', timeoutMs),
    ...(withoutSecrets === true ? [] : [handOverStep(set, claims, timeoutMs)]),
    deleteSetStep(input, set, claims, timeoutMs),
    ...deleteClaimSteps(input, set, claimsToDelete(input, claims), releasedUids(input, set), timeoutMs),
    ...(service === undefined ? [] : [deleteServiceStep(set, service, timeoutMs)]),
    ...claimsGoneStep(claimsToDelete(input, claims), timeoutMs),
    finishStep(set, deleteClaims === true ? [] : claims, timeoutMs, withoutSecrets === true),
  ];
}

/**
 * Retention policy to Retain/Retain while Pods exist: after scale-to-0 a policy change alone saves no claim [X]. Waits
 * until the controller has seen it, so that owner references stripped afterwards stay away.
 */
function protectStep(set: StatefulSet, timeoutMs: number): Step {
  const policy = retentionOf(set);
  const retains = policy.whenDeleted === 'Retain' && policy.whenScaled === 'Retain';
  const changes: readonly FieldChange[] = retains
    ? []
    : [{ path: '/spec/persistentVolumeClaimRetentionPolicy', from: { ...policy }, to: { whenDeleted: 'Retain', whenScaled: 'Retain' } }];
  return {
    id: 'protect',
    title: retains ? 'record the operation on the StatefulSet' : 'record the operation and set the PVC retention policy to Retain',
    action: changeOf(refOf(set), set.metadata.uid, changes),
    leaves: replicasOf(set),
    preconditions: [{ is: 'set-is', uid: set.metadata.uid, replicas: replicasOf(set) }],
    verify: [{ is: 'set-observed', uid: set.metadata.uid }],
    timeoutMs,
  };
}

/** The policy as it is once `protect` is done. */
function retained(set: StatefulSet): RetentionPolicy | undefined {
  const { whenDeleted, whenScaled } = retentionOf(set);
  const retains = whenDeleted === 'Retain' && whenScaled === 'Retain';
  return retains ? set.spec.persistentVolumeClaimRetentionPolicy : { whenDeleted: 'Retain', whenScaled: 'Retain' };
}

/** No claim may have an owner whose end would destroy it; what the controller does not take off itself, we do. */
function unownStep(set: StatefulSet, claims: readonly ClaimState[], timeoutMs: number): Step {
  const objects = claims.map(({ name, uid }) => ({ ref: refBeside(set, 'persistentvolumeclaims', name), uid }));
  return {
    id: 'unown',
    title: 'remove owner references that would delete the PVCs',
    action: { do: 'write', write: { verb: 'patch', objects, edit: { kind: 'disown', set: set.metadata.name, setUid: set.metadata.uid } } },
    leaves: replicasOf(set),
    preconditions: [],
    verify: [unowned(set, claims)],
    timeoutMs,
  };
}

function unowned(set: StatefulSet, claims: readonly ClaimState[]): Condition {
  return { is: 'claims-unowned', set: set.metadata.name, setUid: set.metadata.uid, claims: identities(claims) };
}

const identities = (claims: readonly ClaimState[]): readonly ClaimIdentity[] => claims.map(({ name, uid }) => ({ name, uid }));

/** Condemned members of an earlier, stuck scale-down, highest first: above the range, where they go before its members, or below. */
function leftOverSteps(input: Input, set: StatefulSet, where: 'above' | 'below', timeoutMs: number): readonly Step[] {
  const end = startOf(set) + replicasOf(set);
  const owned = ownsOnly(set, input.snapshot, true, () => true);
  return membersOf(set, podsOf(input.snapshot))
    .filter(({ inRange, pod, ordinal }) => !inRange && pod !== undefined && ordinal >= end === (where === 'above'))
    .toReversed()
    .map(({ name, ordinal }) => ({
      id: `left-over/${ordinal}`,
      title: `remove member ${name}, left from an earlier scale-down ${where} the range`,
      // Changes nothing but the cursor: a take-over must know which Pod we may be about to delete.
      action: changeOf(refOf(set), set.metadata.uid, []),
      leaves: where === 'above' ? replicasOf(set) : 0,
      preconditions: [{ is: 'set-is', uid: set.metadata.uid, replicas: where === 'above' ? replicasOf(set) : 0 }, ...owned(ordinal)],
      verify: [{ is: 'no-pod', name }],
      fallback: leftAlone(set, name),
      timeoutMs,
    }));
}

/** The set is about to go, and its annotation with it: from here the index Secret carries the record. */
function handOverStep(set: StatefulSet, claims: readonly ClaimState[], timeoutMs: number): Step {
  return {
    id: 'hand-over',
    title: 'note in the index that the set is about to be deleted',
    action: { do: 'write', write: { verb: 'record', do: 'move' } },
    leaves: 0,
    preconditions: [
      { is: 'set-is', uid: set.metadata.uid, replicas: 0 },
      { is: 'claims-unchanged', claims },
    ],
    verify: [],
    timeoutMs,
  };
}

/** Pods of a member's name that are not the set's lose nothing with it; the operator allowed to leave them. */
function releasedUids({ snapshot }: Input, set: StatefulSet): readonly string[] {
  return releasedPods(set, podsOf(snapshot)).map(({ metadata }) => metadata.uid);
}

function deleteSetStep(input: Input, set: StatefulSet, claims: readonly ClaimState[], timeoutMs: number): Step {
  return {
    id: 'delete-set',
    title: `delete StatefulSet ${set.metadata.name} (--cascade=orphan)`,
    action: { do: 'write', write: { verb: 'delete', ref: refOf(set), uid: set.metadata.uid, propagation: 'Orphan' } },
    leaves: 0,
    preconditions: [
      { is: 'set-is', uid: set.metadata.uid, replicas: 0 },
      { is: 'no-members', but: releasedUids(input, set) },
      unowned(set, claims),
    ],
    verify: [{ is: 'set-gone', uid: set.metadata.uid }],
    timeoutMs,
  };
}

/** @param but UIDs of Pods of a member's name that the operator allowed to leave; what they mount is still in use */
function deleteClaimSteps(
  { snapshot }: Input,
  set: StatefulSet,
  claims: readonly ClaimIdentity[],
  but: readonly string[],
  timeoutMs: number,
): readonly Step[] {
  if (claims.length === 0) return [];
  const reclaim = reclaimsIn(snapshot);
  const retained = claimsIn(snapshot).filter((claim) => reclaim(claim) === 'Retain');
  const kept = new Set(retained.map(({ metadata }) => metadata.uid));
  return claims.map(({ name, uid }) => ({
    id: `delete-claim/${name}`,
    title: `delete PVC ${name}${kept.has(uid) ? '; its volume is kept' : ', data included'}`,
    action: { do: 'write', write: { verb: 'delete', ref: refBeside(set, 'persistentvolumeclaims', name), uid } },
    preconditions: [{ is: 'set-absent' }, { is: 'no-members', but }, { is: 'claim-unused', name }],
    // Waited for together, once all are told: one that a finalizer holds keeps no other waiting.
    verify: [],
    timeoutMs,
  }));
}

function claimsGoneStep(claims: readonly ClaimIdentity[], timeoutMs: number): readonly Step[] {
  if (claims.length === 0) return [];
  const all = claims.map(({ name, uid }) => ({ name, uid }));
  return [
    {
      id: 'claims-gone',
      title: claims.length === 1 ? 'wait until the PVC is deleted' : `wait until all ${claims.length} PVCs are deleted`,
      action: { do: 'wait' },
      preconditions: [],
      verify: [{ is: 'claims-gone', claims: all }],
      timeoutMs,
    },
  ];
}

function deleteServiceStep(set: StatefulSet, service: Service, timeoutMs: number): Step {
  const { name, uid } = service.metadata;
  return {
    id: `delete-service/${name}`,
    title: `delete Service ${name}`,
    action: { do: 'write', write: { verb: 'delete', ref: refBeside(set, 'services', name), uid } },
    preconditions: [{ is: 'set-absent' }],
    verify: [],
    timeoutMs,
  };
}

/** Without Secrets the record went with the set, and only the proof is left to do. */
function finishStep(set: StatefulSet, claims: readonly ClaimState[], timeoutMs: number, withoutSecrets: boolean): Step {
  const proof: readonly Condition[] = [{ is: 'claims-unchanged', claims }, unowned(set, claims)];
  if (withoutSecrets)
    return { id: 'finish', title: 'verify the PVCs', action: { do: 'wait' }, preconditions: [], verify: proof, timeoutMs };
  return {
    id: 'finish',
    title: claims.length === 0 ? 'close the record' : 'verify the PVCs and mark the operation complete',
    action: { do: 'write', write: { verb: 'record', do: 'close', carrier: 'index', setDeleted: true } },
    preconditions: proof,
    verify: [],
    timeoutMs,
  };
}
