import { retiredPvcArg } from '../../cli/arg.ts';
import { ChangeCommand } from '../../cli/command.ts';
import { bool, text } from '../../cli/flag.ts';
import { claimTarget } from '../../cli/pvc-request.ts';

export class PvcRestore extends ChangeCommand {
  static override summary = 'Restore a PVC that "pvc retire" removed, with its data';
  static override description =
    `Creates the PVC again as it was, on the PersistentVolume that kept its data, and gives the PersistentVolume its earlier reclaim policy once the two are bound to each other. Where the StatefulSet controller has created the PVC already and it is bound to that PersistentVolume, only the reclaim policy is restored.

With --swap it replaces a PVC of that name that nothing uses, and retires that one.`;
  static override examples = [
    { description: 'Restore a PVC', command: 'kubectl sts-safe pvc restore data-web-4' },
    {
      description: 'Where a StatefulSet was scaled up before, and started on an empty volume',
      command: 'kubectl sts-safe pvc restore data-web-4 --swap',
    },
  ];
  static override args = { name: retiredPvcArg({ required: true }) };
  static override flags = {
    pv: text({ helpValue: 'NAME', description: 'The PersistentVolume, where several are retired for that name.' }),
    swap: bool({ description: 'Replace the PVC of that name, and retire it.' }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(PvcRestore);
    const names = [args.name];
    const options = { names, ...(flags.pv === undefined ? {} : { pv: flags.pv }), ...(flags.swap === true ? { swap: true } : {}) };
    return this.change({ operation: 'pvc restore', ...claimTarget(names), options }, flags);
  }
}
