import { setArg } from '../../cli/arg.ts';
import { ReadCommand } from '../../cli/command.ts';
import { bool, text } from '../../cli/flag.ts';
import { readingFlags } from '../../cli/flags.ts';
import { outputChoice } from '../../cli/output.ts';
import { UsageError } from '../../domain/errors.ts';

export class PvcList extends ReadCommand {
  static override summary = 'List PVCs and what they are to StatefulSets';
  static override description =
    `One line per PVC: its class, its size and why it has that class. Classes: in use; parked (the StatefulSet is scaled to 0, or something known, such as an autoscaler, can give it that many replicas again); excess (beyond every known replica count); set deleted (proven by a saved manifest or by who created the PVC); ambiguous (several StatefulSets generate the name); foreign (another controller's or a user's); protected (marked to be kept); unknown (something could not be read).

With --released it lists PersistentVolumes instead: those whose PVC is gone, and those that "pvc retire" keeps.`;
  static override examples = [
    { description: 'All PVCs of the namespace', command: 'kubectl sts-safe pvc list' },
    { description: 'Those of one StatefulSet, with their volumes', command: 'kubectl sts-safe pvc list web -o wide' },
    { description: 'Volumes that can be restored', command: 'kubectl sts-safe pvc list --released' },
  ];
  static override flags = {
    released: bool({ exclusive: ['selector'], description: 'List volumes without a PVC instead.' }),
    selector: text({ char: 'l', helpValue: 'SELECTOR', description: 'Only PVCs with these labels.' }),
    ...readingFlags,
  };

  static override args = { name: setArg() };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(PvcList);
    const { name: set } = args;
    const allNamespaces = flags['all-namespaces'] ?? false;
    if (set !== undefined && allNamespaces) throw new UsageError('NAME and --all-namespaces cannot be used together', 'use -n NAMESPACE');
    const request = {
      show: flags.released === true ? 'released' : 'all',
      allNamespaces,
      ...(set === undefined ? {} : { set }),
      ...(flags.selector ? { selector: flags.selector } : {}),
    } as const;
    return this.session.pvcs(request, outputChoice(flags), flags);
  }
}
