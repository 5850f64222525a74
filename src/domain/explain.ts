import { claimsUsedBy } from './claims.ts';
import { isObserved, isOrdered, nextScaleDown } from './controller.ts';
import { healthSentence, whyUnhealthy } from './health.ts';
import type { Claim, Node, Pod, StatefulSet } from './kube.ts';
import { evictionAt, isNodeLost } from './lost-node.ts';
import { type Member, membersOf } from './members.ts';
import { replicasOf } from './naming.ts';
import { conditionOf } from './readiness.ts';
import { roughAge } from './rough-age.ts';
import { listOf, type Snapshot, sliceOf } from './snapshot.ts';
import { whyUncreatable } from './uncreatable.ts';

/**
 * Why a member or a set is not as wanted, in one sentence without a full stop: what `status` says is what a waiting step
 * says. Each says as much as its snapshot knows: `events` of the set, `claims` and `nodes` make a sentence better, and
 * none of them is needed.
 */

/**
 * A member: `web-1 is not Ready (0/1 containers, CrashLoopBackOff)` and what its node, a PVC or a finalizer has to do with
 * it; `web-2 cannot be created: exceeded quota: …`.
 */
export function explainMember(set: StatefulSet, { name, pod }: Pick<Member, 'name' | 'pod'>, snapshot: Snapshot): string {
  if (pod === undefined) {
    const why = whyNotCreated(set, name, snapshot);
    return why === undefined ? `${name} is waiting to be created` : `${name} cannot be created: ${why}`;
  }
  return `${name} ${healthSentence(pod, set.spec.minReadySeconds ?? 0, snapshot.now)}${circumstance(pod, snapshot)}`;
}

/** Why the controller cannot create a missing member, by its own events; undefined when nothing says that it cannot. */
export function whyNotCreated(set: StatefulSet, name: string, snapshot: Snapshot): string | undefined {
  return whyUncreatable(set, name, listOf(snapshot, 'pods'), listOf(snapshot, 'events'), snapshot.now);
}

/** The member that the controller is to create next, and has not; undefined where there is none, or it waits for another one. */
export function missingMember(snapshot: Snapshot): string | undefined {
  const set = sliceOf(snapshot, 'set');
  if (set.state !== 'read' || !isObserved(set.value)) return undefined;
  const { spec } = set.value;
  const down = membersOf(set.value, listOf(snapshot, 'pods')).filter(
    ({ inRange, pod }) => inRange && whyUnhealthy(pod, spec.minReadySeconds ?? 0, snapshot.now) !== undefined,
  );
  const next = isOrdered(set.value) ? down[0] : down.find(({ pod }) => pod === undefined);
  return next?.pod === undefined ? next?.name : undefined;
}

/** A Pod that is to go: `web-2 is terminating (5s past its deadline); finalizer example.com/hold keeps it`. */
export function explainLeaving(pod: Pod, snapshot: Snapshot): string {
  const { name, deletionTimestamp } = pod.metadata;
  if (deletionTimestamp !== undefined) return `${name} ${healthSentence(pod, 0, snapshot.now)}${circumstance(pod, snapshot)}`;
  const set = sliceOf(snapshot, 'set');
  return (set.state === 'read' ? explainStaying(set.value, name, snapshot) : undefined) ?? `${name} is not terminating yet`;
}

/**
 * A condemned member that the controller leaves alone, which it tells by neither an event nor a condition; undefined where
 * nothing keeps the controller from it.
 */
export function explainStaying(set: StatefulSet, name: string, snapshot: Snapshot): string | undefined {
  const pods = listOf(snapshot, 'pods');
  const act = nextScaleDown(set, pods, snapshot.now);
  const why =
    act.kind === 'blocked' ? blockedWords(set, act.by, snapshot) : isOrdered(set) ? undefined : deadlockWords(set, pods, snapshot);
  return why === undefined ? undefined : `${name} stays although replicas is ${replicasOf(set)}: ${why}`;
}

/** Semantics, signatures 9 and 10. */
function blockedWords(set: StatefulSet, by: Member, snapshot: Snapshot): string {
  const rule = by.inRange ? 'no member is removed until it is Ready' : 'of two unready members the controller removes neither';
  return `${explainMember(set, by, snapshot)}; ${rule}`;
}

