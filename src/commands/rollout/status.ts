import { defineCommand } from '../../cli/command.ts';
import { connectionFlags, outputFlag } from '../../cli/flags.ts';
import { oneSetName } from '../../cli/names.ts';
import { outputChoice } from '../../cli/output.ts';

export const rolloutStatus = defineCommand({
  id: 'rollout:status',
  summary: 'Show how far a rollout is, and who runs it',
  description: `Shows the revisions that run with their images and Pods, the partition, each Pod's restarts, and the operation that is open, if any, with the commands that resume and cancel it. Works on rollouts that another tool started, too. "status NAME -w" follows one.`,
  usage: 'NAME',
  examples: [
    { what: 'How far is it?', line: 'rollout status db' },
    { what: 'For a script', line: 'rollout status db -o json' },
  ],
  flags: {
    output: outputFlag,
    'no-headers': { kind: 'bool', help: 'Tables without their header line.', group: 'OUTPUT' },
    ...connectionFlags,
  },
  completes: 'sets',
  run({ args, flags }, session) {
    return session.rolloutStatus(oneSetName(args), outputChoice(flags), flags);
  },
});
