import { podsNamedAfter } from '../domain/members.ts';
import { revisionOf } from '../domain/revisions.ts';
import type { Check } from './check.ts';
import { known, names, seen, subjectOf } from './draft.ts';

/**
 * The Pods to be adopted were made from different revisions. A re-created set has one: whatever does not carry it is
 * replaced as soon as the partition is lifted.
 */
export const mixedRevisions: Check = {
  id: 'mixed-revisions',
  title: 'Pods that would be adopted carry several revisions',
  meaning:
    'The running Pods were made from different templates. The archive has one, so a re-created set sees some of its members as outdated and replaces them as soon as the partition is lifted.',
  remedy: 'Decide which revision it is to be, and expect the others to be restarted one by one.',
  source: 'pkg/controller/statefulset/stateful_set_utils.go (getPodRevision)',
  override: 'allow',
  needs: ['pods'],
  run(snapshot, { set, adopt }) {
    if (adopt !== true) return [];
    const pods = [...podsNamedAfter(set.metadata.name, known(snapshot, 'pods') ?? []).values()];
    const revisions = new Set(pods.map((pod) => revisionOf(pod) ?? '<none>'));
    if (revisions.size < 2) return [];
    return [
      {
        grade: 'proven',
        subject: subjectOf('statefulset', set),
        message: `the ${pods.length} running members of ${set.metadata.name} carry ${revisions.size} revisions (${names([...revisions])}), and a re-created set brings all to one`,
        evidence: pods.map((pod) => seen(`pod/${pod.metadata.name}`, 'metadata.labels[controller-revision-hash]', revisionOf(pod))),
        remedies: [],
      },
    ];
  },
};
