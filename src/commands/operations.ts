import { defineCommand } from '../cli/command.ts';
import { connectionFlags, readingFlags } from '../cli/flags.ts';
import { outputChoice } from '../cli/output.ts';
import { UsageError } from '../domain/errors.ts';

export const operations = defineCommand({
  id: 'operations',
  summary: 'List everything that was begun here and is not finished',
  description:
    'Unfinished operations with who began them, when, and their last sign of life, and other traces of ours, each with the command that goes on or goes back.',
  usage: '',
  examples: [
    { what: 'In this namespace', line: 'operations' },
    { what: 'In the whole cluster', line: 'operations -A' },
    { what: 'For a script', line: 'operations -A -o json' },
  ],
  flags: { ...readingFlags, ...connectionFlags },
  run({ args, flags }, session) {
    if (args.length > 0)
      throw new UsageError(`operations takes no names, and got ${args.join(' ')}`, 'kubectl sts-safe status NAME shows one set');
    return session.operations(flags['all-namespaces'] ?? false, outputChoice(flags), flags);
  },
});
