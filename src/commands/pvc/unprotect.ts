import { commonOptions } from '../../cli/change.ts';
import { defineCommand } from '../../cli/command.ts';
import { changeFlags, connectionFlags } from '../../cli/flags.ts';
import { oneSetName } from '../../cli/names.ts';

export const pvcUnprotect = defineCommand({
  id: 'pvc:unprotect',
  summary: 'Restore the reclaim policies from before "pvc protect"',
  description: `Gives the StatefulSet's PersistentVolumes the reclaim policies that they had before "pvc protect". It refuses where that would delete data at once, because the PVC is gone or is being deleted.`,
  usage: 'NAME',
  examples: [
    { what: 'Restore the reclaim policies', line: 'pvc unprotect web' },
    { what: 'See the plan first; nothing is changed', line: 'pvc unprotect web --dry-run' },
  ],
  flags: { ...changeFlags, ...connectionFlags },
  completes: 'sets',
  run({ args, flags }, session) {
    return session.change({ operation: 'pvc unprotect', name: oneSetName(args), options: {}, common: commonOptions(flags) }, flags);
  },
});
