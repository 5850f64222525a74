import { existsSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { nodesFolder } from './layout.ts';

/** The kernel ends a node's processes after its first one; this is how long that may take. */
const patienceMs = 20_000;

/**
 * Removes the cgroups in a list that go/node/machine wrote. Returns when they are gone, and so every process of the
 * node: a group with a process in it cannot be removed. A rebooted node needs that too, as its kubelet would look for
 * the containers of groups that are left.
 */
export async function removeCgroups(list: string): Promise<void> {
  if (!existsSync(list)) return;
  for (const group of readFileSync(list, 'utf8').split('\n').filter(Boolean)) {
    for (const deadline = Date.now() + patienceMs; !removeTree(group); await delay(10)) {
      if (Date.now() > deadline) throw new Error(`Processes are left in the cgroup ${group}.`);
    }
  }
}

/** For all nodes that a sandbox in this folder ever had. */
export async function removeAllCgroups(folder: { dir: string }): Promise<void> {
  const nodes = nodesFolder(folder);
  if (!existsSync(nodes)) return;
  await Promise.all(readdirSync(nodes).map((node) => removeCgroups(join(nodes, node, 'cgroups'))));
}

/** Answers false if a process is in one of them. A group's files go with it, and only its folders are removed. */
function removeTree(group: string): boolean {
  if (!existsSync(group)) return true;
  try {
    for (const entry of readdirSync(group, { withFileTypes: true })) {
      if (entry.isDirectory() && !removeTree(join(group, entry.name))) return false;
    }
    rmdirSync(group);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return true;
    if (code === 'EBUSY') return false;
    throw error;
  }
}
