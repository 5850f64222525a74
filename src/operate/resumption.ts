import { isPodReady, podsNamedAfter } from '../domain/members.ts';
import { memberName } from '../domain/naming.ts';
import { describe } from '../domain/object-ref.ts';
import { roughAge } from '../domain/rough-age.ts';
import { listOf, type Snapshot, subjectOf } from '../domain/snapshot.ts';
import type { OperationRecord } from '../domain/stored.ts';
import type { PlanDraft } from '../operations/operation.ts';
import type { Resumption, Step } from '../plan/plan.ts';
import { clientOf, lastSign } from '../record/takeover.ts';
import { openRecord } from './open-record.ts';

/** What a plan that resumes says before all else: whose operation it is, since when, how it stopped, and what is left. */
export function resumptionOf(draft: PlanDraft, record: OperationRecord, snapshot: Snapshot): Resumption {
  const { kind, holder, phase } = record;
  const started = `started ${roughAge(snapshot.now - Date.parse(holder.since))} ago by ${clientOf(holder)}`;
  return {
    startedBy: clientOf(holder),
    startedAt: holder.since,
    phase,
    summary: `resume ${kind} of ${describe(subjectOf(draft.target))} (${started}, ${endOf(record, snapshot)}): ${leftOf(draft, snapshot)}`,
  };
}

function endOf({ phase }: OperationRecord, snapshot: Snapshot): string {
  const found = openRecord(snapshot)?.found;
  if (phase === 'paused') return 'paused';
  if (phase === 'stopped' || found?.state !== 'valid') return 'interrupted';
  return `last heartbeat ${roughAge(snapshot.now - lastSign(found))} ago`;
}

/** By what the remaining steps still have to see, not by their number, where they are about Pods. */
function leftOf({ steps, from, target }: PlanDraft, snapshot: Snapshot): string {
  const rest = steps.slice(
    Math.max(
      0,
      steps.findIndex(({ id }) => id === from),
    ),
  );
  const pods = podsNamedAfter(target.name, listOf(snapshot, 'pods'));
  const there = new Set([...pods.values()].map(({ metadata }) => metadata.name));
  const doomed = deletedBy(rest).filter((name) => there.has(name)).length;
  if (deletedBy(rest).length > 0) return `${doomed} of ${deletedBy(steps).length} Pods left to delete`;
  const updated = (some: readonly Step[]): number => some.filter(({ verify }) => verify.some(({ is }) => is === 'rolled-out')).length;
  if (updated(steps) > 0) return `${updated(rest)} of ${updated(steps)} Pods left to update`;
  const awaited = awaitedBy(rest, target.name);
  const unready = awaited.filter((name) => ![...pods.values()].some((pod) => pod.metadata.name === name && isPodReady(pod))).length;
  if (awaited.length > 0) return `${unready} of ${awaitedBy(steps, target.name).length} Pods not ready yet`;
  return `${rest.length} of ${steps.length} steps left`;
}

/** Pods that these steps take away. */
function deletedBy(steps: readonly Step[]): readonly string[] {
  return steps.flatMap(({ verify }) => verify.flatMap((condition) => (condition.is === 'no-pod' ? [condition.name] : [])));
}

/** Pods that these steps wait for, those that take none away. */
function awaitedBy(steps: readonly Step[], set: string): readonly string[] {
  const ups = steps.filter((step) => deletedBy([step]).length === 0);
  const ordinals = ups.flatMap(({ verify }) => verify.flatMap((condition) => (condition.is === 'members-ready' ? condition.ordinals : [])));
  return [...new Set(ordinals)].map((ordinal) => memberName(set, ordinal));
}
