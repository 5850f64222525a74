import { isStale } from '../../domain/rollout.ts';
import { count, kubectl, names, subjectOf } from '../draft.ts';
import { revisionEvidence, rolloutSeen } from '../rollouts.ts';
import { type Diagnosis, ofSet } from './diagnosis.ts';

/** Signature 7: with OnDelete nobody replaces the Pods of the older revision but who deletes them. */
export const onDeleteDrift: Diagnosis = {
  id: 'on-delete-drift',
  title: 'Pods wait to be deleted to get the new revision (OnDelete)',
  meaning:
    'The update strategy is OnDelete: the controller does not replace Pods by itself. Those of the older revision remain until they are deleted, evicted or lost, and then they come back with the new one, at a time that nobody chose.',
  remedy: 'Delete the Pods one at a time, each when the one before is Ready again, or restore the previous revision.',
  source: 'kubernetes.io: StatefulSets, "Update strategies"',
  override: 'never',
  severity: 'warns',
  group: 'hazard',
  needs: ['set', 'pods'],
  run: ofSet((set, snapshot) => {
    const rollout = rolloutSeen(snapshot, { set });
    if (rollout?.state !== 'held' || rollout.by !== 'on-delete') return [];
    const stale = rollout.stale.filter((member) => isStale(set, member));
    const last = stale.at(-1)?.name ?? '';
    return [
      {
        grade: 'proven',
        subject: subjectOf('statefulset', set),
        message: `${count(stale.length, 'Pod')} of ${set.metadata.name} (${names(stale.map(({ name }) => name))}) ${stale.length === 1 ? 'waits' : 'wait'} to be deleted to get ${set.status.updateRevision ?? 'the new revision'} (OnDelete)`,
        evidence: revisionEvidence(set, stale),
        remedies: [kubectl('delete', ['pod', last], `updates ${last}; continue with the next one when it is Ready`)],
      },
    ];
  }),
};
