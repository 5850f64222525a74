import { ReadCommand } from '../cli/command.ts';
import { bool } from '../cli/flag.ts';
import { outputFlag } from '../cli/flags.ts';
import { outputChoice } from '../cli/output.ts';

export class Version extends ReadCommand {
  static override summary = 'Print the version of kubectl sts-safe and of the API server';
  static override examples = [
    { description: 'Versions of this plugin and of the server', command: 'kubectl sts-safe version' },
    { description: 'Only of this plugin; asks no server', command: 'kubectl sts-safe version --client' },
    { description: 'For a script', command: 'kubectl sts-safe version --client -o json' },
  ];
  static override flags = {
    client: bool({ description: 'Only the version of this plugin; asks no server.' }),
    output: outputFlag(['json', 'yaml']),
  };

  async run(): Promise<number> {
    const { flags } = await this.parse(Version);
    return this.session.versions(flags.client === true, outputChoice(flags), flags);
  }
}
