import { revisionOf } from '../../domain/revisions.ts';
import { names, operationToRun, subjectOf } from '../draft.ts';
import { revisionEvidence, rolloutSeen } from '../rollouts.ts';
import { type Diagnosis, ofSet } from './diagnosis.ts';

/** Signature 8: a partition that holds Pods whose revision the controller has forgotten. */
export const baselineLost: Diagnosis = {
  id: 'baseline-lost',
  title: 'The controller has forgotten the revision of Pods that a partition holds',
  meaning:
    'Pods below the partition are of an older revision, and status.currentRevision is already the new one. The partition protects them only as long as they run: one that is deleted or evicted comes back with the new revision, below the partition too.',
  remedy: 'Finish the rollout, or restore the revision of the Pods with rollout abort.',
  source: '#121534; pkg/controller/statefulset/stateful_set_utils.go (newVersionedStatefulSetPod)',
  override: 'never',
  severity: 'warns',
  group: 'hazard',
  needs: ['set', 'pods'],
  run: ofSet((set, snapshot) => {
    const rollout = rolloutSeen(snapshot, { set });
    const { currentRevision, updateRevision } = set.status;
    if (rollout?.state !== 'held' || rollout.by !== 'partition' || currentRevision !== updateRevision) return [];
    const revisions = new Set(rollout.stale.flatMap(({ pod }) => (pod && revisionOf(pod)) ?? []));
    return [
      {
        grade: 'proven',
        subject: subjectOf('statefulset', set),
        message: `${names(rollout.stale.map(({ name }) => name))} of revision ${[...revisions].join(', ')} would come back with ${updateRevision ?? 'the new one'} after any restart, although the partition holds them: status.currentRevision is already the new one`,
        evidence: revisionEvidence(set, rollout.stale),
        remedies: [operationToRun('rollout abort', set.metadata.name, {}, 'restore the previous revision')],
      },
    ];
  }),
};
