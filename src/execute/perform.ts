import { ChangedError } from '../domain/errors.ts';
import { fieldsGivenBack } from '../domain/field-ownership.ts';
import type { Json, KubeObject, ManagedFieldsEntry, StatefulSet } from '../domain/kube.ts';
import { replicasOf } from '../domain/naming.ts';
import { type Snapshot, sliceOf } from '../domain/snapshot.ts';
import type { OperationRecord } from '../domain/stored.ts';
import { FIELD_MANAGER, type JsonPatchOp, paths } from '../domain/verbs.ts';
import { lostFields } from '../manifest/difference.ts';
import type { Write } from '../plan/action.ts';
import type { Plan } from '../plan/plan.ts';
import { guardedWrite } from '../record/guarded.ts';
import { archiveOf, entryOf } from './archiving.ts';
import { stripOwners } from './claim-writes.ts';
import { createFromArchive } from './creation.ts';
import type { Created, ExecutePorts, Execution } from './ports.ts';
import { putBack, throwIfAnother } from './put-back.ts';

export interface Performance {
  readonly ports: ExecutePorts;
  readonly plan: Plan;
  readonly execution: Execution;
  /** The record as it must stand while this write is made: cursor = this step. */
  readonly record: OperationRecord;
  /** Filled in by the write that creates it. */
  readonly created: Created;
  /** The fresh read that the step's preconditions held on. */
  readonly fresh: Snapshot;
  /** Right before the step's own write; a record that precedes it is no reason to keep anybody. */
  readonly enter: () => void;
}

/**
 * Carries out one write with all its guards. Writes to the set carry the record in the same patch; writes to anything
 * else are preceded by the record (intent first).
 * @throws ChangedError when somebody else's change is in the way; ApiError when the server says no or stays silent
 */
export async function perform(write: Write, performance: Performance): Promise<void> {
  const { ports, plan, record, fresh, enter } = performance;
  const { keeper } = ports;
  switch (write.kind) {
    case 'save-archive':
      return await saveArchive(write, performance);
    case 'change-set':
      enter();
      return await changeSet(write, performance);
    case 'record-on-index':
      return await keeper.recordOnIndex(record);
    case 'close-record':
      return await closeRecord(write, performance);
    case 'put-back':
      await intend(performance);
      return await putBack(write, requiredSet(fresh), performance.created, keeper);
    case 'strip-owners':
      await intend(performance);
      return await stripOwners(write, ports, plan.target.namespace);
    case 'delete-set':
      await intend(performance);
      return await deleteSet(write.uid, requiredSet(fresh), performance);
    case 'create-set':
    case 'create-service':
    case 'hand-back-fields':
      await intend(performance);
      return await fromArchive(write, performance);
    case 'delete-claim':
      return await deleteByUid(paths.claim(plan.target.namespace, write.claim), write.uid, performance);
    case 'delete-service':
      return await deleteByUid(paths.service(plan.target.namespace, write.name), write.uid, performance);
  }
}

/** Intent first: the cursor on the carrier, then the write to another object (law 5). */
async function intend(performance: Performance): Promise<void> {
  const { ports, record, fresh } = performance;
  if (ports.keeper.carried.index !== undefined) await ports.keeper.recordOnIndex(record);
  else await recordOnSet(requiredSet(fresh), performance);
  performance.enter();
}

async function recordOnSet(set: StatefulSet, { ports, plan, record }: Performance): Promise<void> {
  if (set.metadata.uid === undefined) throw new ChangedError(`StatefulSet ${plan.target.name} has no uid`);
  await ports.keeper.changeSet(set.metadata.uid, [], record, set);
}

function requiredSet(snapshot: Snapshot): StatefulSet {
  const set = sliceOf(snapshot, 'set');
  if (set.state === 'read') return set.value;
  throw new ChangedError(set.state === 'absent' ? `StatefulSet ${snapshot.target.name} was deleted by somebody else` : set.message);
}

/** Of a set that is being deleted the controller only updates the status: no change of its fields has an effect any more. */
async function changeSet({ uid, changes }: Extract<Write, { kind: 'change-set' }>, performance: Performance): Promise<void> {
  const { ports, record, fresh } = performance;
  const set = requiredSet(fresh);
  if (changes.length > 0 && set.metadata.deletionTimestamp !== undefined)
    throw new ChangedError(`StatefulSet ${set.metadata.name} is being deleted`);
  await ports.keeper.changeSet(uid, changes, record, set);
}

async function saveArchive(write: Extract<Write, { kind: 'save-archive' }>, performance: Performance): Promise<void> {
  const { ports, plan, execution, fresh } = performance;
  const service =
    write.withService === undefined ? undefined : await ports.verbs.get(paths.service(plan.target.namespace, write.withService));
  const archive = archiveOf(plan, execution.id, fresh, requiredSet(fresh), new Date(ports.serverNow()).toISOString(), service);
  await ports.keepCopy(archive);
  if (write.onlyFile !== true) await ports.keeper.saveArchive(archive, entryOf(archive));
}

async function closeRecord(write: Extract<Write, { kind: 'close-record' }>, performance: Performance): Promise<void> {
  const { ports, plan, fresh, execution } = performance;
  if (write.carrier === 'set') {
    const set = requiredSet(fresh);
    const uid = write.uid ?? set.metadata.uid;
    const before = execution.archive?.manifest;
    if (write.handBack !== true || before === undefined) return await ports.keeper.closeOnSet(uid, set);
    return await ports.keeper.closeOnSet(uid, undefined, (now) => handBackTaken(now, before as unknown as StatefulSet));
  }
  tellDifferences(performance);
  await ports.keeper.closeOnIndex((entries) =>
    entries.map((entry) => (entry.name === plan.archive ? { ...entry, setDeleted: write.setDeleted ?? entry.setDeleted } : entry)),
  );
}

