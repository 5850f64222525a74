import { retiredPvcArg } from '../../cli/arg.ts';
import { ChangeCommand } from '../../cli/command.ts';
import { text } from '../../cli/flag.ts';
import { claimTarget } from '../../cli/pvc-request.ts';
import { UsageError } from '../../domain/errors.ts';

export class PvcPurge extends ChangeCommand {
  static override summary = 'Delete the data of retired PVCs for good';
  static override description =
    `Deletes the PersistentVolumes that "pvc retire" kept, with their data. It asks for the name of the PVC to be typed, or of the namespace where there are several. Only what is retired can be purged, and only what a provisioner made.`;
  static override examples = [
    { description: 'See what would be deleted', command: 'kubectl sts-safe pvc purge data-web-4 --dry-run' },
    { description: 'In a script', command: 'kubectl sts-safe pvc purge data-web-4 --confirm data-web-4' },
  ];
  static override args = { names: retiredPvcArg({ required: true, multiple: true }) };
  static override flags = {
    pv: text({ helpValue: 'NAME', description: 'The PersistentVolume, where several are retired for that name.' }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(PvcPurge);
    const { names } = args;
    if (names.length > 1 && flags.pv !== undefined) throw new UsageError('--pv is about one PVC', 'name one PVC at a time');
    const options = { names, ...(flags.pv === undefined ? {} : { pv: flags.pv }) };
    return this.change({ operation: 'pvc purge', ...claimTarget(names), options }, flags);
  }
}
