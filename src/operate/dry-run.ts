import type { Claim, KubeObject, StatefulSet } from '../domain/kube.ts';
import type { Archive } from '../domain/stored.ts';
import type { ApiVerbs, JsonPatchOp } from '../domain/verbs.ts';
import { paths } from '../domain/verbs.ts';
import { stripPatch } from '../execute/claim-writes.ts';
import { manifestToCreate, serviceToCreate } from '../manifest/recreate.ts';
import type { FieldChange, Write } from '../plan/action.ts';
import type { Plan } from '../plan/plan.ts';
import { indexName } from '../record/archive.ts';
import { valueAt } from '../record/set-patch.ts';
import type { OperatePorts } from './ports.ts';

/** What became of one kind of write. */
type Trial = 'accepted by the server (dry run)' | 'not tried, it needs an earlier write' | 'nothing to write as things are';

const ACCEPTED: Trial = 'accepted by the server (dry run)';
const LATER: Trial = 'not tried, it needs an earlier write';
const NOTHING: Trial = 'nothing to write as things are';

interface Trying {
  readonly plan: Plan;
  /** What the plan creates from. */
  readonly archive: Archive | undefined;
  readonly set: StatefulSet | undefined;
  readonly verbs: ApiVerbs;
}

/**
 * `--dry-run=server`: each *kind* of write once with dryRun=All, tests re-based on the live value, to try admission and
 * permissions. A write that needs an earlier one (the second scale-down, a create after the delete) fails a chained test by
 * construction [X], so it is listed as not tried.
 * @returns one sentence a kind of write
 * @throws ApiError when the server rejects one: what it would have said in earnest
 */
export async function tryOnServer(
  plan: Plan,
  archive: Archive | undefined,
  { dryRunVerbs: verbs }: OperatePorts,
): Promise<readonly string[]> {
  const kinds = new Map<string, Write>();
  for (const step of plan.steps) {
    if (step.action.do === 'write' && !kinds.has(step.action.write.kind)) kinds.set(step.action.write.kind, step.action.write);
  }
  const set = (await verbs.get(paths.set(plan.target.namespace, plan.target.name))) as StatefulSet | undefined;
  const sentences: string[] = [];
  for (const [kind, write] of kinds) sentences.push(`${kind}: ${await tryWrite(write, { plan, archive, set, verbs })}`);
  return sentences;
}

async function tryWrite(write: Write, trying: Trying): Promise<Trial> {
  const { plan, set, verbs } = trying;
  const { namespace, name } = plan.target;
  switch (write.kind) {
    case 'change-set':
      return await tryChanges(write.changes, trying);
    case 'delete-set':
      if (set === undefined) return LATER;
      await verbs.delete(paths.set(namespace, name), { uid: set.metadata.uid, propagationPolicy: 'Orphan' });
      return ACCEPTED;
    case 'save-archive':
      return write.onlyFile === true ? NOTHING : await trySecret(write.archive, trying);
    case 'record-on-index':
      return await trySecret(indexName(name), trying);
    case 'delete-claim':
      await verbs.delete(paths.claim(namespace, write.claim), { uid: write.uid });
      return ACCEPTED;
    case 'delete-service':
      await verbs.delete(paths.service(namespace, write.name), { uid: write.uid });
      return ACCEPTED;
    case 'strip-owners':
      return await tryStrip(write, trying);
    case 'create-service':
      return await tryService(write.name, trying);
    case 'create-set':
      return await tryCreation(write.replicas, trying);
    case 'close-record':
      return write.carrier === 'index' ? await trySecret(indexName(name), trying) : LATER;
    case 'put-back':
    case 'hand-back-fields':
      return LATER;
  }
}

async function tryChanges(changes: readonly FieldChange[], { plan, set, verbs }: Trying): Promise<Trial> {
  if (set === undefined) return LATER;
  await verbs.jsonPatch(paths.set(plan.target.namespace, plan.target.name), rebased(set, changes));
  return ACCEPTED;
}

/** A Secret of that name may be there from another operation: then it is changed, or its number is given again. */
async function trySecret(name: string, { plan, verbs }: Trying): Promise<Trial> {
  const { namespace } = plan.target;
  const path = paths.secret(namespace, name);
  const present = (await verbs.get(path)) as KubeObject | undefined;
  if (present === undefined)
    await verbs.create(paths.secrets(namespace), { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace } });
  else await verbs.jsonPatch(path, [{ op: 'test', path: '/metadata/uid', value: present.metadata.uid }]);
  return ACCEPTED;
}

/** The first claim that has such an owner. */
async function tryStrip(write: Extract<Write, { kind: 'strip-owners' }>, { plan, verbs }: Trying): Promise<Trial> {
  const set = { metadata: { name: write.set, uid: write.setUid } } as StatefulSet;
  for (const { name } of write.claims) {
    const path = paths.claim(plan.target.namespace, name);
    const claim = (await verbs.get(path)) as Claim | undefined;
    const ops = claim === undefined ? [] : stripPatch(claim, set);
    if (ops.length === 0) continue;
    await verbs.jsonPatch(path, ops);
    return ACCEPTED;
  }
  return NOTHING;
}

async function tryService(name: string, { plan, archive, verbs }: Trying): Promise<Trial> {
  const { namespace } = plan.target;
  if (archive?.service === undefined || (await verbs.get(paths.service(namespace, name))) !== undefined) return NOTHING;
  await verbs.create(paths.services(namespace), serviceToCreate(archive.service));
  return ACCEPTED;
}

async function tryCreation(replicas: number, { plan, archive, set, verbs }: Trying): Promise<Trial> {
  if (set !== undefined || archive === undefined) return LATER;
  await verbs.create(paths.sets(plan.target.namespace), manifestToCreate(archive.manifest, replicas));
  return ACCEPTED;
}

/** The change as it would be, tested on the value that is there now. */
function rebased(set: StatefulSet, changes: readonly FieldChange[]): readonly JsonPatchOp[] {
  const uid: JsonPatchOp = { op: 'test', path: '/metadata/uid', value: set.metadata.uid };
  return [
    uid,
    ...changes.flatMap(({ path, to }): readonly JsonPatchOp[] =>
      to === undefined ? (valueAt(set, path) === undefined ? [] : [{ op: 'remove', path }]) : [{ op: 'add', path, value: to }],
    ),
  ];
}
