import type { Check } from './check.ts';
import { count, mergePatch, names, subjectOf } from './draft.ts';
import { goesToZero } from './members.ts';
import { revisionEvidence, rolloutSeen } from './rollouts.ts';

/**
 * Scaled to 0 while members are held on an older revision: the controller promotes the new one (0 updated of 0 is
 * complete), and scaling up brings every member back on it, below the partition too (#121534). OnDelete sets lose it
 * the same way: whatever is created anew is created at the update revision.
 */
export const baselineLostAtZero: Check = {
  id: 'baseline-lost-at-zero',
  title: 'The older revision would be forgotten at 0 members',
  meaning:
    'Members are held on an older revision by a partition or by OnDelete. At 0 members nothing is left to be updated, so the controller calls the rollout complete, and scaling up again brings every member up on the new revision, below the partition too.',
  remedy: 'Finish the rollout or take it back first; a canary that is to be continued must not be scaled to 0.',
  source: '#121534; pkg/controller/statefulset/stateful_set_control.go (completeRollingUpdate)',
  override: 'allow',
  needs: ['set', 'pods'],
  run(snapshot, intent) {
    const { set } = intent;
    const rollout = goesToZero(intent) ? rolloutSeen(snapshot, intent) : undefined;
    if (rollout?.state !== 'held') return [];
    const who = `${count(rollout.stale.length, 'member')} (${names(rollout.stale.map(({ name }) => name))})`;
    const by = rollout.by === 'partition' ? 'the partition' : 'strategy OnDelete';
    const finish = { spec: { updateStrategy: { rollingUpdate: { partition: 0 } } } };
    return [
      {
        grade: 'proven',
        subject: subjectOf('statefulset', set),
        message: `${by} keeps ${who} on an older revision, and at 0 members the controller forgets it: all come back on ${set.status.updateRevision ?? 'the new one'}`,
        evidence: revisionEvidence(set, rollout.stale),
        remedies: rollout.by === 'partition' ? [mergePatch('statefulset', set.metadata.name, finish, 'finish the rollout first')] : [],
      },
    ];
  },
};
