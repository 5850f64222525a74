import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Modules that share one version of everything they import, so that what one has compiled the next one does not. */
export interface Workspace {
  /** Its go.work. */
  file: string;
  /** Folders of its modules. */
  modules: string[];
}

/** The workspace that a module's folder belongs to: the go.work beside it, where that uses it. */
export function workspaceOf(dir: string): Workspace | undefined {
  const root = dirname(dir);
  const file = join(root, 'go.work');
  if (!existsSync(file)) return undefined;
  const used = [...readFileSync(file, 'utf8').matchAll(/^\t\.\/(\S+)$/gm)].map(([, name]) => name as string);
  return used.includes(relative(root, dir)) ? { file, modules: used.map((name) => join(root, name)) } : undefined;
}
