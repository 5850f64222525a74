import { commonOptions } from '../../cli/change.ts';
import { defineCommand } from '../../cli/command.ts';
import { changeFlags, connectionFlags } from '../../cli/flags.ts';
import { oneClaimName } from '../../cli/names.ts';
import { claimTarget } from '../../cli/pvc-request.ts';

export const pvcRestore = defineCommand({
  id: 'pvc:restore',
  summary: 'Restore a PVC that "pvc retire" removed, with its data',
  description: `Creates the PVC again as it was, on the PersistentVolume that kept its data, and gives the PersistentVolume its earlier reclaim policy once the two are bound to each other. Where the StatefulSet controller has created the PVC already and it is bound to that PersistentVolume, only the reclaim policy is restored.

With --swap it replaces a PVC of that name that nothing uses, and retires that one.`,
  usage: 'NAME',
  examples: [
    { what: 'Restore a PVC', line: 'pvc restore data-web-4' },
    { what: 'Where a StatefulSet was scaled up before, and started on an empty volume', line: 'pvc restore data-web-4 --swap' },
  ],
  flags: {
    pv: { kind: 'string', value: 'NAME', help: 'The PersistentVolume, where several are retired for that name.', group: 'OPTIONS' },
    swap: { kind: 'bool', help: 'Replace the PVC of that name, and retire it.', group: 'OPTIONS' },
    ...changeFlags,
    ...connectionFlags,
  },
  run({ args, flags }, session) {
    const names = [oneClaimName(args)];
    const options = { names, ...(flags.pv === undefined ? {} : { pv: flags.pv }), ...(flags.swap === true ? { swap: true } : {}) };
    return session.change({ operation: 'pvc restore', ...claimTarget(names), options, common: commonOptions(flags) }, flags);
  },
});
