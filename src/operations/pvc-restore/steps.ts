import type { Claim, Volume } from '../../domain/kube.ts';
import { refTo } from '../../domain/object-ref.ts';
import { RETIRE_FINALIZER, RETIRED, retiredMarkOf } from '../../domain/volume-marks.ts';
import { changeOf, type FieldChange } from '../../plan/action.ts';
import type { Condition, ObjectUid } from '../../plan/condition.ts';
import type { Step } from '../../plan/plan.ts';
import { mark, reserve } from '../pvc-retire/steps.ts';
import { policyChange, unmarked, volumeRef } from '../volume-marking.ts';
import type { Restoring, Swap } from './choice.ts';

/**
 * How a retired PVC comes back. The volume is reserved for the name before a PVC of that name can be made, and gets its old policy only
 * when the two are bound to each other by UID: with another UID in claimRef and policy Delete the PV controller destroys it [X].
 */
export function restoreSteps(restoring: Restoring, namespace: string, timeoutMs: number): readonly Step[] {
  const { present, swap } = restoring;
  const reserved = reserving(restoring, namespace, timeoutMs);
  const ends = finish(restoring, timeoutMs);
  const creates = create(restoring, namespace, timeoutMs);
  if (swap !== undefined) {
    const removes = removePresent(swap, restoring.retired.volume, timeoutMs);
    return [...keepOther(swap, timeoutMs), ...reserved, removes, creates, ends];
  }
  if (present === undefined) return [...reserved, creates, ends];
  return [...reserved, ...keepOwn(present, timeoutMs), awaitBinding(restoring, timeoutMs), ends];
}

/** Where it is neither reserved nor bound to the PVC that is there. */
function reserving({ name, retired, present }: Restoring, namespace: string, timeoutMs: number): readonly Step[] {
  const { volume, mark: saved } = retired;
  const uid = volume.spec.claimRef?.uid;
  if (uid === undefined || uid === present?.metadata.uid) return [];
  return [reserve({ name, namespace, uid: saved.uid, resourceVersion: '' }, volume, timeoutMs)];
}

const identityOf = ({ metadata: { name, uid } }: Claim | Volume): ObjectUid => ({ name, uid });
const refOf = ({ metadata: { name, namespace = '' } }: Claim) => refTo('persistentvolumeclaims', namespace, name);

/** The other volume is kept, with what it was; never two are reserved for one name, so it stays Released. */
function keepOther({ present, other }: Swap, timeoutMs: number): readonly Step[] {
  return retiredMarkOf(other)?.uid === present.metadata.uid ? [] : [mark({ claim: present, volume: other, timeoutMs })];
}

function removePresent({ present, other }: Swap, wanted: Volume, timeoutMs: number): Step {
  const { name, uid, namespace = '' } = present.metadata;
  return {
    id: `remove-claim/${name}`,
    title: `delete PVC ${name}, which is bound to PV ${other.metadata.name}`,
    action: { do: 'write', write: { verb: 'delete', ref: refOf(present), uid } },
    preconditions: [
      { is: 'claim-unused', name },
      { is: 'volume-kept', volume: identityOf(other) },
      { is: 'volume-reserved', volume: identityOf(wanted), claim: { namespace, name } },
    ],
    verify: [{ is: 'claims-gone', claims: [{ name, uid }] }],
    timeoutMs,
  };
}

/** Its retirement had begun and not gone as far as its deletion: it only loses our finalizer. */
function keepOwn(present: Claim, timeoutMs: number): readonly Step[] {
  const { name, uid, finalizers = [] } = present.metadata;
  if (!finalizers.includes(RETIRE_FINALIZER)) return [];
  const left = finalizers.filter((one) => one !== RETIRE_FINALIZER);
  const change: FieldChange = { path: '/metadata/finalizers', from: finalizers, to: left.length === 0 ? undefined : left };
  return [
    {
      id: `free-claim/${name}`,
      title: `remove the finalizer from PVC ${name}`,
      action: changeOf(refOf(present), uid, [change]),
      preconditions: [{ is: 'claims-unchanged', claims: [{ name, uid, phase: 'Bound' }] }],
      verify: [],
      timeoutMs,
    },
  ];
}

const bound = ({ name, retired }: Restoring): Condition => ({ is: 'volume-bound', volume: identityOf(retired.volume), claim: name });

function create(restoring: Restoring, namespace: string, timeoutMs: number): Step {
  const { name, retired } = restoring;
  const volume = identityOf(retired.volume);
  const spec = { ...(retired.mark.manifest['spec'] as object), volumeName: volume.name };
  return {
    id: `create-claim/${name}`,
    title: `create PVC ${name} as it was, on PV ${volume.name}`,
    action: {
      do: 'write',
      write: {
        verb: 'create',
        ref: refTo('persistentvolumeclaims', namespace, name),
        archive: '',
        manifest: { ...retired.mark.manifest, spec },
      },
    },
    preconditions: [{ is: 'volume-reserved', volume, claim: { namespace, name } }],
    verify: [bound(restoring)],
    timeoutMs,
  };
}

/** Another client, or the controller, has created it: the PV controller binds it to the volume that is reserved for its name. */
function awaitBinding(restoring: Restoring, timeoutMs: number): Step {
  const { name } = restoring;
  return {
    id: `await-binding/${name}`,
    title: `wait until PVC ${name} is bound to PV ${restoring.retired.volume.metadata.name}`,
    action: { do: 'wait' },
    preconditions: [],
    verify: [bound(restoring)],
    timeoutMs,
  };
}

function finish(restoring: Restoring, timeoutMs: number): Step {
  const { retired } = restoring;
  const { volume, mark: saved } = retired;
  return {
    id: `restore-policy/${restoring.name}`,
    title: `set the reclaim policy of PV ${volume.metadata.name} to ${saved.policy} again`,
    action: changeOf(volumeRef(volume), volume.metadata.uid, [...policyChange(volume, saved.policy), ...unmarked(volume, RETIRED)]),
    preconditions: [bound(restoring)],
    verify: [bound(restoring)],
    timeoutMs,
  };
}
