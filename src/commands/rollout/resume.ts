import { openSetArg } from '../../cli/arg.ts';
import { ChangeCommand } from '../../cli/command.ts';
import { patienceFlags, patienceOf } from '../../cli/pace.ts';

export class RolloutResume extends ChangeCommand {
  static override summary = 'Resume a rollout that was paused or interrupted';
  static override description =
    `Continues with the next Pod as the rollout was started, from whatever machine: its steps, pauses and soak time are saved in the cluster, and --soak and --restart-budget change what is asked of each Pod. It is refused when another client changed the Pod template, the partition or the replicas in between.`;
  static override examples = [
    { description: 'Continue', command: 'kubectl sts-safe rollout resume db' },
    { description: 'See what is left', command: 'kubectl sts-safe rollout resume db --dry-run' },
    { description: 'The canary has restarted since, and may', command: 'kubectl sts-safe rollout resume db --restart-budget 10' },
    { description: 'Take over from an unresponsive client', command: 'kubectl sts-safe rollout resume db --take-over --yes' },
  ];
  static override args = { name: openSetArg({ required: true }) };
  static override flags = { ...patienceFlags };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(RolloutResume);
    return this.change({ operation: 'rollout resume', name: args.name, options: patienceOf(flags) }, flags);
  }
}
