import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type GoModule, goRoot } from './modules.ts';
import { workspaceOf } from './workspace.ts';

/** Files that decide what a package compiles to; its tests and notes do not. */
const isSource = (file: string): boolean => /^go\.(mod|sum)$|(?<!_test)\.go$/.test(file);

/** Files that decide which versions are taken. */
const isOfVersions = (file: string): boolean => /^go\.(mod|sum|work|work\.sum)$/.test(file);

/**
 * Names the folder of a module's binaries: sources, go.mod, go.sum (of all modules of its workspace), flags and the compiler. The lifeline is part of
 * every module, as all of them replace it by the local folder.
 */
export function buildKey(module: GoModule, goVersion: string, root = goRoot): string {
  const hash = createHash('sha256');
  const field = (text: string | Buffer) => hash.update(`${text.length}:`).update(text);
  field(goVersion);
  for (const flag of [...module.flags, ...module.packages]) field(flag);
  // The folders of its packages: others in the same module make other binaries.
  for (const dir of [...foldersOf(module), join(root, 'lifeline')]) {
    for (const file of sources(dir)) {
      field(file);
      field(readFileSync(join(dir, file)));
    }
  }
  // What one module of a workspace requires decides which versions all of them get.
  const workspace = workspaceOf(module.dir);
  for (const dir of workspace === undefined ? [] : [dirname(workspace.file), ...workspace.modules]) {
    for (const file of readdirSync(dir).filter(isOfVersions).sort()) {
      field(file);
      field(readFileSync(join(dir, file)));
    }
  }
  return `${module.name}-${hash.digest('hex').slice(0, 16)}`;
}

/** The module's own folder for its go.mod; a package of another module is named by its path, and fixed by go.sum. */
function foldersOf({ dir, packages }: GoModule): string[] {
  const own = packages.filter((it) => it.startsWith('.')).map((it) => join(dir, it));
  return packages.includes('.') ? own : [dir, ...own];
}

function sources(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isFile() && isSource(entry.name))
    .map((entry) => entry.name)
    .sort();
}
