import { ApiError } from '../domain/errors.ts';
import { paths } from '../domain/verbs.ts';
import type { ExecutePorts } from '../execute/ports.ts';
import type { Plan, Step } from '../plan/plan.ts';

const TOUCHED = 'sts-safe.dev/touched';

/**
 * After a take-over: touches the object that the old holder's pending step would delete. Should that holder only have been
 * suspended between its look and its write, its write now fails on the resourceVersion, and looking again it finds that
 * the record is not its own any more.
 */
export async function fenceOff(plan: Plan, cursor: string, { verbs, serverNow }: ExecutePorts): Promise<void> {
  const step = plan.steps.find(({ id }) => id === cursor);
  const path = step === undefined ? undefined : pendingObject(step, plan.target.namespace);
  if (path === undefined) return;
  try {
    const present = (await verbs.get(path)) as { readonly metadata: { readonly annotations?: Record<string, string> } } | undefined;
    if (present === undefined) return;
    const at = new Date(serverNow()).toISOString();
    await verbs.jsonPatch(path, [
      present.metadata.annotations === undefined
        ? { op: 'add', path: '/metadata/annotations', value: { [TOUCHED]: at } }
        : { op: 'add', path: `/metadata/annotations/${TOUCHED.replace('/', '~1')}`, value: at },
    ]);
  } catch (error) {
    // Patching Pods may not be allowed. Then what is left is the old holder's own look at the record before it tries again.
    if (!(error instanceof ApiError)) throw error;
  }
}

/** The object other than the set that this step deletes. */
function pendingObject(step: Step, namespace: string): string | undefined {
  if (step.assist !== undefined) return paths.pod(namespace, step.assist.pod);
  if (step.action.do === 'write' && step.action.write.kind === 'delete-claim') return paths.claim(namespace, step.action.write.claim);
  return undefined;
}
