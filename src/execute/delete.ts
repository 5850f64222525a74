import { ApiError, ChangedError, RefusedError } from '../domain/errors.ts';
import type { KubeObject, StatefulSet } from '../domain/kube.ts';
import { isTerminating } from '../domain/members.ts';
import { replicasOf } from '../domain/naming.ts';
import { describe, type ObjectRef, pathOf } from '../domain/object-ref.ts';
import { isSubject } from '../domain/snapshot.ts';
import type { DeleteGuard } from '../domain/verbs.ts';
import type { DeleteWrite } from '../plan/action.ts';
import { guardedWrite } from '../record/guarded.ts';
import { intend, type Performance, requiredSet } from './intent.ts';
import type { ExecutePorts } from './ports.ts';

/**
 * By uid and resourceVersion, as looked at before the intent is written: a take-over touches the object after it, so whoever
 * was suspended anywhere in between meets either the record or the resourceVersion of another.
 */
export async function deleteObject(write: DeleteWrite, performance: Performance): Promise<void> {
  const { ports, plan, fresh } = performance;
  const hasRecord = isSubject(write.ref, plan.target) && plan.journal !== 'none';
  const before = hasRecord ? requiredSet(fresh) : await lookAt(write.ref, ports);
  await intend(performance);
  // A record that was written to the object itself has given it another resourceVersion.
  const isKnown = !hasRecord || ports.keeper.carried.index !== undefined;
  const send = (): Promise<void> => deleteAsLookedAt(write, { before, isKnown }, ports);
  // No heartbeat may come between the look and the deletion of what carries it.
  await (hasRecord ? ports.keeper.exclusively(send) : send());
  if (hasRecord) ports.keeper.forgetSet();
}

async function deleteAsLookedAt(
  { ref, uid, propagation, graceSeconds, evicts }: DeleteWrite,
  { before, isKnown }: Look,
  ports: ExecutePorts,
): Promise<void> {
  const how = {
    ...(propagation === undefined ? {} : { propagationPolicy: propagation }),
    ...(graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds }),
    ...(evicts === undefined ? {} : { evicts }),
  };
  const known = isKnown ? before : undefined;
  const judge = (present: KubeObject): boolean => {
    throwIfScaled(ref, before, present);
    return true;
  };
  await deleteGuarded(ref, uid, { known, how, judge }, ports);
}

interface Look {
  readonly before: KubeObject | undefined;
  /** It is as it was looked at, as far as we know. */
  readonly isKnown: boolean;
}

/** A set that asks for Pods again is not the one that the preconditions held on. */
function throwIfScaled(ref: ObjectRef, before: KubeObject | undefined, present: KubeObject): void {
  if (ref.resource !== 'statefulsets' || before === undefined) return;
  const now = replicasOf(present as StatefulSet);
  if (now !== replicasOf(before as StatefulSet))
    throw new ChangedError(`replicas of ${describe(ref)} is ${now} again, set by another client`);
}

/**
 * A step's fallback, by uid and resourceVersion, with its own grace period. Out of range, a Pod is not re-created [X]; should
 * the controller act at the same moment, it deletes the same Pod. As it was when it was judged: a take-over touches it, and
 * may have put it in range again.
 */
export async function deleteLeftAlone(ref: ObjectRef, judged: KubeObject, ports: ExecutePorts): Promise<void> {
  const judge = (present: KubeObject): boolean => !isTerminating(present);
  await deleteGuarded(ref, judged.metadata.uid, { known: judged, how: {}, judge }, ports);
}

interface Deletion {
  /** As it was looked at already; absent: it is read. */
  readonly known: KubeObject | undefined;
  readonly how: Omit<DeleteGuard, 'uid' | 'resourceVersion'>;
  /** Whether it is still to be deleted. */
  readonly judge: (present: KubeObject) => boolean;
}

/** What is not there any more, or is another object by now, is deleted. */
async function deleteGuarded(ref: ObjectRef, uid: string, { known, how, judge }: Deletion, ports: ExecutePorts): Promise<void> {
  await guardedWrite(ports, async (tries) => {
    const present = tries === 1 && known !== undefined ? known : await lookAt(ref, ports);
    if (present === undefined || present.metadata.uid !== uid) return;
    if (tries > 1) await ports.keeper.assertOurs();
    if (!judge(present)) return;
    const { resourceVersion } = present.metadata;
    await ports.keeper.write(() => ports.verbs.delete(pathOf(ref), { uid, resourceVersion, ...how })).catch(throwUnlessGone);
  });
}

/** It went meanwhile. */
function throwUnlessGone(error: unknown): void {
  if (!(error instanceof ApiError)) throw error;
  if (isRefusedByBudget(error)) throw new RefusedError(error.message);
  if (error.status !== 404) throw error;
}

/** The eviction API's answer is 429, as that of a busy server, but with this cause: to ask again at once is of no use. */
function isRefusedByBudget({ status, details }: ApiError): boolean {
  const causes = (details?.['causes'] ?? []) as readonly { readonly reason?: string }[];
  return status === 429 && causes.some(({ reason }) => reason === 'DisruptionBudget');
}

async function lookAt(ref: ObjectRef, { verbs }: ExecutePorts): Promise<KubeObject | undefined> {
  return (await verbs.get(pathOf(ref))) as KubeObject | undefined;
}
