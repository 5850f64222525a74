import { isOrdered } from '../domain/controller.ts';
import { healthSentence } from '../domain/health.ts';
import type { Member } from '../domain/members.ts';
import { ordinalsOf } from '../domain/naming.ts';
import { nodeOf, type Snapshot } from '../domain/snapshot.ts';
import type { Check, Draft, Intent } from './check.ts';
import { subjectOf } from './draft.ts';
import { healthEvidence, lookAt, unhealthyAt } from './members.ts';
import { nodeFence } from './node-evidence.ts';

/**
 * An OrderedReady controller goes through the ordinals from the lowest, and stops at the first Pod that is not available: what
 * is deleted above it is not created again. Two Pods of one set on the lost node are the usual case.
 */
export const earlierPodNotReady: Check = {
  id: 'earlier-pod-not-ready',
  title: 'A Pod with a lower ordinal is not available, so no replacement is created',
  meaning:
    'The StatefulSet is OrderedReady: its controller creates a Pod only when every Pod with a lower ordinal is Ready, for minReadySeconds too. While one is not, a Pod that is deleted is not created again, and the set has one Pod less than before. Where both are on the same lost node, node fence deletes them all, and the controller creates them again in order.',
  remedy: 'Heal the Pod with the lowest ordinal first. On a lost node, run node fence, or delete the lower Pod by force first.',
  source: 'pkg/controller/statefulset/stateful_set_control.go (processReplica)',
  override: 'allow',
  needs: ['set', 'pods'],
  run(snapshot, intent) {
    const { set, leaving } = intent;
    if (!isOrdered(set)) return [];
    const lowest = Math.min(...leaving);
    const minReadySeconds = set.spec.minReadySeconds ?? 0;
    const earlier = ordinalsOf(set).filter((ordinal) => ordinal < lowest);
    return unhealthyAt(snapshot, intent, earlier).map((member) => ({
      grade: 'proven',
      subject: subjectOf('pod', { metadata: { ...set.metadata, name: member.name } }),
      message: `${member.name} ${healthSentence(member.pod, minReadySeconds, snapshot.now)}: the controller creates no Pod with a higher ordinal until it is available`,
      evidence: healthEvidence(member, minReadySeconds, snapshot.now),
      remedies: remediesFor(member, snapshot, intent),
    }));
  },
};

/** Where the earlier Pod is on the same lost node, fencing the node deletes both. */
function remediesFor(member: Member, { target }: Snapshot, intent: Intent): Draft['remedies'] {
  const node = nodeOf(target);
  if (node === undefined || member.pod?.spec.nodeName !== node) return lookAt(member);
  return [nodeFence(node, intent, `deletes ${member.name} too, and detaches the volumes`)];
}
