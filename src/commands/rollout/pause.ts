import { commonOptions } from '../../cli/change.ts';
import { defineCommand } from '../../cli/command.ts';
import { changeFlags, connectionFlags } from '../../cli/flags.ts';
import { oneSetName } from '../../cli/names.ts';

export const rolloutPause = defineCommand({
  id: 'rollout:pause',
  summary: 'Pause a rollout, wherever it runs',
  description: `Records the rollout as paused. The client that runs it stops; the Pod that is being updated is finished by the controller, and the partition holds the others on their revision.

Of a rollout that was started in another way, such as kubectl set image, the partition is set to the lowest Pod that is updated: no further Pod is. "rollout abort" goes back from there; to go on, set the partition back with kubectl.`,
  usage: 'NAME',
  examples: [{ what: 'No further Pod is updated', line: 'rollout pause db' }],
  flags: { ...changeFlags, ...connectionFlags },
  completes: 'sets',
  run({ args, flags }, session) {
    return session.change({ operation: 'rollout pause', name: oneSetName(args), options: {}, common: commonOptions(flags) }, flags);
  },
});
