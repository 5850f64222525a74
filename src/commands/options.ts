import { ProgramCommand } from '../cli/command.ts';
import { connectionFlags } from '../cli/flags.ts';
import { optionsHelp } from '../cli/help.ts';
import { commands } from '../cli/manifest.ts';

export class Options extends ProgramCommand {
  static override summary = 'List the flags that commands share';
  static override description = 'How to reach a cluster, what to log, and what commands that change something have in common.';
  static override examples = [{ description: 'All of them', command: 'kubectl sts-safe options' }];
  static override flags = { ...connectionFlags };

  async run(): Promise<number> {
    await this.parse(Options);
    this.session.io.stdout.write(optionsHelp(commands));
    return 0;
  }
}
