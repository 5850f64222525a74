import { ApiError } from '../domain/errors.ts';
import type { StatefulSet } from '../domain/kube.ts';
import type { JsonPatchOp } from '../domain/verbs.ts';
import { paths } from '../domain/verbs.ts';
import type { FieldChange, Write } from '../plan/action.ts';
import type { Plan } from '../plan/plan.ts';
import { valueAt } from '../record/set-patch.ts';
import type { OperatePorts } from './ports.ts';

/**
 * `--dry-run=server`: each *kind* of write once with dryRun=All, tests re-based on the live value, to try admission and
 * permissions. A write that needs an earlier one (the second scale-down, a create after the delete) fails a chained test by
 * construction [X], so it is listed as not tried.
 * @returns one sentence a kind of write
 * @throws ApiError when the server rejects one: what it would have said in earnest
 */
export async function tryOnServer(plan: Plan, ports: OperatePorts): Promise<readonly string[]> {
  const kinds = new Map<string, Write>();
  for (const step of plan.steps) {
    if (step.action.do === 'write' && !kinds.has(step.action.write.kind)) kinds.set(step.action.write.kind, step.action.write);
  }
  const set = (await ports.dryRunVerbs.get(paths.set(plan.target.namespace, plan.target.name))) as StatefulSet | undefined;
  const sentences: string[] = [];
  for (const [kind, write] of kinds) {
    const tried = await tryWrite(write, plan, set, ports);
    sentences.push(tried ? `${kind}: accepted by the server (dry run)` : `${kind}: not tried, it needs an earlier write`);
  }
  return sentences;
}

async function tryWrite(write: Write, plan: Plan, set: StatefulSet | undefined, ports: OperatePorts): Promise<boolean> {
  const { namespace, name } = plan.target;
  switch (write.kind) {
    case 'change-set':
      if (set === undefined) return false;
      await ports.dryRunVerbs.jsonPatch(paths.set(namespace, name), rebased(set, write.changes));
      return true;
    case 'delete-set':
      if (set === undefined) return false;
      await ports.dryRunVerbs.delete(paths.set(namespace, name), { uid: set.metadata.uid, propagationPolicy: 'Orphan' });
      return true;
    case 'save-archive':
      if (write.onlyFile === true) return false;
      await accepted(
        ports.dryRunVerbs.create(paths.secrets(namespace), {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: write.archive, namespace },
        }),
      );
      return true;
    case 'delete-claim':
      await ports.dryRunVerbs.delete(paths.claim(namespace, write.claim), { uid: write.uid });
      return true;
    case 'delete-service':
      await ports.dryRunVerbs.delete(paths.service(namespace, write.name), { uid: write.uid });
      return true;
    case 'strip-owners':
    case 'record-on-index':
    case 'create-service':
    case 'create-set':
    case 'put-back':
    case 'hand-back-fields':
    case 'close-record':
      return false;
  }
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

/** An archive of that name may be there from another operation: that is no rejection. */
async function accepted(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 409) throw error;
  }
}
