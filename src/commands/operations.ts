import { ReadCommand } from '../cli/command.ts';
import { readingFlags } from '../cli/flags.ts';
import { outputChoice } from '../cli/output.ts';

export class Operations extends ReadCommand {
  static override summary = 'List everything that was begun here and is not finished';
  static override description =
    'Unfinished operations with who started them, when, and their last heartbeat, and leftover sts-safe objects, each with the command that resumes or cancels it.';
  static override examples = [
    { description: 'In this namespace', command: 'kubectl sts-safe operations' },
    { description: 'In the whole cluster', command: 'kubectl sts-safe operations -A' },
    { description: 'For a script', command: 'kubectl sts-safe operations -A -o json' },
  ];
  static override flags = { ...readingFlags };

  async run(): Promise<number> {
    const { flags } = await this.parse(Operations);
    return this.session.operations(flags['all-namespaces'] ?? false, outputChoice(flags), flags);
  }
}
