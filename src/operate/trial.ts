import type { Claim, Json, KubeObject } from '../domain/kube.ts';
import { collectionOf, type ObjectRef, pathOf, refTo, typeOf } from '../domain/object-ref.ts';
import { isSubject, subjectOf } from '../domain/snapshot.ts';
import type { Archive } from '../domain/stored.ts';
import type { ApiVerbs, JsonPatchOp } from '../domain/verbs.ts';
import { disownPatch } from '../execute/patch.ts';
import { manifestToCreate, serviceToCreate } from '../manifest/recreate.ts';
import {
  type CreateWrite,
  type FieldValue,
  fieldsWritten,
  isChangeOf,
  type ListEdit,
  type PatchWrite,
  type Write,
} from '../plan/action.ts';
import type { Plan } from '../plan/plan.ts';
import { indexName } from '../record/archive.ts';
import { listChanges, type RecordChange, recordOps, valueAt } from '../record/object-patch.ts';

/** What became of a write with dryRun=All. */
export type Trial = 'accepted' | 'needs an earlier write' | 'nothing to write';

const LATER: Trial = 'needs an earlier write';
const NOTHING: Trial = 'nothing to write';

export interface Trying {
  readonly plan: Pick<Plan, 'target' | 'journal'>;
  /** What the plan creates from. */
  readonly archive: Archive | undefined;
  /** The plan's subject as it is; undefined where it is not there. */
  readonly subject: KubeObject | undefined;
  /** With dryRun=All. */
  readonly verbs: ApiVerbs;
}

/** Stands for the record in a trial: admission may look at annotations and labels too. */
const RECORD = { from: undefined, to: '{"dryRun":true}', label: 'dry-run' };

/**
 * Tries one write as things are now: permissions and admission, nothing is stored.
 * @throws ApiError when the server rejects it: what it would have said in earnest
 */
export async function tryWrite(write: Write, trying: Trying): Promise<Trial> {
  const index = indexName(trying.plan.target.name);
  switch (write.verb) {
    case 'archive':
      return write.place === 'file' ? NOTHING : await trySecret(write.archive, trying);
    case 'record':
      return write.do === 'pause' || (write.do === 'close' && write.carrier === 'set') ? LATER : await trySecret(index, trying);
    case 'patch':
      return await tryPatch(write, trying);
    case 'create':
      return await tryCreation(write, trying);
    case 'delete': {
      const present = await presentOf(write.ref, trying);
      if (present === undefined) return LATER;
      const orphan = write.propagation === undefined ? {} : { propagationPolicy: write.propagation };
      const eviction = write.evicts === undefined ? {} : { evicts: write.evicts };
      await trying.verbs.delete(pathOf(write.ref), { uid: present.metadata.uid, ...orphan, ...eviction });
      return 'accepted';
    }
  }
}

async function presentOf(ref: ObjectRef, { plan, subject, verbs }: Trying): Promise<KubeObject | undefined> {
  if (isSubject(ref, plan.target)) return subject;
  return (await verbs.get(pathOf(ref))) as KubeObject | undefined;
}

/** Fields are re-based on what is there; of others, what is not there yet can only be tried in earnest. */
async function tryPatch(write: PatchWrite, trying: Trying): Promise<Trial> {
  if (write.edit.kind === 'managers') return LATER;
  const trials: Trial[] = [];
  for (const { ref } of write.objects) {
    const present = await presentOf(ref, trying);
    const ops = present === undefined ? [] : opsOn(present, write, trying);
    if (ops.length > 0) await trying.verbs.jsonPatch(pathOf(ref), ops);
    trials.push(ops.length > 0 ? 'accepted' : present === undefined ? LATER : NOTHING);
  }
  return trials.find((trial) => trial === 'accepted') ?? trials[0] ?? NOTHING;
}

function opsOn(present: KubeObject, write: PatchWrite, { plan }: Trying): readonly JsonPatchOp[] {
  const { edit } = write;
  if (edit.kind === 'disown') return disownPatch(present as Claim, { name: edit.set, uid: edit.setUid });
  if (edit.kind === 'list') return listOps(present, edit);
  const carries = plan.journal !== 'none' && isChangeOf(write, subjectOf(plan.target));
  return rebased(present, fieldsWritten(write), carries ? RECORD : undefined);
}

function listOps(present: KubeObject, edit: ListEdit): readonly JsonPatchOp[] {
  const changes = listChanges(present, edit);
  return rebased(
    present,
    changes.filter(({ from, to }) => from !== to),
    undefined,
  );
}

/** A Secret of that name may be there from another operation: then it is changed, or its number is given again. */
async function trySecret(name: string, { plan, verbs }: Trying): Promise<Trial> {
  const { namespace } = plan.target;
  const path = pathOf(refTo('secrets', namespace, name));
  const present = (await verbs.get(path)) as KubeObject | undefined;
  if (present === undefined)
    await verbs.create(collectionOf('secrets', namespace), { ...typeOf('secrets'), metadata: { name, namespace } });
  else await verbs.jsonPatch(path, [{ op: 'test', path: '/metadata/uid', value: present.metadata.uid }]);
  return 'accepted';
}

async function tryCreation({ ref, replicas, manifest }: CreateWrite, trying: Trying): Promise<Trial> {
  const { plan, archive, verbs } = trying;
  if (manifest !== undefined) return await tryManifest(ref, manifest, trying);
  const isOwn = isSubject(ref, plan.target);
  const saved = isOwn ? archive?.manifest : archive?.service;
  if (saved === undefined || (await presentOf(ref, trying)) !== undefined) return isOwn ? LATER : NOTHING;
  const body = isOwn ? manifestToCreate(saved, replicas ?? 0) : serviceToCreate(saved);
  await verbs.create(collectionOf(ref.resource, ref.namespace), body);
  return 'accepted';
}

async function tryManifest(ref: ObjectRef, manifest: Readonly<Record<string, Json>>, trying: Trying): Promise<Trial> {
  if ((await presentOf(ref, trying)) !== undefined) return LATER;
  await trying.verbs.create(collectionOf(ref.resource, ref.namespace), manifest);
  return 'accepted';
}

/**
 * The change as it would be, on the object as it is now: a chained test would fail by construction [X].
 * @param record to put on it; undefined leaves it alone
 */
function rebased(present: KubeObject, changes: readonly FieldValue[], record: RecordChange | undefined): readonly JsonPatchOp[] {
  return [
    { op: 'test', path: '/metadata/uid', value: present.metadata.uid },
    ...(record === undefined ? [] : recordOps(present, record)),
    ...changes.flatMap(({ path, to }): readonly JsonPatchOp[] =>
      to === undefined ? (valueAt(present, path) === undefined ? [] : [{ op: 'remove', path }]) : [{ op: 'add', path, value: to }],
    ),
  ];
}
