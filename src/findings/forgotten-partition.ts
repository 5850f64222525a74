import { partitionOf, strategyOf } from '../domain/revisions.ts';
import type { Check } from './check.ts';
import { mergePatch, operationToRun, seen, subjectOf } from './draft.ts';

/** A partition is left from an earlier rollout: kubectl calls that one complete, whatever it held back. */
export const forgottenPartition: Check = {
  id: 'forgotten-partition',
  title: 'A partition is set, and no rollout is open',
  meaning:
    'The partition of the update strategy is above 0: a canary that another tool or person has not finished, or a partition that was forgotten. Pods below it keep their revision, and kubectl rollout status calls that complete. A new rollout moves the partition, ends at 0, and so would also update what the earlier one held back.',
  remedy: 'Finish the earlier rollout by setting the partition to 0, or restore the previous revision it with rollout abort.',
  source: '#119684, #128529; pkg/controller/statefulset/stateful_set_control.go (updateStatefulSet)',
  override: 'allow',
  needs: ['set'],
  run(_, { set, rollsOut }) {
    if (rollsOut === undefined || strategyOf(set) !== 'RollingUpdate' || partitionOf(set) === 0) return [];
    const { name } = set.metadata;
    return [
      {
        grade: 'proven',
        subject: subjectOf('statefulset', set),
        message: `partition ${partitionOf(set)} is set on StatefulSet ${name}, and no rollout of sts-safe is open; this rollout would end with partition 0`,
        evidence: [seen(`statefulset/${name}`, 'spec.updateStrategy.rollingUpdate.partition', partitionOf(set))],
        remedies: [
          mergePatch(
            'statefulset',
            name,
            { spec: { updateStrategy: { rollingUpdate: { partition: 0 } } } },
            'finish the earlier rollout first',
          ),
          operationToRun('rollout abort', name, {}, 'or restore the previous revision it'),
        ],
      },
    ];
  },
};
