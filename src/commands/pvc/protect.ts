import { setArg } from '../../cli/arg.ts';
import { ChangeCommand } from '../../cli/command.ts';

export class PvcProtect extends ChangeCommand {
  static override summary = 'Keep the volumes of a StatefulSet, whatever is deleted';
  static override description =
    `Sets the reclaim policy of the StatefulSet's PersistentVolumes to Retain, so that deleting a PVC, the StatefulSet or the namespace does not delete data. The policy that each had is noted on the PersistentVolume. It also works when the PVCs or the namespace are already being deleted.`;
  static override examples = [
    { description: 'Before anything risky', command: 'kubectl sts-safe pvc protect web' },
    { description: 'See the plan first; nothing is changed', command: 'kubectl sts-safe pvc protect web --dry-run' },
  ];
  static override args = { name: setArg({ required: true }) };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(PvcProtect);
    return this.change({ operation: 'pvc protect', name: args.name, options: {} }, flags);
  }
}
