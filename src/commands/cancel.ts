import { openSetArg } from '../cli/arg.ts';
import { ChangeCommand } from '../cli/command.ts';

export class Cancel extends ChangeCommand {
  static override summary = 'Go back from a half-done operation';
  static override description =
    `Puts back what an unfinished operation changed, as its record holds it: replicas and retention policy. Then it clears the record. "operations" lists what is unfinished; typing the same command again goes on with it instead.`;
  static override examples = [
    { description: 'Go back from whatever was begun on this set', command: 'kubectl sts-safe cancel web' },
    { description: 'See what would be put back', command: 'kubectl sts-safe cancel web --dry-run' },
    { description: 'When the one who began it is silent', command: 'kubectl sts-safe cancel web --take-over --yes' },
  ];
  static override args = { name: openSetArg({ required: true }) };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(Cancel);
    return this.change({ operation: 'cancel', name: args.name, options: {} }, flags);
  }
}
