import { setArg } from '../../cli/arg.ts';
import { ChangeCommand } from '../../cli/command.ts';
import { paceFlags, paceOf } from '../../cli/pace.ts';

export class RolloutRestart extends ChangeCommand {
  static override summary = 'Restart the Pods of a StatefulSet, one at a time';
  static override description =
    `A rollout like any other, of the same Pod template with an annotation: each Pod is replaced, and the next one follows when the new one is Ready, Available, and has stayed so without a restart for --soak.`;
  static override examples = [
    { description: 'All Pods, one after the other', command: 'kubectl sts-safe rollout restart db' },
    { description: 'Each watched for a minute before the next', command: 'kubectl sts-safe rollout restart db --soak 1m --yes' },
  ];
  static override args = { name: setArg({ required: true }) };
  static override flags = { ...paceFlags };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(RolloutRestart);
    return this.change({ operation: 'rollout restart', name: args.name, options: paceOf(flags) }, flags);
  }
}
