import { setArg } from '../../cli/arg.ts';
import { ChangeCommand } from '../../cli/command.ts';

export class RolloutPause extends ChangeCommand {
  static override summary = 'Pause a rollout, wherever it runs';
  static override description =
    `Records the rollout as paused. The client that runs it stops; the Pod that is being updated is finished by the controller, and the partition holds the others on their revision.

Of a rollout that was started in another way, such as kubectl set image, the partition is set to the lowest Pod that is updated: no further Pod is. "rollout abort" restores the previous revision from there; to continue, set the partition back with kubectl.`;
  static override examples = [{ description: 'No further Pod is updated', command: 'kubectl sts-safe rollout pause db' }];
  static override args = { name: setArg({ required: true }) };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(RolloutPause);
    return this.change({ operation: 'rollout pause', name: args.name, options: {} }, flags);
  }
}
