import { savedSetArg } from '../cli/arg.ts';
import { ChangeCommand } from '../cli/command.ts';
import { bool, text } from '../cli/flag.ts';
import { checkScope } from '../cli/names.ts';
import { outputChoice } from '../cli/output.ts';
import { UsageError } from '../domain/errors.ts';

export class Restore extends ChangeCommand {
  static override summary = 'Bring back a StatefulSet that "delete" removed';
  static override description =
    `Recreates the StatefulSet from its saved manifest, with every PVC protected, and only then scales it up. It refuses while Pods of that name run, because a new StatefulSet would adopt them and could delete them with their PVCs; --adopt adopts running Pods on purpose, when they match.

The PVCs must be the ones that were recorded.`;
  static override examples = [
    { description: 'Bring back a deleted set', command: 'kubectl sts-safe restore web' },
    { description: 'List what can be restored, and from what', command: 'kubectl sts-safe restore --list' },
    { description: 'The archives of one set', command: 'kubectl sts-safe restore web --list' },
    { description: 'From a certain archive', command: 'kubectl sts-safe restore web --archive sts-safe.web.3' },
    { description: 'From a file that "delete --save-to" wrote', command: 'kubectl sts-safe restore web --archive ./web.json' },
    { description: 'Take over members that still run', command: 'kubectl sts-safe restore web --adopt --dry-run' },
  ];
  static override args = { name: savedSetArg() };
  static override flags = {
    list: bool({
      exclusive: ['adopt', 'archive'],
      description: 'List the archives of this set, or without a name the sets that can be restored; change nothing.',
    }),
    'all-namespaces': bool({ char: 'A', dependsOn: ['list'], description: 'Look in all namespaces.' }),
    adopt: bool({ description: 'Take over the running members when they match the archive.' }),
    archive: text({
      file: true,
      helpValue: 'NAME|FILE',
      otherwise: 'the newest of a deletion',
      description: 'Archive to restore from: its name, or a file that delete --save-to wrote.',
    }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(Restore);
    const { name } = args;
    const everywhere = flags['all-namespaces'] ?? false;
    checkScope(name === undefined ? [] : [name], flags);
    if (flags.list) {
      const output = outputChoice(flags);
      return name === undefined ? this.session.restorable(everywhere, output, flags) : this.session.archives(name, output, flags);
    }
    if (name === undefined)
      throw new UsageError('a StatefulSet name is required', 'kubectl sts-safe restore --list shows those that can be restored');
    if (flags.archive === '')
      throw new UsageError('--archive needs a name or a file', `kubectl sts-safe restore ${name} --list shows them`);
    const options = { ...(flags.archive ? { archive: flags.archive } : {}), ...(flags.adopt ? { adopt: true } : {}) };
    return this.change({ operation: 'restore', name, options }, flags);
  }
}
