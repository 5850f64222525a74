import type { Claim, Volume } from '../../domain/kube.ts';
import { refTo } from '../../domain/object-ref.ts';
import { QUARANTINED, RETIRE_FINALIZER, RETIRED, retiredMarkOf } from '../../domain/volume-marks.ts';
import { changeOf, type FieldChange } from '../../plan/action.ts';
import type { Condition, ObjectUid } from '../../plan/condition.ts';
import type { Step } from '../../plan/plan.ts';
import { manifestOf } from '../pvc-manifest.ts';
import { labelled, policyChange, policyOf, unmarked, volumeRef } from '../volume-marking.ts';

/**
 * How a PVC is taken away and its data kept. Stopped after any of these writes no byte is lost, and no Pod starts on an empty volume
 * [X]: first the volume is retained, with the PVC's manifest on it; a finalizer then keeps the name taken while the PVC is deleted, so that
 * neither the controller nor a bot can make an empty one; before that finalizer is removed the volume is reserved for the name.
 */
export function retireSteps(claim: Claim, volume: Volume, timeoutMs: number): readonly Step[] {
  const retiring: Retiring = { claim, volume, timeoutMs };
  const isHeld = (claim.metadata.finalizers ?? []).includes(RETIRE_FINALIZER);
  const isDeleted = claim.metadata.deletionTimestamp !== undefined;
  const isMarked = retiredMarkOf(volume)?.uid === claim.metadata.uid && policyOf(volume) === 'Retain';
  return [
    ...(isMarked ? [] : [mark(retiring)]),
    ...(isHeld ? [] : [hold(retiring)]),
    isDeleted ? awaitDeletion(retiring) : deletion(retiring),
    ...(volume.spec.claimRef?.uid === undefined ? [] : [reserve(claim.metadata, volume, timeoutMs)]),
    release(retiring),
  ];
}

interface Retiring {
  readonly claim: Claim;
  readonly volume: Volume;
  readonly timeoutMs: number;
}

const identityOf = ({ metadata: { name, uid } }: Claim | Volume): ObjectUid => ({ name, uid });
const kept = (volume: Volume): Condition => ({ is: 'volume-kept', volume: identityOf(volume) });
const claimRef = ({ metadata: { namespace = '', name } }: Claim) => refTo('persistentvolumeclaims', namespace, name);

function unused({ claim }: Retiring): readonly Condition[] {
  const { name, uid } = claim.metadata;
  return [
    { is: 'claims-unchanged', claims: [{ name, uid, phase: 'Bound' }] },
    { is: 'claim-unused', name },
  ];
}

/** Retain and the manifest in one patch: from then on nothing that deletes the PVC deletes its data. */
export function mark(retiring: Retiring): Step {
  const { claim, volume, timeoutMs } = retiring;
  const { name, namespace = '', uid } = claim.metadata;
  // A volume that was retired before, and used again since, had its policy before that.
  const policy = retiredMarkOf(volume)?.policy ?? policyOf(volume);
  return {
    id: `mark-volume/${name}`,
    title: `set the reclaim policy of PV ${volume.metadata.name} to Retain and save PVC ${name} on it`,
    action: changeOf(volumeRef(volume), volume.metadata.uid, [...policyChange(volume, 'Retain'), ...labelled(volume, RETIRED, 'true')], {
      annotation: RETIRED,
      says: { policy, namespace, name, uid, manifest: manifestOf(claim) },
    }),
    preconditions: unused(retiring),
    verify: [kept(volume)],
    group: name,
    timeoutMs,
  };
}

function hold(retiring: Retiring): Step {
  const { claim, volume, timeoutMs } = retiring;
  const { name, uid, finalizers } = claim.metadata;
  const change: FieldChange = { path: '/metadata/finalizers', from: finalizers, to: [...(finalizers ?? []), RETIRE_FINALIZER] };
  return {
    id: `hold-claim/${name}`,
    title: `keep the name of PVC ${name} taken until its PV is reserved (finalizer ${RETIRE_FINALIZER})`,
    action: changeOf(claimRef(claim), uid, [change]),
    preconditions: [...unused(retiring), kept(volume)],
    verify: [],
    group: name,
    timeoutMs,
  };
}

