import { isObserved, isOrdered, nextScaleDown } from '../domain/controller.ts';
import { ApiError } from '../domain/errors.ts';
import type { Pod, StatefulSet } from '../domain/kube.ts';
import { isControlledBy, isTerminating } from '../domain/members.ts';
import { ordinalIn, replicasOf, startOf } from '../domain/naming.ts';
import { listOf, type Snapshot, sliceOf } from '../domain/snapshot.ts';
import { paths } from '../domain/verbs.ts';
import type { Step } from '../plan/plan.ts';
import { guardedWrite } from '../record/guarded.ts';
import type { ExecutePorts } from './ports.ts';

/**
 * The condemned Pod that the controller will not delete by its own rules, or undefined when it will (or already has).
 * A quorum database turns NotReady on the way down, and then an OrderedReady controller does nothing, for ever [X].
 */
export function condemnedByNobody(step: Step, snapshot: Snapshot): Pod | undefined {
  const set = sliceOf(snapshot, 'set');
  if (step.assist === undefined || set.state !== 'read' || !isObserved(set.value)) return undefined;
  const pods = listOf(snapshot, 'pods');
  const pod = pods.find(({ metadata }) => metadata.name === step.assist?.pod);
  // Asked at every event: what is settled by this one Pod must not cost a look at all others.
  if (pod === undefined || !isCondemned(pod, set.value, step.assist.setUid)) return undefined;
  return isLeftAlone(set.value, pods, snapshot.now, step.assist.stayingBelow) ? pod : undefined;
}

function isCondemned(pod: Pod, set: StatefulSet, setUid: string): boolean {
  const ours = set.metadata.uid === setUid && isControlledBy(pod, setUid);
  return ours && !isTerminating(pod) && isOrdered(set) && !isInRange(set, pod.metadata.name);
}

/** The controller waits for a member; not for one that stays, since then taking another away is what nobody wants. */
function isLeftAlone(set: StatefulSet, pods: readonly Pod[], now: number, stayingBelow = -1): boolean {
  const act = nextScaleDown(set, pods, now);
  return act.kind === 'blocked' && act.by.ordinal >= stayingBelow;
}

function isInRange(set: StatefulSet, podName: string): boolean {
  const place = (ordinalIn(set.metadata.name, podName) ?? -1) - startOf(set);
  return place >= 0 && place < replicasOf(set);
}

/**
 * Deletes that Pod, by uid and resourceVersion, with its own grace period. Out of range, it is not re-created [X]; should
 * the controller act at the same moment, it deletes the same Pod. As it was when it was judged: a take-over touches it, and
 * may have put it in range again.
 */
export async function deleteCondemned(pod: Pod, ports: ExecutePorts, namespace: string): Promise<void> {
  const { name, uid } = pod.metadata;
  await guardedWrite(ports, async (tries) => {
    if (tries > 1) await ports.keeper.assertOurs();
    const present = tries === 1 ? pod : ((await ports.verbs.get(paths.pod(namespace, name))) as Pod | undefined);
    if (present === undefined || present.metadata.uid !== uid || isTerminating(present)) return;
    try {
      const { resourceVersion } = present.metadata;
      await ports.keeper.write(() => ports.verbs.delete(paths.pod(namespace, name), { uid, resourceVersion }));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
    }
  });
}
