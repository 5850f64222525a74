import { checkArg } from '../cli/arg.ts';
import { ProgramCommand } from '../cli/command.ts';
import { outputFlag } from '../cli/flags.ts';
import { outputChoice } from '../cli/output.ts';

export class Explain extends ProgramCommand {
  static override summary = 'Explain a finding: what it means, why it matters, what helps';
  static override description =
    'Findings are the reasons for refusals and warnings; their ids are what --allow takes. Without ID all of them are listed. Asks no server.';
  static override examples = [
    { description: 'All findings', command: 'kubectl sts-safe explain' },
    { description: 'One of them', command: 'kubectl sts-safe explain unhealthy-member-stays' },
  ];
  static override args = { id: checkArg() };
  static override flags = { output: outputFlag(['json', 'yaml', 'name']) };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(Explain);
    return this.session.explain(args.id, outputChoice(flags), flags);
  }
}
