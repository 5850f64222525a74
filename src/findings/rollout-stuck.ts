import type { Check, OfSet } from './check.ts';
import { count, operationToRun, subjectOf } from './draft.ts';
import { healthEvidence, lookAt } from './members.ts';
import { revisionEvidence, rolloutSeen } from './rollouts.ts';

/**
 * A rollout waits for a member that will hardly become Ready by itself (#67250). Removing the broken member does not
 * end the rollout: with it out of the way the controller puts the same revision on the next one.
 */
export const rolloutStuck: Check<OfSet> = {
  id: 'rollout-stuck',
  title: 'A rollout waits for a member that does not come up',
  meaning:
    'The controller does nothing until one certain member is Ready, and that one crashes, cannot pull its image, is past its deletion deadline, or has not been Ready for ten minutes. An OrderedReady controller does not replace it either, not even when the template is put back. Scaling the broken member away does not end the rollout: the next one gets the same revision.',
  remedy:
    'Restore the previous revision with rollout abort. By hand: restore the Pod template first, then delete the Pods that are not Ready, lowest ordinal first.',
  source: '#67250; pkg/controller/statefulset/stateful_set_control.go; kubectl-status has the same rule',
  override: 'allow',
  needs: ['set', 'pods'],
  run(snapshot, intent) {
    const { set, leaving = [], staying = [] } = intent;
    const rollout = rolloutSeen(snapshot, intent);
    if (rollout?.state !== 'stuck') return [];
    const { by, pending, why } = rollout;
    const next = leaving.includes(by.ordinal) && staying.length > 0 ? '; with that member gone the next one gets the same revision' : '';
    const waits = `its rollout of ${set.status.updateRevision ?? 'a new revision'} waits for ${by.name} (${why})`;
    return [
      {
        grade: 'likely',
        subject: subjectOf('statefulset', set),
        message: `${set.metadata.name} is stuck: ${waits}, ${count(pending.length, 'member')} not done${next}`,
        evidence: [...healthEvidence(by, set.spec.minReadySeconds ?? 0, snapshot.now), ...revisionEvidence(set, [by])],
        remedies: [...lookAt(by), operationToRun('rollout abort', set.metadata.name, {}, 'restore the previous revision')],
      },
    ];
  },
};
