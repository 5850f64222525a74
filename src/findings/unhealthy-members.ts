import { healthSentence, whyUnhealthy } from '../domain/health.ts';
import { membersOf } from '../domain/members.ts';
import type { Check } from './check.ts';
import { known, subjectOf } from './draft.ts';
import { healthEvidence, lookAt } from './members.ts';

/**
 * Members that are not available, wherever they are. A broken set must be deletable, and where the controller's rules
 * deadlock (two unavailable members on the way to 0) we delete the condemned Pod ourselves; but what is broken now will
 * be broken after `restore`.
 */
export const unhealthyMembers: Check = {
  id: 'unhealthy-members',
  title: 'Members are not healthy before the deletion',
  meaning:
    'Some members are not available now. The set can still be deleted: where two unavailable members deadlock the way to 0, the Pod that is marked for removal is deleted by its UID with its normal grace, and out of range it is not created again. But a member that was stopped while broken may come back broken, and a cluster that had lost its quorum does not regain it by being stopped.',
  remedy: 'If the data matters, heal the set first, or take a snapshot or a backup.',
  source: 'pkg/controller/statefulset/stateful_set_control.go (processCondemned)',
  override: 'allow',
  needs: ['set', 'pods'],
  run(snapshot, { set }) {
    const pods = known(snapshot, 'pods');
    if (pods === undefined) return [];
    const minReadySeconds = set.spec.minReadySeconds ?? 0;
    const members = membersOf(set, pods);
    const broken = members.filter(({ pod }) => whyUnhealthy(pod, minReadySeconds, snapshot.now) !== undefined);
    if (broken.length === 0) return [];
    const sentences = broken.map(({ name, pod }) => `${name} ${healthSentence(pod, minReadySeconds, snapshot.now)}`);
    return [
      {
        grade: 'proven',
        subject: subjectOf('statefulset', set),
        message: `${broken.length} of ${members.length} members ${broken.length === 1 ? 'is' : 'are'} not healthy: ${someOf(sentences)}`,
        evidence: broken.flatMap((member) => healthEvidence(member, minReadySeconds, snapshot.now)),
        remedies: broken.slice(0, 1).flatMap(lookAt),
      },
    ];
  },
};

/** At most five of them: the evidence has all. */
function someOf(sentences: readonly string[]): string {
  return sentences.length <= 5 ? sentences.join('; ') : `${sentences.slice(0, 4).join('; ')}; and ${sentences.length - 4} more`;
}
