import { defineCommand } from '../../cli/command.ts';
import { connectionFlags, readingFlags } from '../../cli/flags.ts';
import { outputChoice } from '../../cli/output.ts';
import { UsageError } from '../../domain/errors.ts';

export const pvcOrphans = defineCommand({
  id: 'pvc:orphans',
  summary: 'List PVCs that nothing uses, and whether a StatefulSet could want them again',
  description: `Only "excess" and "set deleted" are PVCs that no StatefulSet is known to want. Everything else that nothing uses at the moment is listed with the reason why it is not an orphan: parked, ambiguous, foreign, protected or unknown. Names are never taken apart: they are generated from the StatefulSets and saved manifests that exist, and compared.

It changes nothing. "pvc list" explains the classes; "pvc retire" removes PVCs and keeps their data.`,
  usage: '',
  examples: [
    { what: 'In this namespace', line: 'pvc orphans' },
    { what: 'In the whole cluster', line: 'pvc orphans -A' },
    { what: 'For a script', line: 'pvc orphans -A -l app=web -o json' },
  ],
  flags: {
    selector: { kind: 'string', short: 'l', value: 'SELECTOR', help: 'Only PVCs with these labels.', group: 'OPTIONS' },
    ...readingFlags,
    ...connectionFlags,
  },
  run({ args, flags }, session) {
    if (args.length > 0) throw new UsageError(`pvc orphans takes no names, and got ${args.join(' ')}`, 'kubectl sts-safe pvc list NAME');
    const request = {
      show: 'orphans',
      allNamespaces: flags['all-namespaces'] ?? false,
      ...(flags.selector ? { selector: flags.selector } : {}),
    } as const;
    return session.pvcs(request, outputChoice(flags), flags);
  },
});
