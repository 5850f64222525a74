import { setArg } from '../cli/arg.ts';
import { ReadCommand } from '../cli/command.ts';
import { bool } from '../cli/flag.ts';

export class Recover extends ReadCommand {
  static override summary = 'Heal a StatefulSet step by step, with a choice at each step';
  static override description =
    `Says what is wrong with a StatefulSet, what can be done about it and what that costs, and runs what you choose: with the same plan, confirmation, progress and verification as the command itself. Then it checks again, until the StatefulSet is healthy or only a person can act. Without NAME it offers the StatefulSets of the namespace that need help.

At each question: a number chooses, ? says why it matters, c prints the commands, n skips to the next problem, q quits.

Exits 0 if the StatefulSet is healthy, 5 if problems remain. Without a terminal, or with --print, it prints the commands and runs none.`;
  static override examples = [
    { description: 'Heal one StatefulSet', command: 'kubectl sts-safe recover web' },
    { description: 'Only print the commands that would help', command: 'kubectl sts-safe recover web --print' },
  ];
  static override flags = { print: bool({ description: 'Print the commands that would help, and run none.' }) };

  static override args = { name: setArg() };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(Recover);
    return this.session.recover({ ...(args.name === undefined ? {} : { name: args.name }), print: flags.print === true }, flags);
  }
}
