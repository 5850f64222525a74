import { isOrdered } from '../domain/controller.ts';
import { healthSentence } from '../domain/health.ts';
import { type Member, releasedPods } from '../domain/members.ts';
import type { Check } from './check.ts';
import { known, subjectOf } from './draft.ts';
import { healthEvidence, lookAt, unhealthyAt } from './members.ts';

/**
 * A member that stays is not available. The controller removes and creates nobody while an in-range member is unavailable
 * (OrderedReady), and in any set each member that leaves is one less of those that still work. Only staying members
 * count: taking away the broken highest one is fine.
 */
export const unhealthyMemberStays: Check = {
  id: 'unhealthy-member-stays',
  title: 'A member that stays is not healthy',
  meaning:
    'A member that will still be there afterwards is missing, terminating, not Ready, or not Ready for minReadySeconds yet. An OrderedReady controller removes nobody until every in-range member is available, so the scale-down would hang, and creates nobody, so a scale-up waits too; in a Parallel set it continues and leaves you with even fewer members that work. Only members that stay count: taking the broken highest one away is fine.',
  remedy: 'Find out what the member waits for (its events, its log before the last restart) and heal it first.',
  source: 'pkg/controller/statefulset/stateful_set_control.go (processReplica); #36333, #57865, #123918',
  override: 'allow',
  needs: ['set', 'pods'],
  run(snapshot, intent) {
    const { set } = intent;
    const minReadySeconds = set.spec.minReadySeconds ?? 0;
    const released = releasedPods(set, known(snapshot, 'pods') ?? []).map((pod) => pod.metadata.name);
    const sentence = ({ name, pod }: Member) =>
      released.includes(name) ? 'the Pod of that name is not controlled by the set' : healthSentence(pod, minReadySeconds, snapshot.now);
    const waits = intent.arriving.length > 0 && isOrdered(set);
    return unhealthyAt(snapshot, intent, intent.staying).map((member) => ({
      grade: 'proven',
      subject: subjectOf('pod', { metadata: { ...set.metadata, name: member.name } }),
      message: `${member.name} stays and ${sentence(member)}${waits ? '; the controller creates no other member before it is ready' : ''}`,
      evidence: healthEvidence(member, minReadySeconds, snapshot.now),
      remedies: lookAt(member),
    }));
  },
};