/** A label and who, when and for which state of the set: nothing else of the PVC changes. */
export function quarantineStep(claim: Claim, says: { readonly set: string; readonly generation: number }, timeoutMs: number): Step {
  const { name, uid } = claim.metadata;
  return {
    id: `quarantine-claim/${name}`,
    title: `quarantine PVC ${name} (label ${QUARANTINED})`,
    action: changeOf(claimRef(claim), uid, labelled(claim, QUARANTINED, 'true'), { annotation: QUARANTINED, says }),
    preconditions: [{ is: 'claim-unused', name }],
    verify: [],
    group: name,
    timeoutMs,
  };
}

/** The StatefulSet wants it again. */
export function freeStep(claim: Claim, timeoutMs: number): Step {
  const { name, uid } = claim.metadata;
  return {
    id: `free-claim/${name}`,
    title: `end the quarantine of PVC ${name}`,
    action: changeOf(claimRef(claim), uid, unmarked(claim, QUARANTINED)),
    preconditions: [],
    verify: [],
    group: name,
    timeoutMs,
  };
}

const released = ({ claim }: Retiring): Condition => ({ is: 'claim-released', claim: identityOf(claim), finalizer: RETIRE_FINALIZER });

function deletion(retiring: Retiring): Step {
  const { claim, volume, timeoutMs } = retiring;
  const { name, uid } = claim.metadata;
  return {
    id: `delete-claim/${name}`,
    title: `delete PVC ${name}`,
    action: { do: 'write', write: { verb: 'delete', ref: claimRef(claim), uid } },
    preconditions: [...unused(retiring), kept(volume)],
    verify: [released(retiring)],
    group: name,
    timeoutMs,
  };
}

function awaitDeletion(retiring: Retiring): Step {
  const { claim, volume, timeoutMs } = retiring;
  const { name } = claim.metadata;
  return {
    id: `await-claim/${name}`,
    title: `wait until nothing uses PVC ${name}`,
    action: { do: 'wait' },
    preconditions: [kept(volume)],
    verify: [released(retiring)],
    group: name,
    timeoutMs,
  };
}

/** claimRef keeps the name and loses the UID: the next PVC of that name, whoever creates it, gets the data that is there. */
export function reserve({ name, namespace = '', uid }: Claim['metadata'], volume: Volume, timeoutMs: number): Step {
  const { uid: bound, resourceVersion } = volume.spec.claimRef ?? {};
  const off = (field: string, from: string | undefined): readonly FieldChange[] =>
    from === undefined ? [] : [{ path: `/spec/claimRef/${field}`, from, to: undefined }];
  return {
    id: `reserve-volume/${name}`,
    title: `reserve PV ${volume.metadata.name} for the next PVC named ${name}`,
    action: changeOf(volumeRef(volume), volume.metadata.uid, [...off('uid', bound), ...off('resourceVersion', resourceVersion)]),
    preconditions: [{ is: 'claim-released', claim: { name, uid }, finalizer: RETIRE_FINALIZER }, kept(volume)],
    verify: [{ is: 'volume-reserved', volume: identityOf(volume), claim: { namespace, name } }],
    group: name,
    timeoutMs,
  };
}

function release(retiring: Retiring): Step {
  const { claim, volume, timeoutMs } = retiring;
  const { name, namespace = '', uid } = claim.metadata;
  const reserved: Condition = { is: 'volume-reserved', volume: identityOf(volume), claim: { namespace, name } };
  return {
    id: `release-claim/${name}`,
    title: `remove the finalizer from PVC ${name}; verify that it is deleted and its PV reserved`,
    action: changeOf(claimRef(claim), uid, [{ path: '/metadata/finalizers', from: [RETIRE_FINALIZER], to: undefined }]),
    preconditions: [released(retiring), reserved],
    verify: [{ is: 'claims-gone', claims: [identityOf(claim)] }, reserved, kept(volume)],
    group: name,
    timeoutMs,
  };
}
