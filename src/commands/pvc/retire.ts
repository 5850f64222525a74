import { pvcArg } from '../../cli/arg.ts';
import { ChangeCommand } from '../../cli/command.ts';
import { bool, read } from '../../cli/flag.ts';
import { claimTarget } from '../../cli/pvc-request.ts';
import { UsageError } from '../../domain/errors.ts';
import { parseLongDuration } from '../../domain/long-duration.ts';

export class PvcRetire extends ChangeCommand {
  static override summary = 'Remove PVCs that no StatefulSet wants, and keep their data';
  static override description =
    `The PVC is deleted; its PersistentVolume is set to Retain, saves the PVC's manifest, and is reserved for the next PVC of that name: when it is created again, by "pvc restore", the StatefulSet controller or another client, it gets the old data. It refuses PVCs that are in use, parked, ambiguous, foreign, protected or unknown ("pvc list" shows which).

Running the command again finishes what was interrupted. "pvc list --released" lists what is retired, "pvc purge" deletes it for good.`;
  static override usage = 'NAME...|--deleted-sets|--excess';
  static override examples = [
    { description: 'One PVC', command: 'kubectl sts-safe pvc retire data-web-4' },
    { description: 'Everything that is left of deleted StatefulSets', command: 'kubectl sts-safe pvc retire --deleted-sets --dry-run' },
    {
      description: 'As a CronJob: two runs, a week apart',
      command: 'kubectl sts-safe pvc retire --excess --deleted-sets --quarantine 7d --yes',
    },
    { description: 'In a script', command: 'kubectl sts-safe pvc retire --excess --yes --reason cleanup' },
  ];
  static override args = { names: pvcArg({ multiple: true }) };
  static override flags = {
    'deleted-sets': bool({ description: 'Every PVC whose StatefulSet is deleted.' }),
    excess: bool({ description: 'Every PVC beyond all known replica counts of its StatefulSet.' }),
    quarantine: read(time('quarantine'), {
      helpValue: 'TIME',
      description:
        'Mark first, and retire in a later run what has been marked for this long, such as 7d. A change of the StatefulSet restarts the time.',
    }),
    'unused-for': read(time('unused-for'), {
      helpValue: 'TIME',
      description: 'Only what is known to have been unused for this long, such as 30d.',
    }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(PvcRetire);
    const names = args.names ?? [];
    const { quarantine, 'unused-for': unusedFor } = flags;
    const classes = {
      ...(flags['deleted-sets'] === true ? { deletedSets: true } : {}),
      ...(flags.excess === true ? { excess: true } : {}),
    };
    const isByClass = Object.keys(classes).length > 0;
    if (names.length === 0 && !isByClass) throw new UsageError('a PVC name is required', 'add names, --deleted-sets or --excess');
    if (names.length > 0 && isByClass)
      throw new UsageError('names cannot be used together with --deleted-sets or --excess', 'leave one of them out');
    const options = {
      names,
      ...classes,
      ...(quarantine === undefined ? {} : { quarantine }),
      ...(unusedFor === undefined ? {} : { unusedFor }),
    };
    return this.change({ operation: 'pvc retire', ...claimTarget(names), options }, flags);
  }
}

function time(flag: string) {
  return (value: string): string => {
    if (parseLongDuration(value) !== undefined) return value;
    throw new UsageError(`invalid value "${value}" for --${flag}`, 'write a time such as 7d, 36h or 1d12h');
  };
}
