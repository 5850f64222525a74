import { commonOptions } from '../../cli/change.ts';
import { defineCommand } from '../../cli/command.ts';
import { changeFlags, connectionFlags } from '../../cli/flags.ts';
import { claimNames } from '../../cli/names.ts';
import { claimTarget } from '../../cli/pvc-request.ts';
import { UsageError } from '../../domain/errors.ts';
import { parseLongDuration } from '../../domain/long-duration.ts';

export const pvcRetire = defineCommand({
  id: 'pvc:retire',
  summary: 'Remove PVCs that no StatefulSet wants, and keep their data',
  description: `The PVC is deleted; its PersistentVolume is set to Retain, saves the PVC's manifest, and is reserved for the next PVC of that name: whoever creates it again, "pvc restore", the StatefulSet controller or another client, gets the old data. It refuses PVCs that are in use, parked, ambiguous, foreign, protected or unknown ("pvc list" shows which).

Running the command again finishes what was interrupted. "pvc list --released" lists what is retired, "pvc purge" deletes it for good.`,
  usage: 'NAME...|--deleted-sets|--excess',
  examples: [
    { what: 'One PVC', line: 'pvc retire data-web-4' },
    { what: 'Everything that is left of deleted StatefulSets', line: 'pvc retire --deleted-sets --dry-run' },
    { what: 'As a CronJob: two runs, a week apart', line: 'pvc retire --excess --deleted-sets --quarantine 7d --yes' },
    { what: 'In a script', line: 'pvc retire --excess --yes --reason cleanup' },
  ],
  flags: {
    'deleted-sets': { kind: 'bool', help: 'Every PVC whose StatefulSet is deleted.', group: 'OPTIONS' },
    excess: { kind: 'bool', help: 'Every PVC beyond all known replica counts of its StatefulSet.', group: 'OPTIONS' },
    quarantine: {
      kind: 'string',
      value: 'TIME',
      help: 'Mark first, and retire in a later run what has been marked for this long, such as 7d. A change of the StatefulSet restarts the time.',
      group: 'OPTIONS',
    },
    'unused-for': {
      kind: 'string',
      value: 'TIME',
      help: 'Only what is known to have been unused for this long, such as 30d.',
      group: 'OPTIONS',
    },
    ...changeFlags,
    ...connectionFlags,
  },
  run({ args, flags }, session) {
    const names = claimNames(args);
    const classes = {
      ...(flags['deleted-sets'] === true ? { deletedSets: true } : {}),
      ...(flags.excess === true ? { excess: true } : {}),
    };
    const isByClass = Object.keys(classes).length > 0;
    if (names.length === 0 && !isByClass) throw new UsageError('which PVCs?', 'add names, --deleted-sets or --excess');
    if (names.length > 0 && isByClass)
      throw new UsageError('names cannot be used together with --deleted-sets or --excess', 'leave one of them out');
    const options = { names, ...classes, ...timesOf(flags.quarantine, flags['unused-for']) };
    return session.change({ operation: 'pvc retire', ...claimTarget(names), options, common: commonOptions(flags) }, flags);
  },
});

function timesOf(quarantine: string | undefined, unusedFor: string | undefined) {
  return {
    ...(quarantine === undefined ? {} : { quarantine: time('quarantine', quarantine) }),
    ...(unusedFor === undefined ? {} : { unusedFor: time('unused-for', unusedFor) }),
  };
}

function time(flag: string, value: string): string {
  if (parseLongDuration(value) !== undefined) return value;
  throw new UsageError(`invalid value "${value}" for --${flag}`, 'write a time such as 7d, 36h or 1d12h');
}
