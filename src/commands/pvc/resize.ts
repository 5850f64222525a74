import { resizeArg } from '../../cli/arg.ts';
import { ChangeCommand } from '../../cli/command.ts';
import { UsageError } from '../../domain/errors.ts';

export class PvcResize extends ChangeCommand {
  static override summary = 'Expand the PVCs of a StatefulSet';
  static override description =
    'Sets the size of the PVCs of a volumeClaimTemplate, one at a time, highest ordinal first, and waits until each has it. Pods keep running; where the driver expands the file system only at a restart, the command says so, and "restart POD" does that. A PVC cannot be made smaller. The volumeClaimTemplate itself cannot be changed: new PVCs have the old size.';
  static override usage = 'NAME TEMPLATE=SIZE…';
  static override examples = [
    { description: 'PVCs data-web-0, data-web-1, … to 20 GiB', command: 'kubectl sts-safe pvc resize web data=20Gi' },
    { description: 'See the plan first; nothing is changed', command: 'kubectl sts-safe pvc resize web data=20Gi --dry-run=server' },
  ];
  static override args = { words: resizeArg({ required: true, multiple: true }) };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(PvcResize);
    const sizes = args.words.filter((word) => word.includes('='));
    const [name, second] = args.words.filter((word) => !word.includes('='));
    if (name === undefined) throw new UsageError('a StatefulSet name is required', `write it before ${sizes.join(' ')}`);
    if (second !== undefined)
      throw new UsageError(`"${second}" is not TEMPLATE=SIZE`, 'name one StatefulSet, then sizes such as data=20Gi');
    if (sizes.length === 0)
      throw new UsageError('a size is required', `write kubectl sts-safe pvc resize ${name} TEMPLATE=SIZE, such as data=20Gi`);
    const { parseSizes } = await import('../../operations/pvc-resize/sizes.ts');
    parseSizes(sizes);
    return this.change({ operation: 'pvc resize', name, options: { sizes } }, flags);
  }
}
