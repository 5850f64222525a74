import { dangerousOwners } from '../domain/claims.ts';
import { ChangedError } from '../domain/errors.ts';
import type { Claim, Json, KubeObject, ManagedFieldsEntry, StatefulSet } from '../domain/kube.ts';
import { replicasOf } from '../domain/naming.ts';
import { describe, pathOf } from '../domain/object-ref.ts';
import { partitionOf } from '../domain/revisions.ts';
import { isSubject, type Snapshot, sliceOf, subjectOf } from '../domain/snapshot.ts';
import { FIELD_MANAGER, type JsonPatchOp, pointer } from '../domain/verbs.ts';
import { type FieldChange, type FieldValue, isChangeOf, type PatchWrite, type Signed, type Written } from '../plan/action.ts';
import { guardedWrite } from '../record/guarded.ts';
import { isChanged, listChanges, objectPatch, valueAt } from '../record/object-patch.ts';
import { intend, type Performance, requiredArchive, requiredSet } from './intent.ts';
import type { Created, ExecutePorts } from './ports.ts';

/** Fields of the record's carrier travel in one patch with the record; every other patch is preceded by it. */
export async function patchObjects(write: PatchWrite, performance: Performance): Promise<void> {
  const { plan } = performance;
  if (write.edit.kind === 'fields' && plan.journal !== 'none' && isChangeOf(write, subjectOf(plan.target)))
    return await changeCarrier(write.edit.changes, write.objects[0]?.uid, performance);
  await intend(performance);
  for (const object of write.objects) await patchObject(object, write.edit, performance);
}

async function patchObject(object: Written, edit: PatchWrite['edit'], performance: Performance): Promise<void> {
  switch (edit.kind) {
    case 'fields':
      return await changeFields(
        object,
        signedBy(performance, edit.signed, () => edit.changes),
        performance.ports,
      );
    case 'list':
      return await changeFields(
        object,
        signedBy(performance, edit.signed, (present) => listChanges(present, edit)),
        performance.ports,
      );
    case 'values':
      return await putBack(edit.values, performance);
    case 'disown':
      return await disown(object, { name: edit.set, uid: edit.setUid }, performance.ports);
    case 'managers':
      return await handBackFields(object, performance);
  }
}

/** Of a set that is being deleted the controller only updates the status: no change of its fields has an effect any more. */
async function changeCarrier(changes: readonly FieldChange[], uid: string | undefined, performance: Performance): Promise<void> {
  const { ports, record, fresh, enter } = performance;
  enter();
  const set = requiredSet(fresh);
  if (changes.length > 0 && set.metadata.deletionTimestamp !== undefined)
    throw new ChangedError(`StatefulSet ${set.metadata.name} is being deleted`);
  await ports.keeper.changeSet(uid ?? set.metadata.uid, changes, record, set);
}

/** Any other object: what is already as it shall be is left alone. */
async function changeFields(
  { ref, uid }: Written,
  changesOf: (present: KubeObject) => readonly FieldChange[],
  ports: ExecutePorts,
): Promise<void> {
  await guardedWrite(ports, async (tries) => {
    if (tries > 1) await ports.keeper.assertOurs();
    const present = (await ports.verbs.get(pathOf(ref))) as KubeObject | undefined;
    if (present === undefined) throw new ChangedError(`${describe(ref)} was deleted by another client`);
    const object = { ref, uid: uid ?? present.metadata.uid };
    const changes = changesOf(present);
    if (isChanged(present, object.uid, changes)) return;
    const ops = objectPatch(present, object, changes);
    await ports.keeper.write(() => ports.verbs.jsonPatch(pathOf(ref), ops));
  });
}

/** The changes, and with them what says who makes them. */
function signedBy(
  performance: Performance,
  signed: Signed | undefined,
  changesOf: (present: KubeObject) => readonly FieldChange[],
): (present: KubeObject) => readonly FieldChange[] {
  return (present) => [...changesOf(present), ...(signed === undefined ? [] : signature(present, signed, performance))];
}

/** `add` of a key fails when there is no map at all [X]. */
function signature(
  present: KubeObject,
  { annotation, says }: Signed,
  { execution: { holder, reason } }: Performance,
): readonly FieldChange[] {
  const { annotations } = present.metadata;
  const by = { by: `${holder.user}@${holder.host}`, at: holder.since, ...(reason === undefined ? {} : { reason }) };
  return [
    ...(annotations === undefined ? [{ path: '/metadata/annotations', from: undefined, to: {} }] : []),
    { path: `/metadata/annotations${pointer(annotation)}`, from: annotations?.[annotation], to: JSON.stringify({ ...says, ...by }) },
  ];
}

/** The set that we created gets its archived fields, whatever else the server defaulted in them. */
async function putBack(values: readonly FieldValue[], { ports: { keeper }, created, fresh }: Performance): Promise<void> {
  const set = requiredSet(fresh);
  throwIfAnother(set, created);
  if (created.uid === undefined && partitionOf(set) < replicasOf(set)) throw notOurs(set);
  const changes = values
    .map(({ path, to }) => ({ path, from: valueAt(set, path), to }))
    .filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to));
  // The record of a restore stays on the index: an annotation of ours would be copied into the ControllerRevision [X].
  await keeper.changeFields(set.metadata.uid, changes, set);
}

/** @throws ChangedError for a set that was made in place of the one that we created */
export function throwIfAnother(set: StatefulSet, { uid }: Created): void {
  if (uid !== undefined && set.metadata.uid !== uid) throw notOurs(set);
}

