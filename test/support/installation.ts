import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, realpathSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** What the built plugin is made from. */
const sources = ['src', 'package.json', 'oclif.manifest.json', 'tools/build.ts'];

/** Builds dist/ unless it is newer than all that it is made from. */
export function buildIfStale(): void {
  if (newest(join(root, 'dist', 'package.json')) > Math.max(...sources.map((source) => newest(join(root, source))))) return;
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'tools', 'build.ts')], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`The plugin cannot be built:\n${stdout}${stderr}`);
}

/** Modification time of the newest file; 0 when there is none. */
function newest(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return 0;
  return found.isDirectory() ? Math.max(0, ...readdirSync(path).map((entry) => newest(join(path, entry)))) : found.mtimeMs;
}

/**
 * Installs kubectl and the built plugin as a package manager would: only what is published, far from any node_modules. A build during
 * the run changes nothing for the tests.
 *
 * @returns folders for PATH: `node` holds the Node that contributors use and kubectl, `bin` the plugin
 */
export function install(dir: string, kubectl: string): { readonly bin: string; readonly node: string } {
  const plugin = join(dir, 'plugin');
  mkdirSync(plugin, { recursive: true });
  for (const part of ['bin', 'dist']) cpSync(join(root, part), join(plugin, part), { recursive: true, verbatimSymlinks: true });
  cpSync(join(root, 'dist', 'package.json'), join(plugin, 'package.json'));
  const node = join(dir, 'node');
  mkdirSync(node);
  symlinkSync(theRightNode(), join(node, 'node'));
  symlinkSync(kubectl, join(node, 'kubectl'));
  return { bin: join(plugin, 'bin'), node };
}

/** The Node of node_modules where this platform has one, else the one that runs the tests. */
export function theRightNode(): string {
  const own = join(root, 'node_modules', '.bin', 'node');
  return statSync(own, { throwIfNoEntry: false }) ? realpathSync(own) : process.execPath;
}
