import { setArg } from '../../cli/arg.ts';
import { ReadCommand } from '../../cli/command.ts';
import { bool } from '../../cli/flag.ts';
import { outputChoice } from '../../cli/output.ts';

export class RolloutHistory extends ReadCommand {
  static override summary = 'List the revisions of a StatefulSet';
  static override description =
    `Lists its ControllerRevisions with number, age and images, and which Pods are made from each. "rollout undo --to-revision N" rolls one of them out.`;
  static override examples = [
    { description: 'What was rolled out before?', command: 'kubectl sts-safe rollout history db' },
    { description: 'For a script', command: 'kubectl sts-safe rollout history db -o json' },
  ];
  static override args = { name: setArg({ required: true }) };
  static override flags = {
    'no-headers': bool({ description: 'Tables without their header line.' }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(RolloutHistory);
    return this.session.rolloutHistory(args.name, outputChoice(flags), flags);
  }
}
