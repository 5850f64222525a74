import { ApiError } from '../domain/errors.ts';
import type { KubeObject, Pod } from '../domain/kube.ts';
import { isLeftBehind } from '../domain/members.ts';
import { pathOf } from '../domain/object-ref.ts';
import { isSubject, type Target } from '../domain/snapshot.ts';
import type { OperationRecord } from '../domain/stored.ts';
import { pointer } from '../domain/verbs.ts';
import type { ExecutePorts } from '../execute/ports.ts';
import { pendingIn } from '../operations/earlier-records.ts';

const TOUCHED = 'sts-safe.dev/touched';

/**
 * After a take-over: touches the object that the old holder's pending step would delete. Should that holder only have been
 * suspended between its look and its write, its write now fails on the resourceVersion, and looking again it finds that
 * the record is not its own any more. The set itself is told by its record.
 */
export async function fenceOff(target: Target, record: OperationRecord, { verbs, serverNow }: ExecutePorts): Promise<void> {
  const pending = pendingIn(record, target);
  if (pending === undefined || isSubject(pending, target)) return;
  const path = pathOf(pending);
  try {
    const present = (await verbs.get(path)) as KubeObject | undefined;
    if (present === undefined || isSomebodyElses(present, target)) return;
    const at = new Date(serverNow()).toISOString();
    const mark = `/metadata/annotations${pointer(TOUCHED)}`;
    await verbs.jsonPatch(path, [
      present.metadata.annotations === undefined
        ? { op: 'add', path: '/metadata/annotations', value: { [TOUCHED]: at } }
        : { op: 'add', path: mark, value: at },
    ]);
    // The other resourceVersion is all that was wanted: what stays, stays without a mark of ours.
    await verbs.jsonPatch(path, [{ op: 'remove', path: mark }]);
  } catch (error) {
    // Patching Pods may not be allowed. Then what is left is the old holder's own look at the record before it tries again.
    if (!(error instanceof ApiError)) throw error;
  }
}

/** A Pod of a member's name that another controller has, or none: no step deletes it. */
function isSomebodyElses(object: KubeObject, { name }: Target): boolean {
  const isOwned = object.metadata.ownerReferences?.some((owner) => owner.controller === true) ?? false;
  return object.kind === 'Pod' && !(isOwned && isLeftBehind(object as Pod, name));
}