function notOurs({ metadata: { name } }: StatefulSet): ChangedError {
  return new ChangedError(`StatefulSet ${name} is not the one that we created; cancel removes the operation record`);
}

/**
 * Whether that patch was made: all fields are as archived, or the partition above every member, which only our creation
 * sets, is gone, and the retention policy is as archived. A server that drops a field (a gate that has closed) or defaults another stores
 * the patch otherwise than archived, and it was made all the same.
 */
export function isPutBack(values: readonly FieldValue[], set: StatefulSet): boolean {
  const replicas = values.find(({ path }) => path === '/spec/replicas')?.to;
  if (typeof replicas !== 'number') return false;
  const isKept = ({ path, to }: FieldValue): boolean => isKeptOf(to, valueAt(set, path));
  const policy = values.filter(({ path }) => path.startsWith('/spec/persistentVolumeClaimRetentionPolicy'));
  // Somebody may have scaled it since: then replicas says nothing.
  if (partitionOf(set) < replicas) return policy.every(isKept);
  return replicasOf(set) === replicas && values.every(isKept);
}

/** Everything that is stored is as it was sent; some of it may not have been kept. */
function isKeptOf(sent: unknown, stored: unknown): boolean {
  if (stored === undefined) return true;
  if (typeof stored !== 'object' || stored === null) return stored === sent;
  if (typeof sent !== 'object' || sent === null) return false;
  return Object.entries(stored).every(([key, value]) => key in sent && isKeptOf((sent as Record<string, unknown>)[key], value));
}

/**
 * Takes off what would make the garbage collector destroy the object with the set or a member. Only one that has such an owner
 * on a fresh read is written; the controller may be taking the same references off at this moment.
 */
async function disown({ ref, uid }: Written, set: { readonly name: string; readonly uid: string }, ports: ExecutePorts): Promise<void> {
  await guardedWrite(ports, async (tries) => {
    if (tries > 1) await ports.keeper.assertOurs();
    const claim = (await ports.verbs.get(pathOf(ref))) as Claim | undefined;
    if (claim === undefined || claim.metadata.uid !== uid) throw new ChangedError(`${describe(ref)} was deleted by another client`);
    const ops = disownPatch(claim, set);
    if (ops.length > 0) await ports.keeper.write(() => ports.verbs.jsonPatch(pathOf(ref), ops));
  });
}

/** Tests uid and the whole present list, then leaves the harmless references. */
export function disownPatch(claim: Claim, set: { readonly name: string; readonly uid: string }): readonly JsonPatchOp[] {
  const present = claim.metadata.ownerReferences ?? [];
  const dangerous = new Set(dangerousOwners(claim, { metadata: set } as StatefulSet));
  if (dangerous.size === 0) return [];
  const kept = present.filter((owner) => !dangerous.has(owner));
  const path = '/metadata/ownerReferences';
  return [
    { op: 'test', path: '/metadata/uid', value: claim.metadata.uid },
    { op: 'test', path, value: present as unknown as Json },
    kept.length === 0 ? { op: 'remove', path } : { op: 'replace', path, value: kept as unknown as Json },
  ];
}

/**
 * Gives managedFields back as archived, in a patch that changes nothing else: only then the server keeps them as sent.
 * Our own entries and the controllers' (status) are left out: those are theirs to write.
 */
async function handBackFields({ ref }: Written, performance: Performance): Promise<void> {
  const { ports, created } = performance;
  const { metadata } = requiredArchive(performance).manifest as { readonly metadata: { readonly managedFields?: ManagedFieldsEntry[] } };
  const owners = (metadata.managedFields ?? []).filter(
    ({ manager, subresource }) => manager !== FIELD_MANAGER && subresource === undefined,
  );
  if (owners.length === 0) return;
  await guardedWrite(ports, async (tries) => {
    // The controller has been writing its status since the look, and the watch has told.
    const set = tries === 1 ? requiredSet(ports.world.current()) : ((await ports.verbs.get(pathOf(ref))) as StatefulSet | undefined);
    if (set === undefined) throw new ChangedError(`${describe(ref)} was deleted by another client`);
    throwIfAnother(set, created);
    const status = (set.metadata.managedFields ?? []).filter(({ subresource }) => subresource !== undefined);
    await ports.verbs.jsonPatch(pathOf(ref), [
      { op: 'test', path: '/metadata/uid', value: set.metadata.uid },
      { op: 'test', path: '/metadata/resourceVersion', value: set.metadata.resourceVersion },
      { op: 'replace', path: '/metadata/managedFields', value: [...owners, ...status] as unknown as Json },
    ]);
  });
}

/** Whether a patch was made already, as far as this look tells. */
export function isPatched(
  { objects, edit }: PatchWrite,
  fresh: Snapshot,
  { resumed, created, purposeHolds }: { readonly resumed: boolean; readonly created: Created; readonly purposeHolds: () => boolean },
): boolean {
  const set = sliceOf(fresh, 'set');
  switch (edit.kind) {
    case 'fields':
      // It travels in one patch with the record, so a cursor that stands on it proves it made.
      return resumed && objects.every(({ ref }) => isSubject(ref, fresh.target));
    case 'values':
      return (
        resumed &&
        set.state === 'read' &&
        (created.uid ?? set.value.metadata.uid) === set.value.metadata.uid &&
        isPutBack(edit.values, set.value)
      );
    case 'disown':
      return purposeHolds();
    case 'list':
    case 'managers':
      return false;
  }
}
