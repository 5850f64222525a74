import { claimsOf } from '../../domain/claims.ts';
import { CONTROLLER_PATIENCE_MS, isObserved, lastChanged } from '../../domain/controller.ts';
import { explainUnseen } from '../../domain/explain.ts';
import type { Pod, StatefulSet } from '../../domain/kube.ts';
import { podsNamedAfter } from '../../domain/members.ts';
import { terminatingNamespace } from '../../domain/namespace.ts';
import { replicasOf } from '../../domain/naming.ts';
import { roughAge } from '../../domain/rough-age.ts';
import { listOf, type Snapshot, sliceOf } from '../../domain/snapshot.ts';
import type { FoundRecord } from '../../domain/stored.ts';
import { absentVerdict } from './absent.ts';
import { type Health, healthy, interrupted, paused, progressing, scaledToZero, stalled, terminating, type Verdict } from './kinds.ts';
import { memberVerdicts } from './members.ts';
import { rolloutVerdicts } from './rollout.ts';
import { scaleVerdicts } from './scale-down.ts';

export type { Health, Verdict } from './kinds.ts';

/** The first that applies is the verdict: what needs a person comes before what goes on by itself. */
const WORST_FIRST: readonly Health[] = [
  'Stalled',
  'Degraded',
  'Progressing',
  'Interrupted',
  'Paused',
  'UpdatePending',
  'ScaledToZero',
  'Healthy',
];

/**
 * Judges a set by the controller's own rules, from Pods rather than from status counters. Needs the slices `set` and
 * `pods`; `namespace`, `events`, `nodes`, `claims` and `stored` make the sentence better.
 *
 * @param record our open operation on it, if any
 * @returns undefined when there is nothing to judge, or the set or its Pods could not be read
 */
export function verdictOf(snapshot: Snapshot, record: FoundRecord | undefined): Verdict | undefined {
  const verdict = doomed(snapshot, judged(snapshot, record));
  const [open] = recordVerdicts(record);
  // What is open is never hidden by what is worse.
  if (verdict === undefined || open === undefined || verdict.reason.includes(open.reason)) return verdict;
  return { ...verdict, reason: `${verdict.reason}; ${open.reason}` };
}

function judged(snapshot: Snapshot, record: FoundRecord | undefined): Verdict | undefined {
  const set = sliceOf(snapshot, 'set');
  const pods = sliceOf(snapshot, 'pods');
  if (set.state === 'unknown' || pods.state === 'unknown') return undefined;
  const all = pods.state === 'read' ? pods.value : [];
  if (set.state === 'absent') return absentVerdict(snapshot, all, recordVerdicts(record)[0]?.reason);
  if (set.value.metadata.deletionTimestamp !== undefined) return deletingVerdict(set.value, all, snapshot.now);
  if (!isObserved(set.value)) return unseenVerdict(set.value, snapshot.now);
  const found = [
    ...scaleVerdicts(set.value, all, snapshot),
    ...rolloutVerdicts(set.value, all, snapshot),
    ...memberVerdicts(set.value, all, snapshot),
    ...recordVerdicts(record),
    restVerdict(set.value, all, snapshot),
  ];
  return WORST_FIRST.map((name) => found.find(({ health }) => health === name)).find((verdict) => verdict !== undefined);
}

/** Whatever it is: in a namespace that is being deleted it is destroyed, and nothing comes back to it. */
function doomed(snapshot: Snapshot, verdict: Verdict | undefined): Verdict | undefined {
  const namespace = terminatingNamespace(snapshot)?.metadata.name;
  if (verdict === undefined || namespace === undefined) return verdict;
  return terminating(`namespace ${namespace} is Terminating: everything in it is being deleted`);
}

/** With a deletionTimestamp the controller only updates status; the garbage collector takes the Pods, all at once. */
function deletingVerdict(set: StatefulSet, pods: readonly Pod[], now: number): Verdict {
  const left = podsNamedAfter(set.metadata.name, pods).size;
  const finalizers = set.metadata.finalizers ?? [];
  const waits = finalizers.length === 0 ? '' : `, waits for finalizer ${finalizers.join(', ')}`;
  const since = now - Date.parse(set.metadata.deletionTimestamp ?? '');
  return terminating(`being deleted for ${roughAge(since)}, ${left} ${left === 1 ? 'Pod' : 'Pods'} left${waits}`);
}

function unseenVerdict(set: StatefulSet, now: number): Verdict {
  const sentence = explainUnseen(set);
  const age = now - lastChanged(set);
  return age > CONTROLLER_PATIENCE_MS
    ? stalled(`${sentence}, for ${roughAge(age)}: is kube-controller-manager running?`)
    : progressing(sentence);
}

function recordVerdicts(found: FoundRecord | undefined): readonly Verdict[] {
  if (found === undefined) return [];
  if (found.state === 'damaged') return [interrupted(`the record of an operation on it is damaged: ${found.message}`)];
  const { kind, holder, cursor, phase } = found.record;
  const by = `${kind} by ${holder.user}@${holder.host}`;
  if (phase === 'paused') return [paused(`${by} is paused (${cursor})`)];
  return phase === 'running' ? [progressing(`${by} is under way (${cursor})`)] : [interrupted(`${by} was stopped at ${cursor}`)];
}

function restVerdict(set: StatefulSet, pods: readonly Pod[], snapshot: Snapshot): Verdict {
  const replicas = replicasOf(set);
  if (replicas > 0) return healthy(replicas === 1 ? '1 member available' : `${replicas} members available`);
  const claims = claimsOf(set, pods, listOf(snapshot, 'claims')).length;
  const kept = claims === 0 ? '' : `, ${claims} ${claims === 1 ? 'PVC' : 'PVCs'} kept`;
  return scaledToZero(`scaled to 0${kept}`);
}
