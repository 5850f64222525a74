import { isObserved, isOrdered } from '../../domain/controller.ts';
import { explainMember, explainUnseen } from '../../domain/explain.ts';
import type { Pod, StatefulSet } from '../../domain/kube.ts';
import type { Member } from '../../domain/members.ts';
import { replicasOf } from '../../domain/naming.ts';
import { partitionOf, revisionOf } from '../../domain/revisions.ts';
import { isStale, type Rollout, rolloutOf } from '../../domain/rollout.ts';
import { listOf, type Snapshot } from '../../domain/snapshot.ts';
import { paused, progressing, stalled, updatePending, type Verdict } from './kinds.ts';

/** Verdict on a rollout that is not over: under way, stalled, or held by somebody's choice. */
export function rolloutVerdicts(set: StatefulSet, pods: readonly Pod[], snapshot: Snapshot): readonly Verdict[] {
  const rollout = rolloutOf(set, pods, snapshot.now);
  switch (rollout.state) {
    case 'complete':
    case 'unobserved':
      return [];
    case 'progressing':
      return [progressing(`rolling out ${set.status.updateRevision}: ${count(rollout.pending)} to go`)];
    case 'stuck':
      return [stuckVerdict(set, rollout, snapshot)];
    case 'held':
      return [rollout.by === 'partition' ? partitionVerdict(set, rollout.stale) : onDeleteVerdict(set, rollout.stale)];
  }
}

/** A member that is to be of the newest revision: why it cannot be created, or what its rollout waits for or who holds it. */
export function explainStale(set: StatefulSet, { name, pod }: Pick<Member, 'name' | 'pod'>, snapshot: Snapshot): string {
  if (pod === undefined) return explainMember(set, { name, pod }, snapshot);
  const why = isObserved(set) ? rolloutVerdicts(set, listOf(snapshot, 'pods'), snapshot)[0]?.reason : explainUnseen(set);
  return `${name} is not replaced yet${why === undefined ? '' : `: ${why}`}`;
}

function stuckVerdict(set: StatefulSet, { by, pending }: Extract<Rollout, { state: 'stuck' }>, snapshot: Snapshot): Verdict {
  const sentence = explainMember(set, by, snapshot);
  const left = `${count(pending)} to go`;
  // Signature 2 (#67250): the controller waits for Ready before it replaces what cannot become Ready.
  if (isStale(set, by) && isOrdered(set))
    return stalled(`${sentence} at ${revisionOfMember(by)}, and is not replaced with ${set.status.updateRevision} before it is (${left})`);
  // Signature 4 (#137409): unavailable members eat the budget wherever they are.
  if (isStale(set, by)) return stalled(`${sentence} at ${revisionOfMember(by)}, and uses up maxUnavailable (${left})`);
  return stalled(`${sentence} at the new ${set.status.updateRevision}; the rollout does not progress (${left})`);
}

/** Signatures 5, 6 and 8. */
function partitionVerdict(set: StatefulSet, stale: readonly Member[]): Verdict {
  const partition = partitionOf(set);
  const reach = partition >= replicasOf(set) ? 'every member' : names(stale);
  const lost = set.status.currentRevision === set.status.updateRevision;
  const baseline = lost ? '; the controller has forgotten that revision: what restarts comes back updated' : '';
  return paused(`partition ${partition} holds ${reach} at ${revisions(stale)}${baseline}`);
}

/** Signature 7. */
function onDeleteVerdict(set: StatefulSet, stale: readonly Member[]): Verdict {
  return updatePending(
    `OnDelete: ${names(stale)} ${stale.length === 1 ? 'stays' : 'stay'} at ${revisions(stale)} until deleted, update is ${set.status.updateRevision}`,
  );
}

function revisionOfMember({ pod }: Member): string {
  return (pod === undefined ? undefined : revisionOf(pod)) ?? 'no revision';
}

function revisions(members: readonly Member[]): string {
  return [...new Set(members.map(revisionOfMember))].join(', ');
}

function names(members: readonly Member[]): string {
  const all = members.map(({ name }) => name);
  return all.length <= 3 ? all.join(', ') : `${all.slice(0, 2).join(', ')} and ${all.length - 2} more`;
}

function count(members: readonly Member[]): string {
  return `${members.length} ${members.length === 1 ? 'member' : 'members'}`;
}
