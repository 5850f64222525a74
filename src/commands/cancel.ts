import { commonOptions } from '../cli/change.ts';
import { defineCommand } from '../cli/command.ts';
import { changeFlags, connectionFlags } from '../cli/flags.ts';
import { oneSetName } from '../cli/names.ts';

export const cancel = defineCommand({
  id: 'cancel',
  summary: 'Go back from a half-done operation',
  description: `Puts back what an unfinished operation changed, as its record holds it: replicas and retention policy. Then it clears the record. "operations" lists what is unfinished; typing the same command again goes on with it instead.`,
  usage: 'NAME',
  examples: [
    { what: 'Go back from whatever was begun on this set', line: 'cancel web' },
    { what: 'See what would be put back', line: 'cancel web --dry-run' },
    { what: 'When the one who began it is silent', line: 'cancel web --take-over --yes' },
  ],
  flags: { ...changeFlags, ...connectionFlags },
  completes: 'sets',
  run({ args, flags }, session) {
    return session.change({ operation: 'cancel', name: oneSetName(args), options: {}, common: commonOptions(flags) }, flags);
  },
});
