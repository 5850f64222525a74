import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a machine must have for real nodes, beside Go: the program or file, and the Debian package that brings it. */
const needs: { package: string; isThere(): boolean }[] = [
  { package: 'busybox-static', isThere: () => isStatic('busybox') },
  { package: 'iproute2', isThere: () => programs('ip') },
  { package: 'nftables', isThere: () => programs('nft') },
  { package: 'util-linux', isThere: () => programs('unshare', 'nsenter') },
  { package: 'gcc libc6-dev', isThere: () => programs('gcc') && existsSync('/usr/include/stdio.h') },
  { package: 'libseccomp-dev', isThere: () => existsSync('/usr/include/seccomp.h') },
  { package: 'pkg-config', isThere: () => programs('pkg-config') },
];

/** Why real nodes cannot be had here, as one sentence that says what to do; undefined if they can. */
export function whyNotReal(stateRoot: string): string | undefined {
  const instead = 'use the sandbox without --real, whose nodes are played by KWOK.';
  if (process.platform !== 'linux') return `Real nodes need Linux, and this is ${process.platform}: ${instead}`;
  if (process.getuid?.() !== 0) return `Real nodes need root, for namespaces and mounts: run it as root, or ${instead}`;
  if (/^\/(var|run|proc|sys)(\/|$)/.test(stateRoot)) {
    return `Real nodes have a /var and a /run of their own, so their state cannot be in ${stateRoot}: set STS_SAFE_SANDBOX_STATE to another folder.`;
  }
  const missing = needs.filter((it) => !it.isThere()).map((it) => it.package);
  if (missing.length) {
    return `Real nodes need more of Debian: apt-get update && apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  }
  return cgroupProblem(readFileSync('/proc/self/cgroup', 'utf8'), readOptional('/sys/fs/cgroup/cgroup.subtree_control'));
}

/** The controllers that the kubelet cannot do without. */
const controllers = ['cpu', 'memory', 'pids'];

/**
 * `membership` is /proc/self/cgroup. Version 1 has a line a controller; version 2 alone has the one line `0::/path`,
 * and the controllers that its root gives on are in `delegated`.
 */
export function cgroupProblem(membership: string, delegated: string): string | undefined {
  const lines = membership.trim().split('\n');
  if (lines.length === 1 && lines[0]?.startsWith('0::')) {
    const missing = controllers.filter((it) => !delegated.split(/\s+/).includes(it));
    if (!missing.length) return undefined;
    const wanted = missing.map((it) => `+${it}`).join(' ');
    return `Real nodes need the cgroup controllers ${missing.join(', ')}, which /sys/fs/cgroup does not give on: echo "${wanted}" > /sys/fs/cgroup/cgroup.subtree_control`;
  }
  const found = lines.flatMap((line) => line.split(':')[1]?.split(',') ?? []);
  const missing = controllers.filter((it) => !found.includes(it));
  if (!missing.length) return undefined;
  return `Real nodes need the cgroup controllers ${missing.join(', ')}, which this kernel has not mounted: use the sandbox without --real, or another machine.`;
}

/** The static busybox that images are made of. */
export function findBusybox(): string {
  const found = find('busybox');
  if (!found) throw new Error('There is no busybox: apt-get install -y --no-install-recommends busybox-static');
  return found;
}

function find(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  return folders.map((dir) => join(dir, program)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const programs = (...names: string[]): boolean => names.every((it) => find(it) !== undefined);

/** A dynamic program names the loader that it needs. */
function isStatic(program: string): boolean {
  const path = find(program);
  return path !== undefined && !readFileSync(path).includes('/ld-linux');
}

function readOptional(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
