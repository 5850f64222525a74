import { commonOptions } from '../../cli/change.ts';
import { defineCommand } from '../../cli/command.ts';
import { changeFlags, connectionFlags } from '../../cli/flags.ts';
import { oneSetName } from '../../cli/names.ts';
import { patienceFlags, patienceOf } from '../../cli/pace.ts';

export const rolloutPromote = defineCommand({
  id: 'rollout:promote',
  summary: 'Continue a rollout to the end of its next step',
  description: `Updates the Pods of the next step of --steps and pauses there; with --full all that are left, without any further pause.`,
  usage: 'NAME [--full]',
  examples: [
    { what: 'The next step', line: 'rollout promote db' },
    { what: 'All remaining Pods', line: 'rollout promote db --full --yes' },
  ],
  flags: {
    full: { kind: 'bool', help: 'To the end, without any further pause.', group: 'OPTIONS' },
    ...patienceFlags,
    ...changeFlags,
    ...connectionFlags,
  },
  completes: 'sets',
  run({ args, flags }, session) {
    const options = { ...(flags.full ? { full: true } : {}), ...patienceOf(flags) };
    return session.change({ operation: 'rollout promote', name: oneSetName(args), options, common: commonOptions(flags) }, flags);
  },
});
