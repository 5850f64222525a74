import { ordinalIn } from '../domain/naming.ts';
import { isHeldByPartition, revisionOf, revisionOfTemplate } from '../domain/revisions.ts';
import type { Check } from './check.ts';
import { seen, subjectOf } from './draft.ts';
import { podsAt } from './members.ts';

/**
 * A Pod is created again from the newest revision, unless a partition holds it (newVersionedStatefulSetPod): under OnDelete, or in a
 * rollout that is not complete, to restart it is to update it.
 */
export const revisionWouldChange: Check = {
  id: 'revision-would-change',
  title: 'The replacement would be of another revision',
  meaning:
    'The Pod was made from an earlier Pod template than the one that its replacement would be made from: a rollout has not reached it, or the update strategy is OnDelete. Restarting it would also update it, without the checks of a rollout.',
  remedy: 'Finish or abort the rollout first. Where the update is wanted, allow it.',
  source: 'pkg/controller/statefulset/stateful_set_utils.go (newVersionedStatefulSetPod)',
  override: 'allow',
  needs: ['set', 'pods'],
  run(snapshot, intent) {
    const { set } = intent;
    const newest = revisionOfTemplate(set);
    return podsAt(snapshot, intent, intent.leaving).flatMap((pod) => {
      const { name } = pod.metadata;
      const ordinal = ordinalIn(set.metadata.name, name) ?? 0;
      const next = isHeldByPartition(set, ordinal) ? set.status.currentRevision : newest;
      const is = revisionOf(pod);
      if (is === next && next !== undefined) return [];
      return [
        {
          grade: next === undefined ? 'unknown' : 'proven',
          subject: subjectOf('pod', pod),
          message:
            next === undefined
              ? `the controller has not seen the newest Pod template yet: of which revision a replacement of ${name} would be is not known`
              : `Pod ${name} is of revision ${is ?? '<none>'}, and its replacement would be of ${next}`,
          evidence: [
            seen(`pod/${name}`, 'metadata.labels[controller-revision-hash]', is),
            seen(`statefulset/${set.metadata.name}`, 'status.updateRevision', set.status.updateRevision),
          ],
          remedies: [],
        },
      ];
    });
  },
};
