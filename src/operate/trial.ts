import type { Claim, KubeObject, StatefulSet } from '../domain/kube.ts';
import type { Archive } from '../domain/stored.ts';
import type { ApiVerbs, JsonPatchOp } from '../domain/verbs.ts';
import { paths } from '../domain/verbs.ts';
import { stripPatch } from '../execute/claim-writes.ts';
import { manifestToCreate, serviceToCreate } from '../manifest/recreate.ts';
import type { FieldValue, Write } from '../plan/action.ts';
import type { Plan } from '../plan/plan.ts';
import { indexName } from '../record/archive.ts';
import { recordOps, valueAt } from '../record/set-patch.ts';

/** What became of a write with dryRun=All. */
export type Trial = 'accepted' | 'needs an earlier write' | 'nothing to write';

const LATER: Trial = 'needs an earlier write';
const NOTHING: Trial = 'nothing to write';

export interface Trying {
  readonly plan: Pick<Plan, 'target'>;
  /** What the plan creates from. */
  readonly archive: Archive | undefined;
  readonly set: StatefulSet | undefined;
  /** With dryRun=All. */
  readonly verbs: ApiVerbs;
}

/** Stands for the record in a trial: admission may look at annotations too. */
const RECORD = '{"dryRun":true}';

/**
 * Tries one write as things are now: permissions and admission, nothing is stored.
 * @throws ApiError when the server rejects it: what it would have said in earnest
 */
export async function tryWrite(write: Write, trying: Trying): Promise<Trial> {
  const { plan, set, verbs } = trying;
  const { namespace, name } = plan.target;
  switch (write.kind) {
    case 'change-set':
      return await tryChanges(write.changes, RECORD, trying);
    case 'put-back':
      return await tryChanges(write.fields, undefined, trying);
    case 'delete-set':
      if (set === undefined) return LATER;
      await verbs.delete(paths.set(namespace, name), { uid: set.metadata.uid, propagationPolicy: 'Orphan' });
      return 'accepted';
    case 'save-archive':
      return write.onlyFile === true ? NOTHING : await trySecret(write.archive, trying);
    case 'record-on-index':
      return await trySecret(indexName(name), trying);
    case 'delete-claim':
      await verbs.delete(paths.claim(namespace, write.claim), { uid: write.uid });
      return 'accepted';
    case 'delete-service':
      await verbs.delete(paths.service(namespace, write.name), { uid: write.uid });
      return 'accepted';
    case 'strip-owners':
      return await tryStrip(write, trying);
    case 'create-service':
      return await tryService(write.name, trying);
    case 'create-set':
      return await tryCreation(write.replicas, trying);
    case 'close-record':
      return write.carrier === 'index' ? await trySecret(indexName(name), trying) : LATER;
    case 'hand-back-fields':
      return LATER;
  }
}

async function tryChanges(changes: readonly FieldValue[], record: string | undefined, { plan, set, verbs }: Trying): Promise<Trial> {
  if (set === undefined) return LATER;
  await verbs.jsonPatch(paths.set(plan.target.namespace, plan.target.name), rebased(set, changes, record));
  return 'accepted';
}

/** A Secret of that name may be there from another operation: then it is changed, or its number is given again. */
async function trySecret(name: string, { plan, verbs }: Trying): Promise<Trial> {
  const { namespace } = plan.target;
  const path = paths.secret(namespace, name);
  const present = (await verbs.get(path)) as KubeObject | undefined;
  if (present === undefined)
    await verbs.create(paths.secrets(namespace), { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace } });
  else await verbs.jsonPatch(path, [{ op: 'test', path: '/metadata/uid', value: present.metadata.uid }]);
  return 'accepted';
}

async function tryStrip(write: Extract<Write, { kind: 'strip-owners' }>, { plan, verbs }: Trying): Promise<Trial> {
  const set = { metadata: { name: write.set, uid: write.setUid } } as StatefulSet;
  let trial = NOTHING;
  for (const { name } of write.claims) {
    const path = paths.claim(plan.target.namespace, name);
    const claim = (await verbs.get(path)) as Claim | undefined;
    const ops = claim === undefined ? [] : stripPatch(claim, set);
    if (ops.length === 0) continue;
    await verbs.jsonPatch(path, ops);
    trial = 'accepted';
  }
  return trial;
}

async function tryService(name: string, { plan, archive, verbs }: Trying): Promise<Trial> {
  const { namespace } = plan.target;
  if (archive?.service === undefined || (await verbs.get(paths.service(namespace, name))) !== undefined) return NOTHING;
  await verbs.create(paths.services(namespace), serviceToCreate(archive.service));
  return 'accepted';
}

async function tryCreation(replicas: number, { plan, archive, set, verbs }: Trying): Promise<Trial> {
  if (set !== undefined || archive === undefined) return LATER;
  await verbs.create(paths.sets(plan.target.namespace), manifestToCreate(archive.manifest, replicas));
  return 'accepted';
}

/**
 * The change as it would be, on the set as it is now: a chained test would fail by construction [X].
 * @param record to put on the set; undefined leaves it alone
 */
function rebased(set: StatefulSet, changes: readonly FieldValue[], record: string | undefined): readonly JsonPatchOp[] {
  return [
    { op: 'test', path: '/metadata/uid', value: set.metadata.uid },
    ...recordOps(set, { from: undefined, to: record }),
    ...changes.flatMap(({ path, to }): readonly JsonPatchOp[] =>
      to === undefined ? (valueAt(set, path) === undefined ? [] : [{ op: 'remove', path }]) : [{ op: 'add', path, value: to }],
    ),
  ];
}
