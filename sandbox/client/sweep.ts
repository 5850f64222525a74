import { existsSync, readdirSync, rmSync } from 'node:fs';
import { isHeld } from '../host/claim.ts';
import { type Folder, folderOf, stateRoot } from '../host/folder.ts';
import { removeAllCgroups } from '../real/cgroups.ts';
import { statusOf } from './control.ts';

/** Removes a state folder whose supervisor is dead; its components died with it. Answers whether there was one. */
export async function sweep(folder: Folder): Promise<boolean> {
  // A folder that is being set up has no supervisor yet either.
  if (!existsSync(folder.dir) || isHeld(folder.lock) || (await statusOf(folder))) return false;
  await remove(folder);
  return true;
}

/** Cgroups are all that real nodes leave outside of the folder; they go once the kernel has ended the last process. */
export async function remove(folder: Folder): Promise<void> {
  await removeAllCgroups(folder);
  rmSync(folder.dir, { recursive: true, force: true, maxRetries: 3 });
}

/** The sandboxes that have a state folder, dead or alive. */
export function knownNames(root = stateRoot()): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

export const knownFolders = (): Folder[] => knownNames().map((name) => folderOf(name));
