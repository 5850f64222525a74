import { openSetArg } from '../../cli/arg.ts';
import { ChangeCommand } from '../../cli/command.ts';
import { bool } from '../../cli/flag.ts';
import { patienceFlags, patienceOf } from '../../cli/pace.ts';

export class RolloutPromote extends ChangeCommand {
  static override summary = 'Continue a rollout to the end of its next step';
  static override description =
    `Updates the Pods of the next step of --steps and pauses there; with --full all that are left, without any further pause.`;
  static override examples = [
    { description: 'The next step', command: 'kubectl sts-safe rollout promote db' },
    { description: 'All remaining Pods', command: 'kubectl sts-safe rollout promote db --full --yes' },
  ];
  static override args = { name: openSetArg({ required: true }) };
  static override flags = {
    full: bool({ description: 'To the end, without any further pause.' }),
    ...patienceFlags,
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(RolloutPromote);
    const options = { ...(flags.full ? { full: true } : {}), ...patienceOf(flags) };
    return this.change({ operation: 'rollout promote', name: args.name, options }, flags);
  }
}
