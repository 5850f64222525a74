import { UsageError } from '../../domain/errors.ts';
import type { StatefulSet } from '../../domain/kube.ts';
import { memberName, replicasOf, startOf } from '../../domain/naming.ts';
import { changeOf } from '../../plan/action.ts';
import type { Step } from '../../plan/plan.ts';
import { checkNames, gateSteps, gatesIn, hookSteps } from '../gates.ts';
import { refOf } from '../member-steps.ts';
import type { ScaleOptions } from './options.ts';

/**
 * @param from replicas before
 * @throws UsageError for gates that nobody could be asked, and hooks for which no Pod goes
 */
export function checkGates({ replicas: to, ...options }: ScaleOptions, from: number, set: StatefulSet): void {
  const asked = gatesIn(options);
  const { gates, hooks } = asked;
  checkNames(asked, set);
  if (to === 0 && gates.length > 0)
    throw new UsageError('no Pod is left that a gate could be asked about', 'leave --gate out, or keep one Pod');
  if (to > from && hooks.length > 0)
    throw new UsageError('--before runs before a Pod is deleted, and scaling up deletes none', 'leave it out');
}

/** Each removal between its hooks, in the Pod that goes, and its gates, of the lowest one that stays. */
export function gatedDown(options: ScaleOptions, set: StatefulSet, removals: readonly Step[]): readonly Step[] {
  const gates = gatesIn(options);
  const highest = startOf(set) + replicasOf(set) - 1;
  const pod = (ordinal: number): string => memberName(set.metadata.name, ordinal);
  return removals.flatMap((step, index) => [
    ...hookSteps(gates, pod(highest - index)),
    step,
    ...gateSteps(gates, pod(startOf(set))).map((gate) => ({ ...gate, id: `${gate.id}/${highest - index}` })),
  ]);
}

/**
 * One patch to the target: a Parallel quorum needs all its members to become Ready. Stepping only when asked for, and where gates are
 * asked of each new Pod.
 */
export function upSteps({ replicas: to, oneByOne, ...options }: ScaleOptions, set: StatefulSet, timeoutMs: number): readonly Step[] {
  const gates = gatesIn(options);
  const isStepped = oneByOne === true || gates.gates.length > 0;
  const from = replicasOf(set);
  const start = startOf(set);
  const targets = isStepped ? Array.from({ length: to - from }, (_, index) => from + index + 1) : [to];
  return targets.flatMap((replicas, index) => {
    const before = index === 0 ? from : (targets[index - 1] ?? from);
    const ordinals = Array.from({ length: replicas - before }, (_, offset) => start + before + offset);
    const names = ordinals.map((ordinal) => memberName(set.metadata.name, ordinal));
    const step: Step = {
      id: `scale-up/${start + replicas - 1}`,
      title: names.length === 1 ? `add member ${names[0]}` : `add members ${names[0]} to ${names.at(-1)}`,
      action: changeOf(refOf(set), set.metadata.uid, [{ path: '/spec/replicas', from: before, to: replicas }]),
      leaves: replicas,
      ifStopped: 'continues',
      preconditions: [{ is: 'set-is', uid: set.metadata.uid, replicas: before }],
      verify: [{ is: 'members-ready', ordinals }],
      timeoutMs: timeoutMs * (isStepped ? 1 : Math.max(1, ordinals.length)),
    };
    return [step, ...names.flatMap((name) => gateSteps(gates, name))];
  });
}
