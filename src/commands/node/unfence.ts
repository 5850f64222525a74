import { commonOptions } from '../../cli/change.ts';
import { defineCommand } from '../../cli/command.ts';
import { changeFlags, connectionFlags } from '../../cli/flags.ts';
import { oneNodeName } from '../../cli/names.ts';

export const nodeUnfence = defineCommand({
  id: 'node:unfence',
  summary: 'Put a fenced node back into service',
  description: `Removes the out-of-service taint that node fence has set, and what was attested. It refuses while the node is not Ready, and if it is still of the boot of which someone attested that it was off: then its containers may have run all the time.

A taint that another client has set is left alone.`,
  usage: 'NODE',
  examples: [{ what: 'The machine has been repaired and has booted', line: 'node unfence node-1' }],
  flags: { ...changeFlags, ...connectionFlags },
  run({ args, flags }, session) {
    const name = oneNodeName(args);
    return session.change({ operation: 'node unfence', resource: 'nodes', name, options: {}, common: commonOptions(flags) }, flags);
  },
});
