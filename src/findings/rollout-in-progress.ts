import type { Member } from '../domain/members.ts';
import { startOf } from '../domain/naming.ts';
import { strategyOf } from '../domain/revisions.ts';
import { isStale, type Rollout } from '../domain/rollout.ts';
import type { Check, Draft, Intent } from './check.ts';
import { count, kubectl, mergePatch, names, subjectOf } from './draft.ts';
import { generationEvidence, PROGRESSING, revisionEvidence, rolloutSeen } from './rollouts.ts';

/**
 * A rollout is under way and moves. Members would be taken down by two hands at once: the rolling update replaces the
 * highest ones while the scale-down removes them.
 */
export const rolloutInProgress: Check = {
  id: 'rollout-in-progress',
  title: 'A rollout is under way',
  meaning: `${PROGRESSING} Scaling down in the meantime takes members away from both ends of the change: one stops because it leaves, another because it is replaced.`,
  remedy: 'Wait until it is done, or hold it where it is by raising the partition.',
  source: 'pkg/controller/statefulset/stateful_set_control.go (updateStatefulSet)',
  override: 'allow',
  needs: ['set', 'pods'],
  run(snapshot, intent) {
    return movingDrafts(intent, rolloutSeen(snapshot, intent), 'two changes would take members down at once');
  },
};

/** What both names of this condition report; `consequence` ends the sentence. */
export function movingDrafts(intent: Intent, rollout: Rollout | undefined, consequence: string): readonly Draft[] {
  const { set } = intent;
  const subject = subjectOf('statefulset', set);
  const { name } = set.metadata;
  if (rollout?.state === 'unobserved') {
    const generations = `generation ${set.metadata.generation ?? 0}, seen ${set.status.observedGeneration ?? 0}`;
    return [
      {
        grade: 'unknown',
        subject,
        message: `the controller has not seen the newest spec of ${name} yet (${generations}), so a rollout may be about to start`,
        evidence: generationEvidence(set),
        remedies: [kubectl('rollout', ['status', `statefulset/${name}`], 'usually a matter of seconds: look again')],
      },
    ];
  }
  if (rollout?.state !== 'progressing') return [];
  const pending = names(rollout.pending.map((member) => member.name));
  const revision = set.status.updateRevision ?? 'the new revision';
  return [
    {
      grade: 'proven',
      subject,
      message: `${name} is rolling out ${revision}: ${count(rollout.pending.length, 'member')} still to come (${pending}); ${consequence}`,
      evidence: revisionEvidence(set, rollout.pending),
      remedies: [kubectl('rollout', ['status', `statefulset/${name}`], 'wait until it is done'), ...freeze(intent, rollout.pending)],
    },
  ];
}

/** Holds a rolling update where it is: everything above the highest stale member is updated already. */
function freeze({ set }: Intent, pending: readonly Member[]): Draft['remedies'] {
  const stale = pending.filter((member) => isStale(set, member)).map(({ ordinal }) => ordinal - startOf(set));
  if (stale.length === 0 || strategyOf(set) !== 'RollingUpdate') return [];
  const patch = { spec: { updateStrategy: { rollingUpdate: { partition: Math.max(...stale) + 1 } } } };
  return [mergePatch('statefulset', set.metadata.name, patch, 'or hold it where it is')];
}
