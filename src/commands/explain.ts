import { defineCommand } from '../cli/command.ts';
import { outputFlag } from '../cli/flags.ts';
import { outputChoice } from '../cli/output.ts';
import { UsageError } from '../domain/errors.ts';

export const explain = defineCommand({
  id: 'explain',
  summary: 'Explain a finding: what it means, why it matters, what helps',
  description:
    'Findings are the reasons for refusals and warnings; their ids are what --allow takes. Without ID all of them are listed. Asks no server.',
  usage: '[ID]',
  examples: [
    { what: 'All findings', line: 'explain' },
    { what: 'One of them', line: 'explain unhealthy-member-stays' },
  ],
  flags: { output: { ...outputFlag, oneOf: ['json', 'yaml', 'name'], help: 'Output format: json, yaml or name.' } },
  run({ args, flags }, session) {
    const [id, ...more] = args;
    if (more.length > 0) throw new UsageError(`one finding at a time, not ${args.join(', ')}`);
    return session.explain(id, outputChoice(flags), flags);
  },
});
