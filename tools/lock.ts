/**
 * Looks over package-lock.json: it must not name the registry that it was made with, and it must have an entry for
 * every optional platform package. npm leaves such entries out when a package did not exist on the registry for one
 * platform; installing then works here and fails there.
 */
import { readFileSync } from 'node:fs';

interface Entry {
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock: { readonly packages: Readonly<Record<string, Entry>> } = JSON.parse(
  readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'),
);

const resolved = Object.entries(lock.packages)
  .filter(([, entry]) => entry.resolved !== undefined)
  .map(([path]) => `${path} names where it was downloaded from`);

const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
  Object.keys(optionalDependencies)
    .filter((name) => !installedFor(path, name))
    .map((name) => `${path || 'the project'} wants ${name}, which has no entry`),
);

/** Looks where Node would: beside the package, then outwards. */
function installedFor(path: string, name: string): boolean {
  const levels = path.split('/node_modules/');
  return (
    levels.some(
      (_, count) => `${[...levels.slice(0, levels.length - count), ''].join('/node_modules/').replace(/^\//, '')}${name}` in lock.packages,
    ) || `node_modules/${name}` in lock.packages
  );
}

for (const problem of [...resolved, ...missing]) console.error(`package-lock.json: ${problem}`);
if (resolved.length + missing.length > 0) {
  console.error('remove node_modules and package-lock.json, install again, and look at what changed');
  process.exitCode = 1;
}
