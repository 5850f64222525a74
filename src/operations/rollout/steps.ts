import type { Json, StatefulSet } from '../../domain/kube.ts';
import { memberName, ordinalsOf, replicasOf, startOf } from '../../domain/naming.ts';
import type { Difference } from '../../domain/spec-difference.ts';
import { pointer } from '../../domain/verbs.ts';
import { changeOf, type FieldChange } from '../../plan/action.ts';
import type { ClaimState, Condition } from '../../plan/condition.ts';
import type { Step } from '../../plan/plan.ts';
import { type Gates, gateSteps, hookSteps } from '../gates.ts';
import { archiveStep, refOf } from '../member-steps.ts';
import { isOnDelete, partitionAdded, partitionMoved, rollingFromOnDelete, strategyPutBack } from './partition.ts';

export interface RolloutFacts {
  /** As it was when the rollout began, and as it is. */
  readonly set: StatefulSet;
  readonly live: StatefulSet;
  /** What the new template changes. */
  readonly differences: readonly Difference[];
  readonly archive: string;
  readonly soakMs: number;
  readonly restarts: number;
  /** All other Pods are Available before one is replaced; not asked where the operator allowed them not to be. */
  readonly others: boolean;
  /** Numbers of updated Pods after which it pauses. */
  readonly pauses: readonly number[];
  /** Asked of each updated Pod, and run before it is updated. */
  readonly gates: Gates;
  readonly claims: readonly ClaimState[];
  readonly timeoutMs: number;
}

/**
 * One atomic patch sets template and partition: no Pod is replaced by it. Then the partition is lowered by one for each Pod,
 * highest ordinal first, and the next one follows when the new one has stood the test and its gates are well.
 */
export function rolloutSteps(facts: RolloutFacts): readonly Step[] {
  const ordinals = ordinalsOf(facts.set).toReversed();
  return [
    archiveStep(facts.archive, facts.timeoutMs),
    ...holdStep(facts),
    startStep(facts),
    ...ordinals.flatMap((ordinal, index) => [
      ...hookSteps(facts.gates, podOf(ordinal, facts)),
      updateStep(ordinal, index + 1, facts),
      ...gateSteps(facts.gates, podOf(ordinal, facts)),
      ...(facts.pauses.includes(index + 1) ? [pauseStep(index + 1, facts)] : []),
    ]),
    ...strategyStep(facts),
    finishStep(facts),
  ];
}

/**
 * Under OnDelete whatever deletes a Pod updates it, and status.currentRevision may be years old [X]: with RollingUpdate and a
 * partition above all Pods, the controller first settles on the revision that they run, and then holds them at it.
 */
function holdStep(facts: RolloutFacts): readonly Step[] {
  const { set, timeoutMs } = facts;
  const replicas = replicasOf(set);
  if (!isOnDelete(set) || replicas === 0) return [];
  const { uid } = set.metadata;
  return [
    {
      id: 'hold',
      title: `set the update strategy to RollingUpdate, with all Pods held by partition ${replicas}`,
      action: changeOf(refOf(set), uid, [rollingFromOnDelete(replicas)]),
      leaves: replicas,
      preconditions: [isSet(facts), ...allWell(startOf(set) + replicas, facts)],
      verify: [{ is: 'revision-settled', uid }],
      timeoutMs,
    },
  ];
}

function startStep(facts: RolloutFacts): Step {
  const { set, differences } = facts;
  const replicas = replicasOf(set);
  return {
    id: 'start',
    title: replicas === 0 ? 'set the new Pod template' : `set the new Pod template, with all Pods held by partition ${replicas}`,
    action: changeOf(refOf(set), set.metadata.uid, [
      ...differences.map(fieldChange),
      ...(isOnDelete(set) ? [] : [partitionAdded(set, replicas)]),
    ]),
    leaves: replicas,
    preconditions: [isSet(facts), ...allWell(startOf(set) + replicas, facts)],
    verify: [{ is: 'set-observed', uid: set.metadata.uid }],
    timeoutMs: facts.timeoutMs,
  };
}

/** Each field with its value before and after: the server tests the one and stores the other. */
export function fieldChange({ path, was, is }: Difference): FieldChange {
  return { path: pointer(...path), from: was as Json | undefined, to: is as Json | undefined };
}

function updateStep(ordinal: number, nth: number, facts: RolloutFacts): Step {
  const { set, soakMs, restarts, others } = facts;
  const partition = ordinal - startOf(set);
  return {
    id: `update/${ordinal}`,
    title: `update Pod ${memberName(set.metadata.name, ordinal)} (${reached(nth, facts)})`,
    action: changeOf(refOf(set), set.metadata.uid, [partitionMoved(partition + 1, partition)]),
    leaves: replicasOf(set),
    preconditions: [isSet(facts), ...allWell(ordinal + 1, facts)],
    verify: [{ is: 'rolled-out', from: ordinal, soakMs, restarts, others }],
    timeoutMs: facts.timeoutMs + soakMs,
  };
}

function pauseStep(updated: number, facts: RolloutFacts): Step {
  const at = `${reached(updated, facts)} Pods updated`;
  return {
    id: `pause/${updated}`,
    title: `pause with ${at}`,
    action: { do: 'pause', at },
    leaves: replicasOf(facts.set),
    preconditions: [isSet(facts)],
    verify: [],
    timeoutMs: facts.timeoutMs,
  };
}

function strategyStep(facts: RolloutFacts): readonly Step[] {
  const { set, live } = facts;
  const changes = strategyPutBack(set, live);
  if (changes.length === 0) return [];
  return [
    {
      id: 'strategy',
      title: 'restore the update strategy',
      action: changeOf(refOf(set), set.metadata.uid, changes),
      leaves: replicasOf(set),
      preconditions: [isSet(facts)],
      verify: [{ is: 'set-observed', uid: set.metadata.uid }],
      timeoutMs: facts.timeoutMs,
    },
  ];
}

function finishStep(facts: RolloutFacts): Step {
  const { set, claims } = facts;
  return {
    id: 'finish',
    title: 'verify the PVCs and remove the operation record',
    action: { do: 'write', write: { verb: 'record', do: 'close', carrier: 'set', uid: set.metadata.uid } },
    leaves: replicasOf(set),
    preconditions: [isSet(facts), ...allWell(startOf(set), facts), { is: 'claims-unchanged', claims }],
    verify: [],
    timeoutMs: facts.timeoutMs,
  };
}

function podOf(ordinal: number, { set }: RolloutFacts): string {
  return memberName(set.metadata.name, ordinal);
}

function isSet({ set }: RolloutFacts): Condition {
  return { is: 'set-is', uid: set.metadata.uid, replicas: replicasOf(set) };
}

/** What was verified holds still: the Pods from this ordinal on are updated, and nobody is down. */
function allWell(from: number, { set, restarts, others }: RolloutFacts): readonly Condition[] {
  return replicasOf(set) === 0 ? [] : [{ is: 'rolled-out', from, soakMs: 0, restarts, others }];
}

const reached = (updated: number, { set }: RolloutFacts): string => `${updated} of ${replicasOf(set)}`;
