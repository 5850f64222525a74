import { commonOptions } from '../../cli/change.ts';
import { defineCommand } from '../../cli/command.ts';
import { changeFlags, connectionFlags } from '../../cli/flags.ts';
import { claimNames } from '../../cli/names.ts';
import { claimTarget } from '../../cli/pvc-request.ts';
import { UsageError } from '../../domain/errors.ts';

export const pvcPurge = defineCommand({
  id: 'pvc:purge',
  summary: 'Delete the data of retired PVCs for good',
  description: `Deletes the PersistentVolumes that "pvc retire" kept, with their data. It asks for the name of the PVC to be typed, or of the namespace where there are several. Only what is retired can be purged, and only what a provisioner made.`,
  usage: 'NAME...',
  examples: [
    { what: 'See what would be deleted', line: 'pvc purge data-web-4 --dry-run' },
    { what: 'In a script', line: 'pvc purge data-web-4 --confirm data-web-4' },
  ],
  flags: {
    pv: { kind: 'string', value: 'NAME', help: 'The PersistentVolume, where several are retired for that name.', group: 'OPTIONS' },
    ...changeFlags,
    ...connectionFlags,
  },
  run({ args, flags }, session) {
    const names = claimNames(args);
    if (names.length === 0) throw new UsageError('which PVCs?', 'add their names');
    if (names.length > 1 && flags.pv !== undefined) throw new UsageError('--pv is about one PVC', 'name one PVC at a time');
    const options = { names, ...(flags.pv === undefined ? {} : { pv: flags.pv }) };
    return session.change({ operation: 'pvc purge', ...claimTarget(names), options, common: commonOptions(flags) }, flags);
  },
});
