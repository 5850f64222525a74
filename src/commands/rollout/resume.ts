import { commonOptions } from '../../cli/change.ts';
import { defineCommand } from '../../cli/command.ts';
import { changeFlags, connectionFlags } from '../../cli/flags.ts';
import { oneSetName } from '../../cli/names.ts';
import { patienceFlags, patienceOf } from '../../cli/pace.ts';

export const rolloutResume = defineCommand({
  id: 'rollout:resume',
  summary: 'Resume a rollout that was paused or interrupted',
  description: `Continues with the next Pod as the rollout was started, from whatever machine: its steps, pauses and soak time are saved in the cluster, and --soak and --restart-budget change what is asked of each Pod. It is refused when another client changed the Pod template, the partition or the replicas in between.`,
  usage: 'NAME',
  examples: [
    { what: 'Continue', line: 'rollout resume db' },
    { what: 'See what is left', line: 'rollout resume db --dry-run' },
    { what: 'The canary has restarted since, and may', line: 'rollout resume db --restart-budget 10' },
    { what: 'Take over from an unresponsive client', line: 'rollout resume db --take-over --yes' },
  ],
  flags: { ...patienceFlags, ...changeFlags, ...connectionFlags },
  completes: 'sets',
  run({ args, flags }, session) {
    return session.change(
      { operation: 'rollout resume', name: oneSetName(args), options: patienceOf(flags), common: commonOptions(flags) },
      flags,
    );
  },
});
