import { commonOptions } from '../../cli/change.ts';
import { defineCommand } from '../../cli/command.ts';
import { changeFlags, connectionFlags } from '../../cli/flags.ts';
import { oneSetName } from '../../cli/names.ts';
import { paceFlags, paceOf } from '../../cli/pace.ts';

export const rolloutRestart = defineCommand({
  id: 'rollout:restart',
  summary: 'Restart the Pods of a StatefulSet, one at a time',
  description: `A rollout like any other, of the same Pod template with an annotation: each Pod is replaced, and the next one follows when the new one is Ready, Available, and has stayed so without a restart for --soak.`,
  usage: 'NAME',
  examples: [
    { what: 'All Pods, one after the other', line: 'rollout restart db' },
    { what: 'Each watched for a minute before the next', line: 'rollout restart db --soak 1m --yes' },
  ],
  flags: { ...paceFlags, ...changeFlags, ...connectionFlags },
  completes: 'sets',
  run({ args, flags }, session) {
    return session.change(
      { operation: 'rollout restart', name: oneSetName(args), options: paceOf(flags), common: commonOptions(flags) },
      flags,
    );
  },
});
