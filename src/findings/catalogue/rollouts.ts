import type { CatalogueEntry } from './entry.ts';

const PROGRESSING =
  'The template was changed, and the controller is still replacing members, or a replaced one is not Available yet, or it has not even seen the newest spec. Members held back by a partition or by OnDelete do not count.';

/** About revisions. */
export const ROLLOUTS: readonly CatalogueEntry[] = [
  {
    id: 'rollout-in-progress',
    title: 'A rollout is under way',
    meaning: `${PROGRESSING} Scaling down meanwhile takes members away from both ends of the change: one stops because it leaves, another because it is replaced.`,
    remedy: 'Wait until it is done, or hold it where it is by raising the partition.',
    source: 'pkg/controller/statefulset/stateful_set_control.go (updateStatefulSet)',
    override: 'allow',
  },
  {
    id: 'rollout-progressing',
    title: 'A rollout is under way, and would end half-way',
    meaning: `${PROGRESSING} This is the condition of rollout-in-progress under the name that delete gives it. A deletion in the middle ends the rollout without a verdict; the archive holds the new template only, so a restore brings every member up on it, tried or not.`,
    remedy: 'Wait until it is done, or go back first.',
    source: 'pkg/controller/statefulset/stateful_set_control.go (completeRollingUpdate); #121534',
    override: 'allow',
  },
  {
    id: 'rollout-stuck',
    title: 'A rollout waits for a member that does not come up',
    meaning:
      'The controller does nothing until one certain member is Ready, and that one crashes, cannot pull its image, is past its deletion deadline, or has not been Ready for ten minutes. An OrderedReady controller does not replace it either, not even when the template is put back. Scaling the broken member away does not end the rollout: the next one gets the same revision.',
    remedy: 'Put the template back first, then delete the Pod that is not Ready, lowest ordinal first.',
    source: '#67250; pkg/controller/statefulset/stateful_set_control.go; kubectl-status has the same rule',
    override: 'allow',
  },
  {
    id: 'held-by-partition',
    title: 'A partition holds members on an older revision',
    meaning:
      'Members below the partition keep the revision that they have: a canary, or a partition that somebody forgot; kubectl calls both complete. The partition counts from ordinals.start. Members that are added above it come up on the new revision.',
    remedy: 'Finish the rollout by lowering the partition, or take the new revision back, before you change the number of members.',
    source: '#128529, #119684; KEP-3335',
    override: 'allow',
  },
  {
    id: 'baseline-lost-at-zero',
    title: 'The older revision would be forgotten at 0 members',
    meaning:
      'Members are held on an older revision by a partition or by OnDelete. At 0 members nothing is left to be updated, so the controller calls the rollout complete, and scaling up again brings every member up on the new revision, below the partition too.',
    remedy: 'Finish the rollout or take it back first; a canary that is to be continued must not be scaled to 0.',
    source: '#121534; pkg/controller/statefulset/stateful_set_control.go (completeRollingUpdate)',
    override: 'allow',
  },
  {
    id: 'mixed-revisions',
    title: 'Pods that would be adopted carry several revisions',
    meaning:
      'The running Pods were made from different templates. The archive has one, so a re-created set sees some of its members as outdated and replaces them as soon as the partition is lifted.',
    remedy: 'Decide which revision it is to be, and expect the others to be restarted one by one.',
    source: 'pkg/controller/statefulset/stateful_set_utils.go (getPodRevision)',
    override: 'allow',
  },
];
