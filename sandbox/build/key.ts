import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type GoModule, goRoot } from './modules.ts';

/** Files that decide what a module compiles to; its tests and notes do not. */
const isSource = (path: string): boolean => /(^|\/)go\.(mod|sum)$|(?<!_test)\.go$/.test(path);

/**
 * Names the folder of a module's binaries: sources, go.mod, go.sum, flags and the compiler. The lifeline is part of
 * every module, as all of them replace it by the local folder.
 */
export function buildKey(module: GoModule, goVersion: string, root = goRoot): string {
  const hash = createHash('sha256');
  const field = (text: string | Buffer) => hash.update(`${text.length}:`).update(text);
  field(goVersion);
  for (const flag of [...module.flags, ...module.packages]) field(flag);
  for (const dir of [module.dir, join(root, 'lifeline')]) {
    for (const path of sources(dir)) {
      field(relative(dir, path));
      field(readFileSync(path));
    }
  }
  return `${module.name}-${hash.digest('hex').slice(0, 16)}`;
}

function sources(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && isSource(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
