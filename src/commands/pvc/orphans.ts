import { ReadCommand } from '../../cli/command.ts';
import { text } from '../../cli/flag.ts';
import { readingFlags } from '../../cli/flags.ts';
import { outputChoice } from '../../cli/output.ts';

export class PvcOrphans extends ReadCommand {
  static override summary = 'List PVCs that nothing uses, and whether a StatefulSet could want them again';
  static override description =
    `Only "excess" and "set deleted" are PVCs that no StatefulSet is known to want. Everything else that nothing uses at the moment is listed with the reason why it is not an orphan: parked, ambiguous, foreign, protected or unknown. Names are never taken apart: they are generated from the StatefulSets and saved manifests that exist, and compared.

It changes nothing. "pvc list" explains the classes; "pvc retire" removes PVCs and keeps their data.`;
  static override examples = [
    { description: 'In this namespace', command: 'kubectl sts-safe pvc orphans' },
    { description: 'In the whole cluster', command: 'kubectl sts-safe pvc orphans -A' },
    { description: 'For a script', command: 'kubectl sts-safe pvc orphans -A -l app=web -o json' },
  ];
  static override flags = {
    selector: text({ char: 'l', helpValue: 'SELECTOR', description: 'Only PVCs with these labels.' }),
    ...readingFlags,
  };

  async run(): Promise<number> {
    const { flags } = await this.parse(PvcOrphans);
    const request = {
      show: 'orphans',
      allNamespaces: flags['all-namespaces'] ?? false,
      ...(flags.selector ? { selector: flags.selector } : {}),
    } as const;
    return this.session.pvcs(request, outputChoice(flags), flags);
  }
}
