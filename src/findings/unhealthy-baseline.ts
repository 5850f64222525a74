import { healthSentence, whyUnhealthy } from '../domain/health.ts';
import { membersOf } from '../domain/members.ts';
import type { Check } from './check.ts';
import { known, subjectOf } from './draft.ts';
import { healthEvidence, lookAt } from './members.ts';

/** A Pod is down before the rollout: replacing another one makes it two, and an OrderedReady controller replaces none. */
export const unhealthyBaseline: Check = {
  id: 'unhealthy-baseline',
  title: 'A Pod is not healthy before the rollout',
  meaning:
    'A Pod of the revision that runs now is missing, terminating, not Ready, or not Ready for minReadySeconds yet. Each update takes one more Pod down for a while, and the rollout cannot tell whether the new revision is at fault. An OrderedReady controller replaces no Pod while a lower one is unavailable.',
  remedy: 'Find out what the Pod waits for (its events, its log before the last restart) and heal it first.',
  source: 'pkg/controller/statefulset/stateful_set_control.go (updateStatefulSet); #67250',
  override: 'allow',
  needs: ['set', 'pods'],
  run(snapshot, { set, rollsOut }) {
    const pods = known(snapshot, 'pods');
    if (pods === undefined || rollsOut === undefined) return [];
    const minReadySeconds = set.spec.minReadySeconds ?? 0;
    return membersOf(set, pods)
      .filter(({ inRange, pod }) => inRange && whyUnhealthy(pod, minReadySeconds, snapshot.now) !== undefined)
      .map((member) => ({
        grade: 'proven',
        subject: subjectOf('pod', { metadata: { ...set.metadata, name: member.name } }),
        message: `Pod ${member.name} ${healthSentence(member.pod, minReadySeconds, snapshot.now)}`,
        evidence: healthEvidence(member, minReadySeconds, snapshot.now),
        remedies: lookAt(member),
      }));
  },
};
