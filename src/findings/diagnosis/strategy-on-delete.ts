import { strategyOf } from '../../domain/revisions.ts';
import { mergePatch, seen, subjectOf } from '../draft.ts';
import { type Diagnosis, ofSet } from './diagnosis.ts';

/** Practice: OnDelete is for operators; any crash of a node is an update. */
export const strategyOnDelete: Diagnosis = {
  id: 'strategy-on-delete',
  title: 'The update strategy is OnDelete',
  meaning:
    'With OnDelete the controller updates no Pod, and whatever deletes one does: an eviction, a lost node, a person. After a change of the template Pods of two revisions run until someone has deleted each of them, and no partition holds any back.',
  remedy: 'Unless an operator deletes the Pods in an order of its own, use RollingUpdate; a partition gives the same control.',
  source: 'kubernetes.io: StatefulSets, "Update strategies"',
  override: 'never',
  severity: 'notes',
  group: 'practice',
  needs: ['set'],
  run: ofSet((set) => {
    if (strategyOf(set) !== 'OnDelete') return [];
    const { name } = set.metadata;
    return [
      {
        grade: 'proven',
        subject: subjectOf('statefulset', set),
        message: `the update strategy of ${name} is OnDelete: a Pod is updated whenever something deletes it`,
        evidence: [seen(`statefulset/${name}`, 'spec.updateStrategy.type', 'OnDelete')],
        remedies: [
          mergePatch(
            'statefulset',
            name,
            { spec: { updateStrategy: { type: 'RollingUpdate' } } },
            'Pods of an older revision are then replaced',
          ),
        ],
      },
    ];
  }),
};
