import type { Check } from './check.ts';
import { movingDrafts } from './rollout-in-progress.ts';
import { rolloutSeen } from './rollouts.ts';

/**
 * The condition of rollout-in-progress, as `delete` names it: what is lost there is another thing. At 0 members the
 * controller promotes the new revision (0 updated of 0), so nobody knows any more what the members ran on (#121534).
 */
export const rolloutProgressing: Check = {
  id: 'rollout-progressing',
  needs: ['set', 'pods'],
  run(snapshot, intent) {
    return movingDrafts(
      intent,
      rolloutSeen(snapshot, intent),
      'deleting now ends it half-way and loses the revision that the others run on',
    );
  },
};
