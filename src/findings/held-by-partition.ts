import { partitionOf } from '../domain/revisions.ts';
import { RECORD_ANNOTATION } from '../domain/stored.ts';
import type { Check, OfSet } from './check.ts';
import { count, mergePatch, names, operationToRun, subjectOf } from './draft.ts';
import { revisionEvidence, rolloutSeen } from './rollouts.ts';

/**
 * Members below the partition stay on the old revision: a canary, or a partition that somebody forgot. Members that
 * arrive above it get the new revision, those below it the old one.
 */
export const heldByPartition: Check<OfSet> = {
  id: 'held-by-partition',
  title: 'A partition holds members on an older revision',
  meaning:
    'Members below the partition keep the revision that they have: a canary, or a partition that was forgotten; kubectl calls both complete. The partition counts from ordinals.start. Members that are added above it come up on the new revision.',
  remedy:
    'Finish the rollout by lowering the partition, or restore the previous revision with rollout abort, before you change the number of members.',
  source: '#128529, #119684; KEP-3335',
  override: 'allow',
  needs: ['set', 'pods'],
  run(snapshot, intent) {
    const { set } = intent;
    const rollout = rolloutSeen(snapshot, intent);
    // A rollout of ours says so itself, and has its own ways on.
    const isOurs = set.metadata.annotations?.[RECORD_ANNOTATION] !== undefined;
    if (rollout?.state !== 'held' || rollout.by !== 'partition' || isOurs) return [];
    const held = names(rollout.stale.map(({ name }) => name));
    const { name } = set.metadata;
    return [
      {
        grade: 'proven',
        subject: subjectOf('statefulset', set),
        message: `partition ${partitionOf(set)} holds ${count(rollout.stale.length, 'member')} of ${name} (${held}) back from ${set.status.updateRevision ?? 'the new revision'}`,
        evidence: revisionEvidence(set, rollout.stale),
        remedies: [
          mergePatch('statefulset', name, { spec: { updateStrategy: { rollingUpdate: { partition: 0 } } } }, 'finish the rollout'),
          operationToRun('rollout abort', name, {}, 'or restore the previous revision'),
        ],
      },
    ];
  },
};
