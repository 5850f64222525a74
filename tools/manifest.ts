/**
 * Writes oclif.manifest.json and docs/reference from the classes of the commands, or with --check says whether they are current. The program finds,
 * reads and helps by it, and loads only the class that runs; it is the contract, too: a changed flag is a changed line in a review.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Command } from '@oclif/core/command';
import { pflagFields } from '../src/cli/flag-spec.ts';
import type { CommandSpec } from '../src/cli/manifest.ts';
import { version } from '../src/cli/version.ts';
import { registry } from '../src/registry.ts';
import { writeReference } from './reference.ts';

const file = new URL('../oclif.manifest.json', import.meta.url);
// The function behind `oclif manifest`; that command itself would look for a file a command, which we do not have.
const { cacheCommand } = createRequire(import.meta.url)(
  fileURLToPath(new URL('../node_modules/@oclif/core/lib/util/cache-command.js', import.meta.url)),
) as { readonly cacheCommand: (command: Command.Class) => Promise<Command.Cached> };

type Fields = Readonly<Record<string, unknown>>;

const commands: Record<string, unknown> = {};
for (const [id, load] of Object.entries(registry)) {
  const command = await load();
  command.id = id;
  const { flags, args, ...cached } = await cacheCommand(command);
  const known: Readonly<Record<string, Fields>> = { ...command.flags, ...command.baseFlags, ...command.flags };
  commands[id] = {
    ...cached,
    args: Object.fromEntries(
      Object.entries(args).map(([name, arg]) => [name, { ...arg, ...kept(command.args[name] ?? {}, ['names', 'from']) }]),
    ),
    // A command's own flags first, as the help has them.
    flags: Object.fromEntries(Object.entries(known).map(([name, flag]) => [name, { ...flags[name], ...kept(flag, pflagFields) }])),
  };
}
const text = `${JSON.stringify({ commands, version }, null, 2)}\n`;

const check = process.argv.includes('--check');
if (!check) await writeFile(file, text);
else if ((await readFile(file, 'utf8').catch(() => '')) !== text) {
  console.error('oclif.manifest.json is not current: run npm run manifest, and look at what changed');
  process.exitCode = 1;
}

const stale = await writeReference(Object.values(commands) as readonly CommandSpec[], check);
if (stale.length > 0) {
  console.error(`docs/reference is not current (${stale.join(', ')}): run npm run manifest`);
  process.exitCode = 1;
}

/** What oclif does not keep of a flag or an argument. */
function kept(of: Fields, fields: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(of).filter(([field]) => fields.includes(field)));
}
