import type { Pod, StatefulSet } from '../domain/kube.ts';
import { isControlledBy, podsNamedAfter } from '../domain/members.ts';
import { revisionOf } from '../domain/revisions.ts';
import type { Check, Draft } from './check.ts';
import { known, names, seen, subjectOf } from './draft.ts';

/**
 * The Pods to be adopted were made from different revisions. A re-created set has one: whatever does not carry it is
 * replaced as soon as the partition is lifted. Before a rollout it means that there is no one revision to go back to.
 */
export const mixedRevisions: Check = {
  id: 'mixed-revisions',
  title: 'The Pods carry several revisions',
  meaning:
    'The running Pods were made from different templates. A saved manifest has one, so a re-created set sees some of its Pods as outdated and replaces them as soon as the partition is lifted. A rollout that is begun now has no one revision to restore: an earlier rollout is not complete.',
  remedy: 'Decide which revision it is to be, and bring all Pods to it: they are restarted one by one.',
  source: 'pkg/controller/statefulset/stateful_set_utils.go (getPodRevision)',
  override: 'allow',
  needs: ['pods'],
  run(snapshot, { set, adopt, rollsOut }) {
    const named = [...podsNamedAfter(set.metadata.name, known(snapshot, 'pods') ?? []).values()];
    if (adopt === true) return drafts(set, named, `the ${named.length} running members of`, 'a re-created set brings all to one');
    if (rollsOut === undefined) return [];
    const own = named.filter((pod) => isControlledBy(pod, set.metadata.uid));
    return drafts(set, own, `the ${own.length} Pods of StatefulSet`, 'there is no one revision to restore');
  },
};

function drafts(set: StatefulSet, pods: readonly Pod[], who: string, consequence: string): readonly Draft[] {
  const revisions = new Set(pods.map((pod) => revisionOf(pod) ?? '<none>'));
  if (revisions.size < 2) return [];
  return [
    {
      grade: 'proven',
      subject: subjectOf('statefulset', set),
      message: `${who} ${set.metadata.name} carry ${revisions.size} revisions (${names([...revisions])}), and ${consequence}`,
      evidence: pods.map((pod) => seen(`pod/${pod.metadata.name}`, 'metadata.labels[controller-revision-hash]', revisionOf(pod))),
      remedies: [],
    },
  ];
}
