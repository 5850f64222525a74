import { readdirSync, readFileSync } from 'node:fs';

/**
 * The machine's number of a process that a node knows as `inner`. `outer` is the process that switched the node on;
 * its one child is the node's first process, and services are that one's children.
 */
export function machinePid(outer: number, inner: number): number | undefined {
  return childrenOf(outer)
    .flatMap(childrenOf)
    .find((pid) => numbersOf(pid).at(-1) === inner);
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

/** One number a pid namespace, the innermost last. */
function numbersOf(pid: number): number[] {
  try {
    const line = /^NSpid:\s+(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return line?.split(/\s+/).map(Number) ?? [];
  } catch {
    return [];
  }
}
