import { defineCommand } from '../../cli/command.ts';
import { connectionFlags, readingFlags } from '../../cli/flags.ts';
import { setNames } from '../../cli/names.ts';
import { outputChoice } from '../../cli/output.ts';
import { UsageError } from '../../domain/errors.ts';

export const pvcList = defineCommand({
  id: 'pvc:list',
  summary: 'List PVCs and what they are to StatefulSets',
  description: `One line per PVC: its class, its size and why it has that class. Classes: in use; parked (the StatefulSet is scaled to 0, or something known, such as an autoscaler, can give it that many replicas again); excess (beyond every known replica count); set deleted (proven by a saved manifest or by who created the PVC); ambiguous (several StatefulSets generate the name); foreign (another controller's or a user's); protected (marked to be kept); unknown (something could not be read).

With --released it lists PersistentVolumes instead: those whose PVC is gone, and those that "pvc retire" keeps.`,
  usage: '[NAME]',
  examples: [
    { what: 'All PVCs of the namespace', line: 'pvc list' },
    { what: 'Those of one StatefulSet, with their volumes', line: 'pvc list web -o wide' },
    { what: 'Volumes that can be restored', line: 'pvc list --released' },
  ],
  flags: {
    released: { kind: 'bool', help: 'List volumes without a PVC instead.', group: 'OPTIONS' },
    selector: { kind: 'string', short: 'l', value: 'SELECTOR', help: 'Only PVCs with these labels.', group: 'OPTIONS' },
    ...readingFlags,
    ...connectionFlags,
  },
  completes: 'sets',
  run({ args, flags }, session) {
    const [set, ...more] = setNames(args);
    if (more.length > 0) throw new UsageError(`one StatefulSet at a time, not ${[set, ...more].join(', ')}`);
    const allNamespaces = flags['all-namespaces'] ?? false;
    if (set !== undefined && allNamespaces) throw new UsageError('NAME and --all-namespaces cannot be used together', 'use -n NAMESPACE');
    if (flags.released === true && flags.selector) throw new UsageError('--released and --selector cannot be used together');
    const request = {
      show: flags.released === true ? 'released' : 'all',
      allNamespaces,
      ...(set === undefined ? {} : { set }),
      ...(flags.selector ? { selector: flags.selector } : {}),
    } as const;
    return session.pvcs(request, outputChoice(flags), flags);
  },
});
