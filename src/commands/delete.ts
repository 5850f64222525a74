import { setArg } from '../cli/arg.ts';
import { ChangeCommand } from '../cli/command.ts';
import { bool, text } from '../cli/flag.ts';

export class DeleteSet extends ChangeCommand {
  static override summary = 'Delete a StatefulSet in order and keep its data';
  static override description =
    `Saves the manifest, makes sure that no PVC can be garbage-collected, deletes the Pods one at a time, highest first, deletes the StatefulSet alone, and verifies that every PVC is the same object as before. "restore" recreates the StatefulSet.

The plan lists Pods, PVCs and PersistentVolumes and what changes. It must be confirmed with the StatefulSet's name.`;
  static override examples = [
    { description: 'Delete a StatefulSet and retain its PVCs', command: 'kubectl sts-safe delete web' },
    { description: 'See the plan and its digest', command: 'kubectl sts-safe delete web -n prod --dry-run' },
    {
      description: 'In a script: exactly the plan that was looked at',
      command: 'kubectl sts-safe delete web -n prod --confirm plan:0123456789abcdef',
    },
    { description: 'Destroy the data too', command: 'kubectl sts-safe delete web --delete-claims' },
  ];
  static override args = { name: setArg({ required: true }) };
  static override flags = {
    'delete-claims': bool({ description: 'DESTROYS DATA: deletes the PVCs after the set.' }),
    'with-service': bool({ description: 'Also delete the governing Service when nothing else uses it; restore brings it back.' }),
    'save-to': text({
      file: true,
      helpValue: 'FILE',
      description: 'Also write the archive to this file (name.json), for restore --archive FILE.',
    }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(DeleteSet);
    const options = {
      ...(flags['delete-claims'] ? { deleteClaims: true } : {}),
      ...(flags['with-service'] ? { withService: true } : {}),
    };
    const file = flags['save-to'] ? { saveTo: flags['save-to'] } : {};
    return this.change({ operation: 'delete', name: args.name, options, ...file }, flags);
  }
}
