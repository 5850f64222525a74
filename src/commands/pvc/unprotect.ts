import { setArg } from '../../cli/arg.ts';
import { ChangeCommand } from '../../cli/command.ts';

export class PvcUnprotect extends ChangeCommand {
  static override summary = 'Restore the reclaim policies from before "pvc protect"';
  static override description =
    `Gives the StatefulSet's PersistentVolumes the reclaim policies that they had before "pvc protect". It refuses where that would delete data at once, because the PVC is gone or is being deleted.`;
  static override examples = [
    { description: 'Restore the reclaim policies', command: 'kubectl sts-safe pvc unprotect web' },
    { description: 'See the plan first; nothing is changed', command: 'kubectl sts-safe pvc unprotect web --dry-run' },
  ];
  static override args = { name: setArg({ required: true }) };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(PvcUnprotect);
    return this.change({ operation: 'pvc unprotect', name: args.name, options: {} }, flags);
  }
}