/** Fields behind a feature gate that has closed vanish silently [X]: what is not as archived is said when all is done. */
function tellDifferences({ plan, execution, created, fresh, ports }: Performance): void {
  const set = sliceOf(fresh, 'set');
  if (created.uid === undefined || execution.archive === undefined || set.state !== 'read') return;
  const lost = lostFields(execution.archive.manifest['spec'], set.value.spec, 'spec');
  if (lost.length > 0) ports.tell(`StatefulSet ${plan.target.name} is not as archived in ${lost.join(', ')}`);
}

/**
 * By uid and resourceVersion, leaving everything that the set owns; no heartbeat may come between read and delete.
 * @param fresh the set as the preconditions held on it: when it has moved since, the server says so, and it is read
 */
async function deleteSet(uid: string, fresh: StatefulSet, { ports, plan }: Performance): Promise<void> {
  const path = paths.set(plan.target.namespace, plan.target.name);
  await ports.keeper.exclusively(() =>
    guardedWrite(ports, async (tries) => {
      const isNew = tries === 1 && ports.keeper.carried.index !== undefined;
      const set = isNew ? fresh : ((await ports.verbs.get(path)) as StatefulSet | undefined);
      if (set === undefined || set.metadata.uid !== uid) return;
      if (tries > 1) await ports.keeper.assertOurs();
      if (replicasOf(set) !== replicasOf(fresh))
        throw new ChangedError(`replicas of StatefulSet ${plan.target.name} is ${replicasOf(set)} again, set by somebody else`);
      const { resourceVersion } = set.metadata;
      await ports.keeper.write(() => ports.verbs.delete(path, { uid, resourceVersion, propagationPolicy: 'Orphan' }));
    }),
  );
  ports.keeper.forgetSet();
}

/**
 * By uid and resourceVersion, as looked at before the intent is written: a take-over touches the object after it, so whoever
 * was suspended anywhere in between meets either the record or the resourceVersion of another.
 */
async function deleteByUid(path: string, uid: string, performance: Performance): Promise<void> {
  const { ports } = performance;
  const look = async (): Promise<KubeObject | undefined> => (await ports.verbs.get(path)) as KubeObject | undefined;
  const before = await look();
  await intend(performance);
  await guardedWrite(ports, async (tries) => {
    if (tries > 1) await ports.keeper.assertOurs();
    const present = tries === 1 ? before : await look();
    if (present === undefined || present.metadata.uid !== uid) return;
    const { resourceVersion } = present.metadata;
    await ports.keeper.write(() => ports.verbs.delete(path, { uid, resourceVersion }));
  });
}

async function fromArchive(
  write: Extract<Write, { kind: 'create-set' | 'create-service' | 'hand-back-fields' }>,
  performance: Performance,
): Promise<void> {
  const { ports, plan, execution, created } = performance;
  if (execution.archive === undefined) throw new ChangedError(`archive ${plan.archive} was not read`);
  if (write.kind === 'hand-back-fields') return await handBackFields(execution.archive.manifest, performance);
  await createFromArchive(write, execution.archive, created, ports, plan.target);
}

/**
 * Ownership of the fields that this operation took, back to whoever had it. The server keeps managedFields as they are sent
 * only where the patch changes nothing else but to remove fields, so it goes with the removal of the record (structured-merge-diff,
 * Updater.Update: what is added or modified becomes the writer's).
 */
function handBackTaken(now: StatefulSet, before: StatefulSet): readonly JsonPatchOp[] {
  const managedFields = fieldsGivenBack(now, before, FIELD_MANAGER);
  if (managedFields === undefined) return [];
  return [
    { op: 'test', path: '/metadata/resourceVersion', value: now.metadata.resourceVersion },
    { op: 'replace', path: '/metadata/managedFields', value: managedFields as unknown as Json },
  ];
}

/**
 * Gives managedFields back as archived, in a patch that changes nothing else: only then the server keeps them as sent.
 * Our own entries and the controllers' (status) are left out: those are theirs to write.
 */
async function handBackFields(manifest: Readonly<Record<string, unknown>>, { ports, plan, created }: Performance): Promise<void> {
  const archived = (manifest['metadata'] as { readonly managedFields?: readonly ManagedFieldsEntry[] }).managedFields ?? [];
  const owners = archived.filter(({ manager, subresource }) => manager !== FIELD_MANAGER && subresource === undefined);
  if (owners.length === 0) return;
  const path = paths.set(plan.target.namespace, plan.target.name);
  await guardedWrite(ports, async () => {
    const set = (await ports.verbs.get(path)) as StatefulSet | undefined;
    if (set === undefined) throw new ChangedError(`StatefulSet ${plan.target.name} was deleted by somebody else`);
    throwIfAnother(set, created);
    const status = (set.metadata.managedFields ?? []).filter(({ subresource }) => subresource !== undefined);
    await ports.verbs.jsonPatch(path, [
      { op: 'test', path: '/metadata/uid', value: set.metadata.uid },
      { op: 'test', path: '/metadata/resourceVersion', value: set.metadata.resourceVersion },
      { op: 'replace', path: '/metadata/managedFields', value: [...owners, ...status] as unknown as Json },
    ]);
  });
}
