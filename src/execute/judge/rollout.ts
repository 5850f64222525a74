import { countContainers } from '../../domain/containers.ts';
import { isObserved } from '../../domain/controller.ts';
import { explainMember, explainUnseen } from '../../domain/explain.ts';
import { brokenReason, whyUnhealthy } from '../../domain/health.ts';
import { differingImage } from '../../domain/images.ts';
import type { Pod, StatefulSet } from '../../domain/kube.ts';
import { type Member, membersOf } from '../../domain/members.ts';
import { conditionOf } from '../../domain/readiness.ts';
import { isStale } from '../../domain/rollout.ts';
import { type Snapshot, sliceOf } from '../../domain/snapshot.ts';
import { explainStale } from '../../inspect/verdict/rollout.ts';
import type { Condition } from '../../plan/condition.ts';
import { fails, HOLDS, type Judgement } from './judgement.ts';

type RolledOut = Extract<Condition, { is: 'rolled-out' }>;

/** What crashes or cannot pull its image may still come up by itself within this time: a registry that is away for a moment. */
const BROKEN_MS = 30_000;

export function judgeRollout(condition: RolledOut, pods: readonly Pod[], snapshot: Snapshot): Judgement {
  const set = sliceOf(snapshot, 'set');
  if (set.state !== 'read') return fails('the set is not there');
  if (!isObserved(set.value)) return fails(explainUnseen(set.value));
  const members = membersOf(set.value, pods).filter(({ inRange }) => inRange);
  const updated = members.filter(({ ordinal }) => ordinal >= condition.from);
  const below = condition.others ? members.filter(({ ordinal }) => ordinal < condition.from) : [];
  return (
    updated.map((member) => judgeUpdated(member, set.value, condition, snapshot)).find(({ holds }) => !holds) ??
    below.map((member) => judgeHealth(member, set.value, snapshot)).find(({ holds }) => !holds) ??
    judgeImages(updated) ??
    soaked(updated, condition.soakMs, snapshot.now)
  );
}

function judgeUpdated(member: Member, set: StatefulSet, { restarts }: RolledOut, snapshot: Snapshot): Judgement {
  const { pod, name } = member;
  if (pod === undefined || isStale(set, member)) return fails(explainStale(set, member, snapshot));
  const restarted = countContainers(pod).restarts;
  if (restarted > restarts)
    return hopeless(`${name} restarted ${restarted} ${restarted === 1 ? 'time' : 'times'}, and ${restarts} are allowed`, pod, 0);
  return judgeHealth(member, set, snapshot);
}

function judgeHealth({ name, pod }: Member, set: StatefulSet, snapshot: Snapshot): Judgement {
  const { now } = snapshot;
  const minReadySeconds = set.spec.minReadySeconds ?? 0;
  const why = whyUnhealthy(pod, minReadySeconds, now);
  if (why === undefined) return HOLDS;
  const note = explainMember(set, { name, pod }, snapshot);
  if (pod === undefined) return fails(note);
  if (brokenReason(pod) !== undefined) return hopeless(note, pod, BROKEN_MS);
  return why === 'not-available' ? due(note, readySince(pod) + minReadySeconds * 1000 - now) : fails(note);
}

/** A tag that was moved meanwhile: then the Pods do not run the same. */
function judgeImages(updated: readonly Member[]): Judgement | undefined {
  const pods = updated.flatMap(({ pod }) => (pod === undefined ? [] : [pod]));
  const other = differingImage(pods);
  return other === undefined ? undefined : hopeless(other.message, other.pod, 0);
}

/** The time counts from the newest restart: one within it begins it again. */
function soaked(updated: readonly Member[], soakMs: number, now: number): Judgement {
  const left = updated.map(({ name, pod }) => ({ name, ms: pod === undefined ? 0 : runningSince(pod) + soakMs - now }));
  const longest = left.reduce((most, one) => (one.ms > most.ms ? one : most), { name: '', ms: 0 });
  if (longest.ms <= 0 || soakMs === 0) return HOLDS;
  return due(`${longest.name} is Ready and is watched for ${Math.ceil(longest.ms / 1000)}s more`, longest.ms);
}

function readySince(pod: Pod): number {
  return Date.parse(conditionOf(pod, 'Ready')?.lastTransitionTime ?? '') || 0;
}

/** Ready since, and every container since: a fast restart need not show in the condition. Milliseconds since the epoch. */
function runningSince(pod: Pod): number {
  const started = (pod.status.containerStatuses ?? []).map(({ state }) => Date.parse(state?.running?.startedAt ?? '') || 0);
  return Math.max(readySince(pod), ...started);
}

function due(note: string, ms: number): Judgement {
  return { holds: false, note, dueInMs: Math.max(1, Math.min(ms, 1000)) };
}

function hopeless(note: string, pod: Pod, patienceMs: number): Judgement {
  return { holds: false, note, held: { as: pod.metadata.uid, patienceMs } };
}
