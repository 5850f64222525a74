import { setArg } from '../../cli/arg.ts';
import { ReadCommand } from '../../cli/command.ts';
import { bool } from '../../cli/flag.ts';
import { outputChoice } from '../../cli/output.ts';

export class RolloutStatus extends ReadCommand {
  static override summary = 'Show how far a rollout is, and who runs it';
  static override description =
    `Shows the revisions that run with their images and Pods, the partition, each Pod's restarts, and the operation that is open, if any, with the commands that resume and cancel it. Works on rollouts that another tool started, too. "status NAME -w" follows one.`;
  static override examples = [
    { description: 'How far is it?', command: 'kubectl sts-safe rollout status db' },
    { description: 'For a script', command: 'kubectl sts-safe rollout status db -o json' },
  ];
  static override args = { name: setArg({ required: true }) };
  static override flags = {
    'no-headers': bool({ description: 'Tables without their header line.' }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(RolloutStatus);
    return this.session.rolloutStatus(args.name, outputChoice(flags), flags);
  }
}
