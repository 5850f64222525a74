import { commandArg } from '../cli/arg.ts';
import { ProgramCommand } from '../cli/command.ts';
import { bool } from '../cli/flag.ts';
import { connectionFlags, everyFlags, outputFlag } from '../cli/flags.ts';

export class Permissions extends ProgramCommand {
  static override summary = 'Show which permissions commands need, and which of them you have';
  static override description =
    `For each command: what it asks of the API server, derived from what it reads and writes, and whether you may do it. With -o yaml the smallest Role, with a ClusterRole where it needs one, for you to review, name and bind; what is only helpful is left out of it, and listed as a comment.

Without a COMMAND, one line for each: whether all that it needs is allowed in the namespace.`;
  static override examples = [
    { description: 'What can I do here?', command: 'kubectl sts-safe permissions -n prod' },
    { description: 'What is missing for one command', command: 'kubectl sts-safe permissions rollout start -n prod' },
    { description: 'A Role for a user who scales', command: 'kubectl sts-safe permissions scale -n prod -o yaml' },
  ];
  static override args = { command: commandArg({ multiple: true }) };
  static override flags = {
    check: bool({ exclusive: ['output'], description: 'Exit 5 if something that is needed is not allowed.' }),
  };
  static override baseFlags = { output: outputFlag(['json', 'yaml']), ...connectionFlags, ...everyFlags };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(Permissions);
    return this.session.permissions((args.command ?? []).join(' '), flags.check ?? false, flags);
  }
}
