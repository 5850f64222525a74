import { ChangedError } from '../domain/errors.ts';
import { fieldsGivenBack } from '../domain/field-ownership.ts';
import type { Json, StatefulSet } from '../domain/kube.ts';
import { pathOf, refTo } from '../domain/object-ref.ts';
import { sliceOf } from '../domain/snapshot.ts';
import type { OperationRecord } from '../domain/stored.ts';
import { FIELD_MANAGER, type JsonPatchOp } from '../domain/verbs.ts';
import { lostFields } from '../manifest/difference.ts';
import type { ArchiveWrite, RecordWrite, Write } from '../plan/action.ts';
import { archiveOf, entryOf } from './archiving.ts';
import { createFromArchive, createFromManifest } from './create.ts';
import { deleteObject } from './delete.ts';
import { intend, type Performance, requiredArchive, requiredSet } from './intent.ts';
import { patchObjects } from './patch.ts';

/**
 * Carries out one write with all its guards. Writes to the record's carrier carry the record in the same patch; writes to
 * anything else are preceded by the record (intent first).
 * @throws ChangedError when somebody else's change is in the way; ApiError when the server says no or stays silent
 */
export async function perform(write: Write, performance: Performance): Promise<void> {
  switch (write.verb) {
    case 'archive':
      return await saveArchive(write, performance);
    case 'record':
      return await writeRecord(write, performance);
    case 'patch':
      return await patchObjects(write, performance);
    case 'create':
      await intend(performance);
      return write.manifest === undefined
        ? await createFromArchive(write, requiredArchive(performance), performance)
        : await createFromManifest(write.ref, write.manifest, performance);
    case 'delete':
      return await deleteObject(write, performance);
  }
}

async function saveArchive({ place, service: name }: ArchiveWrite, { ports, plan, execution, fresh }: Performance): Promise<void> {
  const service = name === undefined ? undefined : await ports.verbs.get(pathOf(refTo('services', plan.target.namespace, name)));
  const archive = archiveOf(plan, execution.id, fresh, requiredSet(fresh), new Date(ports.serverNow()).toISOString(), service);
  await ports.keepCopy(archive);
  if (place === 'secret') await ports.keeper.saveArchive(archive, entryOf(archive));
}

async function writeRecord(write: RecordWrite, performance: Performance): Promise<void> {
  const { ports, plan, fresh, execution, record } = performance;
  if (write.do === 'move') return await ports.keeper.recordOnIndex(record);
  if (write.do === 'pause') return await pauseRecord(write.uid, performance);
  if (write.carrier === 'set') {
    const before = execution.archive?.manifest;
    if (write.handBack !== true || before === undefined) return await ports.keeper.closeOnSet(write.uid, requiredSet(fresh));
    return await ports.keeper.closeOnSet(write.uid, undefined, (now) => handBackTaken(now, before as unknown as StatefulSet));
  }
  tellDifferences(performance);
  const { setDeleted } = write;
  await ports.keeper.closeOnIndex((entries) =>
    entries.map((entry) => (entry.name === plan.archive ? { ...entry, setDeleted: setDeleted ?? entry.setDeleted } : entry)),
  );
}

/** Nothing of it changes but that it is paused: whoever held it meets another text than its own. */
async function pauseRecord(uid: string, { ports: { keeper }, fresh }: Performance): Promise<void> {
  const { set: raw } = keeper.carried;
  if (raw === undefined) throw new ChangedError('the operation record was removed by another client');
  await keeper.changeSet(uid, [], { ...(JSON.parse(raw) as OperationRecord), phase: 'paused' }, requiredSet(fresh));
}

/** Fields behind a feature gate that has closed vanish silently [X]: what is not as archived is said when all is done. */
function tellDifferences({ plan, execution, created, fresh, ports }: Performance): void {
  const set = sliceOf(fresh, 'set');
  if (created.uid === undefined || execution.archive === undefined || set.state !== 'read') return;
  const lost = lostFields(execution.archive.manifest['spec'], set.value.spec, 'spec');
  if (lost.length > 0) ports.tell(`StatefulSet ${plan.target.name} is not as archived in ${lost.join(', ')}`);
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
