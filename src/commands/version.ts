import { defineCommand } from '../cli/command.ts';
import { connectionFlags } from '../cli/flags.ts';

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
    output: { kind: 'string', short: 'o', oneOf: ['json', 'yaml'], help: 'Output format: json or yaml.', group: 'OUTPUT' },
    ...connectionFlags,
  },
  light: true,
  async run({ flags }, session) {
    const clientVersion = {
      gitVersion: `v${session.version}`,
      nodeVersion: process.version,
      platform: `${process.platform}/${process.arch}`,
    };
    session.io.stdout.write(`Client Version: ${clientVersion.gitVersion}\n`);
    void flags;
    return Promise.resolve(0);
  },
});
