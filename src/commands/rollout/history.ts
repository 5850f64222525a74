import { defineCommand } from '../../cli/command.ts';
import { connectionFlags, outputFlag } from '../../cli/flags.ts';
import { oneSetName } from '../../cli/names.ts';
import { outputChoice } from '../../cli/output.ts';

export const rolloutHistory = defineCommand({
  id: 'rollout:history',
  summary: 'List the revisions of a StatefulSet',
  description: `Lists its ControllerRevisions with number, age and images, and which Pods are made from each. "rollout undo --to-revision N" rolls one of them out.`,
  usage: 'NAME',
  examples: [
    { what: 'What was rolled out before?', line: 'rollout history db' },
    { what: 'For a script', line: 'rollout history db -o json' },
  ],
  flags: {
    output: outputFlag,
    'no-headers': { kind: 'bool', help: 'Tables without their header line.', group: 'OUTPUT' },
    ...connectionFlags,
  },
  completes: 'sets',
  run({ args, flags }, session) {
    return session.rolloutHistory(oneSetName(args), outputChoice(flags), flags);
  },
});