/** Parallel: a failed create ends the sync before anything is condemned (#140858; semantics, signature 11). */
function deadlockWords(set: StatefulSet, pods: readonly Pod[], snapshot: Snapshot): string | undefined {
  for (const { inRange, pod, name } of membersOf(set, pods)) {
    const why = inRange && pod === undefined ? whyNotCreated(set, name, snapshot) : undefined;
    if (why !== undefined) return `${name} cannot be created (${why}), and a Parallel controller removes nothing before that`;
  }
  return undefined;
}

/** A PVC that is to go: `PVC data-web-2 is terminating; Pod web-2 still uses it`. */
export function explainClaimLeaving({ metadata }: Claim, snapshot: Snapshot): string {
  if (metadata.deletionTimestamp === undefined) return `PVC ${metadata.name} is not terminating yet`;
  const users = listOf(snapshot, 'pods').filter((pod) => claimsUsedBy(pod).includes(metadata.name));
  const names = users.map((pod) => pod.metadata.name);
  const why = names.length === 0 ? '' : `; ${names.length === 1 ? `Pod ${names[0]} still uses` : `Pods ${names.join(', ')} still use`} it`;
  return `PVC ${metadata.name} is terminating${why}`;
}

/** A set that is to go. Deleted without its Pods, it stays until the garbage collector has taken its owner references off them. */
export function explainSetLeaving({ metadata }: StatefulSet): string {
  const { name, deletionTimestamp, finalizers = [] } = metadata;
  if (deletionTimestamp === undefined) return `StatefulSet ${name} is not terminating yet`;
  const why = finalizers.includes('orphan') ? '; the garbage collector has not released its Pods yet' : '';
  return `StatefulSet ${name} is terminating${why}`;
}

/** A set whose newest spec the controller has not seen. */
export function explainUnseen({ metadata, status }: StatefulSet): string {
  return `the controller has not seen generation ${metadata.generation} yet, only ${status.observedGeneration ?? 'none'}`;
}

export function nodeOf(pod: Pod, snapshot: Snapshot): Node | undefined {
  return listOf(snapshot, 'nodes').find(({ metadata }) => metadata.name === pod.spec.nodeName);
}

/** Signatures 12 to 14, and PVCs: what keeps a Pod from starting or from going, or takes it away next. */
function circumstance(pod: Pod, snapshot: Snapshot): string {
  const node = nodeOf(pod, snapshot);
  if (isNodeLost(node)) return `; its node ${node?.metadata.name} is not Ready${evictionWords(pod, node, snapshot.now)}`;
  return pod.metadata.deletionTimestamp === undefined ? claimWords(pod, snapshot) : endWords(pod, snapshot.now);
}

function endWords(pod: Pod, now: number): string {
  const { deletionTimestamp, finalizers = [] } = pod.metadata;
  if (finalizers.length > 0) return `; finalizer ${finalizers.join(', ')} keeps it`;
  return Date.parse(deletionTimestamp ?? '') < now ? '; its node has not confirmed that it has ended' : '';
}

function evictionWords(pod: Pod, node: Node | undefined, now: number): string {
  const at = evictionAt(pod, node);
  if (pod.metadata.deletionTimestamp !== undefined || at === undefined) return '';
  if (at === 'never') return ', and it tolerates that forever';
  return at > now ? `, eviction in ${roughAge(at - now)}` : ', eviction is due';
}

/** A PVC that its Pod waits for. One that is Pending waits for the Pod itself as long as the scheduler has not spoken. */
function claimWords(pod: Pod, snapshot: Snapshot): string {
  const claims = sliceOf(snapshot, 'claims');
  if (claims.state !== 'read' || pod.status.phase !== 'Pending' || whyUnhealthy(pod, 0, snapshot.now) === undefined) return '';
  const byName = new Map(claims.value.map((claim) => [claim.metadata.name, claim]));
  const isUnscheduled = conditionOf(pod, 'PodScheduled')?.status === 'False';
  const waits = claimsUsedBy(pod).flatMap((name) => {
    const state = claimState(byName.get(name));
    return state === undefined || (state === 'is Pending' && !isUnscheduled) ? [] : [`PVC ${name} ${state}`];
  });
  return waits.length === 0 ? '' : `; ${waits.join(', ')}`;
}

function claimState(claim: Claim | undefined): string | undefined {
  if (claim === undefined) return 'does not exist';
  if (claim.metadata.deletionTimestamp !== undefined) return 'is being deleted';
  return claim.status.phase === 'Bound' ? undefined : `is ${claim.status.phase ?? 'in no phase'}`;
}
