import { RefusedError } from '../../domain/errors.ts';
import type { Finding } from '../../domain/finding.ts';
import type { StatefulSet } from '../../domain/kube.ts';
import { membersOf } from '../../domain/members.ts';
import { replicasOf, startOf } from '../../domain/naming.ts';
import { partitionOf, revisionOf, revisionOfTemplate, strategyOf } from '../../domain/revisions.ts';
import { rolloutOf } from '../../domain/rollout.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import type { Intent } from '../../findings/check.ts';
import { changeOf } from '../../plan/action.ts';
import type { NothingToDo } from '../../plan/plan.ts';
import { memberFates } from '../fate.ts';
import { refOf } from '../member-steps.ts';
import type { PlanDraft, PlanInput } from '../operation.ts';
import { liveSet } from '../origin.ts';
import { plannedOnSet, podsOf } from '../planned-on.ts';
import { stepTimeout } from '../timeouts.ts';
import { partitionAdded } from './partition.ts';

/**
 * A pause of a rollout that another client has begun: its partition at the lowest Pod that is updated, in one tested patch. Nothing of
 * ours stays: it is lifted like any partition.
 * @throws RefusedError where the controller replaces no Pod by itself
 */
export function freezeIntent({ snapshot }: PlanInput<unknown>): Intent | NothingToDo {
  const set = liveSet(snapshot);
  const { name } = set.metadata;
  if (strategyOf(set) !== 'RollingUpdate')
    throw new RefusedError(`StatefulSet ${name} has updateStrategy ${strategyOf(set)}: the controller replaces no Pod by itself`);
  if (rolloutOf(set, podsOf(snapshot), snapshot.now).state === 'complete')
    return { outcome: 'nothing-to-do', message: `no rollout of StatefulSet ${name} is in progress` };
  if (partitionOf(set) >= heldFrom(set, snapshot))
    return { outcome: 'nothing-to-do', message: `the rollout of StatefulSet ${name} is held by partition ${partitionOf(set)} already` };
  return { operation: 'rollout pause', set, leaving: [], arriving: [], staying: [] };
}

export function freezePlan(input: PlanInput<unknown>, findings: readonly Finding[]): PlanDraft {
  const { snapshot, allowed } = input;
  const set = liveSet(snapshot);
  const { name, uid } = set.metadata;
  const partition = heldFrom(set, snapshot);
  return {
    schema: 1,
    journal: 'none',
    operation: 'rollout pause',
    cluster: snapshot.cluster,
    target: snapshot.target,
    options: {},
    allowed,
    summary: `pause the rollout of StatefulSet ${name} that another client started: partition ${partition}, no further Pod is updated`,
    findings,
    changes: memberFates(set, snapshot, (ordinal) => (ordinal - startOf(set) >= partition ? 'updated' : 'stays at its revision')),
    basedOn: plannedOnSet(set, snapshot),
    steps: [
      {
        id: 'hold',
        title: `set the partition to ${partition}`,
        action: changeOf(refOf(set), uid, [partitionAdded(set, partition)]),
        preconditions: [{ is: 'set-is', uid }],
        verify: [{ is: 'set-observed', uid }],
        timeoutMs: stepTimeout(set, input.stepTimeoutMs),
      },
    ],
    consent: { kind: 'yes-no' },
    putBack: {},
    archive: '',
  };
}

/** Place, counted from the first ordinal, of the lowest Pod that is updated; where none is, behind the last. */
function heldFrom(set: StatefulSet, snapshot: Snapshot): number {
  const update = revisionOfTemplate(set);
  const updated = membersOf(set, podsOf(snapshot)).filter(({ inRange, pod }) => inRange && pod !== undefined && revisionOf(pod) === update);
  return Math.min(replicasOf(set), ...updated.map(({ ordinal }) => ordinal - startOf(set)));
}
