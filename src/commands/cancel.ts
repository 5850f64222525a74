import { openSetArg } from '../cli/arg.ts';
import { ChangeCommand } from '../cli/command.ts';

export class Cancel extends ChangeCommand {
  static override summary = 'Cancel an unfinished operation and restore the previous replica count';
  static override description =
    `Restores what an unfinished operation changed, as its record has it: replicas and retention policy. Then it removes the record. "operations" lists what is unfinished; to resume instead, re-run the original command.`;
  static override examples = [
    { description: 'Cancel the unfinished operation of this StatefulSet', command: 'kubectl sts-safe cancel web' },
    { description: 'See what would be put back', command: 'kubectl sts-safe cancel web --dry-run' },
    { description: 'When the one who began it is silent', command: 'kubectl sts-safe cancel web --take-over --yes' },
  ];
  static override args = { name: openSetArg({ required: true }) };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(Cancel);
    return this.change({ operation: 'cancel', name: args.name, options: {} }, flags);
  }
}
