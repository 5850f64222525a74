import { defineCommand } from '../cli/command.ts';
import { connectionFlags } from '../cli/flags.ts';
import { outputChoice } from '../cli/output.ts';

export const version = defineCommand({
  id: 'version',
  summary: 'Print the version of kubectl sts-safe and of the API server',
  description: '',
  usage: '',
  examples: [
    { what: 'Versions of this plugin and of the server', line: 'version' },
    { what: 'Only of this plugin; asks no server', line: 'version --client' },
    { what: 'For a script', line: 'version --client -o json' },
  ],
  flags: {
    client: { kind: 'bool', help: 'Only the version of this plugin; asks no server.', group: 'OPTIONS' },
    output: { kind: 'string', short: 'o', blank: true, oneOf: ['json', 'yaml'], help: 'Output format: json or yaml.', group: 'OUTPUT' },
    ...connectionFlags,
  },
  light: true,
  run({ flags }, session) {
    return session.versions(flags.client === true, outputChoice(flags), flags);
  },
});
