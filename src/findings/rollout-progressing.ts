import type { Check } from './check.ts';
import { movingDrafts } from './rollout-in-progress.ts';
import { PROGRESSING, rolloutSeen } from './rollouts.ts';

/**
 * The condition of rollout-in-progress, as `delete` names it: what is lost there is another thing. At 0 members the
 * controller promotes the new revision (0 updated of 0), so nobody knows any more what the members ran on (#121534).
 */
export const rolloutProgressing: Check = {
  id: 'rollout-progressing',
  title: 'A rollout is under way, and would end part-way',
  meaning: `${PROGRESSING} This is the condition of rollout-in-progress under the name that delete gives it. A deletion in the middle ends the rollout without a verdict; the archive holds the new template only, so a restore brings every member up on it, tried or not.`,
  remedy: 'Wait until it is done, or cancel it first.',
  source: 'pkg/controller/statefulset/stateful_set_control.go (completeRollingUpdate); #121534',
  override: 'allow',
  needs: ['set', 'pods'],
  run(snapshot, intent) {
    return movingDrafts(
      intent,
      rolloutSeen(snapshot, intent),
      'deleting now ends it part-way and loses the revision that the others run on',
    );
  },
};
