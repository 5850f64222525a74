import { atMostOne, commonOptions } from '../cli/change.ts';
import { defineCommand } from '../cli/command.ts';
import { changeFlags, connectionFlags } from '../cli/flags.ts';
import { oneSetName } from '../cli/names.ts';
import { outputChoice } from '../cli/output.ts';
import { UsageError } from '../domain/errors.ts';

export const restore = defineCommand({
  id: 'restore',
  summary: 'Bring back a StatefulSet that "delete" removed',
  description: `Creates the set again from its archive, with every claim protected, and only then lets it have its members. It refuses while Pods of that name run, since a new set would take them over and could delete them with their claims; --adopt takes over running members on purpose, when they match.

The claims must be the ones that were recorded.`,
  usage: 'NAME',
  examples: [
    { what: 'Bring back a deleted set', line: 'restore web' },
    { what: 'List what there is to restore from', line: 'restore web --list' },
    { what: 'From a certain archive', line: 'restore web --archive sts-safe.web.3' },
    { what: 'From a file that "delete --save-to" wrote', line: 'restore web --archive ./web.json' },
    { what: 'Take over members that still run', line: 'restore web --adopt --dry-run' },
  ],
  flags: {
    list: { kind: 'bool', help: 'List the archives of this set and change nothing.', group: 'OPTIONS' },
    adopt: { kind: 'bool', help: 'Take over the running members when they match the archive.', group: 'OPTIONS' },
    archive: {
      kind: 'string',
      file: true,
      value: 'NAME|FILE',
      otherwise: 'the newest of a deletion',
      help: 'Archive to restore from: its name, or a file that delete --save-to wrote.',
      group: 'OPTIONS',
    },
    ...changeFlags,
    ...connectionFlags,
  },
  run({ args, flags }, session) {
    const name = oneSetName(args);
    atMostOne(flags, 'list', 'adopt');
    atMostOne(flags, 'list', 'archive');
    if (flags.list) return session.archives(name, outputChoice(flags), flags);
    if (flags.archive === '')
      throw new UsageError('--archive needs a name or a file', `kubectl sts-safe restore ${name} --list shows them`);
    const options = { ...(flags.archive ? { archive: flags.archive } : {}), ...(flags.adopt ? { adopt: true } : {}) };
    return session.change({ operation: 'restore', name, options, common: commonOptions(flags) }, flags);
  },
});
