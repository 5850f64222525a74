import { commonOptions } from '../../cli/change.ts';
import { defineCommand } from '../../cli/command.ts';
import { changeFlags, connectionFlags } from '../../cli/flags.ts';
import { oneSetName } from '../../cli/names.ts';

export const pvcProtect = defineCommand({
  id: 'pvc:protect',
  summary: 'Keep the volumes of a StatefulSet, whatever is deleted',
  description: `Sets the reclaim policy of the StatefulSet's PersistentVolumes to Retain, so that deleting a PVC, the StatefulSet or the namespace does not delete data. The policy that each had is noted on the PersistentVolume. It also works when the PVCs or the namespace are already being deleted.`,
  usage: 'NAME',
  examples: [
    { what: 'Before anything risky', line: 'pvc protect web' },
    { what: 'See the plan first; nothing is changed', line: 'pvc protect web --dry-run' },
  ],
  flags: { ...changeFlags, ...connectionFlags },
  completes: 'sets',
  run({ args, flags }, session) {
    return session.change({ operation: 'pvc protect', name: oneSetName(args), options: {}, common: commonOptions(flags) }, flags);
  },
});
