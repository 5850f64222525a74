import { commonOptions } from '../cli/change.ts';
import { defineCommand } from '../cli/command.ts';
import { changeFlags, connectionFlags } from '../cli/flags.ts';
import { oneSetName } from '../cli/names.ts';

export const deleteSet = defineCommand({
  id: 'delete',
  summary: 'Delete a StatefulSet in order and keep its data',
  description: `Saves the manifest, makes sure that no claim can be garbage-collected, stops the members one at a time, highest first, deletes the set alone, and verifies that every claim is the same object as before. "restore" brings the set back.

The plan lists members, claims and volumes and what becomes of each. It must be confirmed with the set's name.`,
  usage: 'NAME',
  examples: [
    { what: 'Delete a set; its claims stay', line: 'delete web' },
    { what: 'See the plan and its digest', line: 'delete web -n prod --dry-run' },
    { what: 'In a script: exactly the plan that was looked at', line: 'delete web -n prod --confirm plan:0123456789abcdef' },
    { what: 'Destroy the data too', line: 'delete web --delete-claims' },
  ],
  flags: {
    'delete-claims': { kind: 'bool', help: 'DESTROYS DATA: deletes the claims after the set.', group: 'OPTIONS' },
    'with-service': {
      kind: 'bool',
      help: 'Also delete the governing Service when nothing else uses it; restore brings it back.',
      group: 'OPTIONS',
    },
    'save-to': {
      kind: 'string',
      file: true,
      value: 'FILE',
      help: 'Also write the archive to this file (name.json), for restore --archive FILE.',
      group: 'OPTIONS',
    },
    ...changeFlags,
    ...connectionFlags,
  },
  completes: 'sets',
  light: true,
  run({ args, flags }, session) {
    const options = {
      ...(flags['delete-claims'] ? { deleteClaims: true } : {}),
      ...(flags['with-service'] ? { withService: true } : {}),
    };
    const file = flags['save-to'] ? { saveTo: flags['save-to'] } : {};
    return session.change({ operation: 'delete', name: oneSetName(args), options, common: commonOptions(flags), ...file }, flags);
  },
});
