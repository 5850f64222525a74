/**
 * Writes oclif.manifest.json from the registry, or with --check says whether it is current. At run time nothing reads
 * it; it is the contract: a changed flag is a changed line in a review.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { commandClass } from '../src/cli/oclif.ts';
import { version } from '../src/cli/version.ts';
import { registry } from '../src/registry.ts';

const file = new URL('../oclif.manifest.json', import.meta.url);
// The function behind `oclif manifest`; that command itself would look for a file a command, which we do not have.
const { cacheCommand } = createRequire(import.meta.url)(
  fileURLToPath(new URL('../node_modules/@oclif/core/lib/util/cache-command.js', import.meta.url)),
);

const commands: Record<string, unknown> = {};
for (const spec of registry) {
  commands[spec.id] = await cacheCommand(
    commandClass(spec, () => Promise.resolve(0)),
    undefined,
  );
}
const text = `${JSON.stringify({ commands, version }, null, 2)}\n`;

if (!process.argv.includes('--check')) await writeFile(file, text);
else if ((await readFile(file, 'utf8').catch(() => '')) !== text) {
  console.error('oclif.manifest.json is not current: run npm run manifest, and look at what changed');
  process.exitCode = 1;
}
