import { readdirSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';

/** What a sandbox could leave on the machine beside its processes. */
export interface Traces {
  mounts: string[];
  links: string[];
  netns: string[];
  cgroups: string[];
  sysctls: Record<string, string>;
  folders: Record<string, string[]>;
}

/** `mark` is in the names of the cgroups that are looked for: other sandboxes may come and go meanwhile. */
export function tracesOnMachine(mark: string): Traces {
  return {
    mounts: lines('/proc/self/mountinfo').map((line) => line.split(' ').slice(3, 5).join(' ')),
    links: [...names('/sys/class/net'), ...Object.keys(networkInterfaces())].sort(),
    netns: names('/run/netns'),
    cgroups: cgroupsNamed(mark),
    sysctls: Object.fromEntries(sysctls('/proc/sys')),
    folders: Object.fromEntries(['/etc', '/opt', '/run', '/var/lib', '/var/log', '/usr/libexec'].map((dir) => [dir, names(dir)])),
  };
}

/** Every group below /sys/fs/cgroup whose name has the mark; a group that is left may hold a process that is left. */
export function cgroupsNamed(mark: string): string[] {
  const found: string[] = [];
  const look = (dir: string): void => {
    for (const entry of entriesOf(dir)) {
      if (!entry.isDirectory()) continue;
      if (entry.name.includes(mark)) found.push(join(dir, entry.name));
      else look(join(dir, entry.name));
    }
  };
  look('/sys/fs/cgroup');
  return found;
}

/** Settings that change by themselves, or by reading. */
const restless =
  /kernel\/(random|ns_last_pid|pty|spl|tainted)|fs\/(dentry-state|inode|file-nr|aio-nr|quota)|stat_refresh|nf_conntrack_count|sched_domain|drop_caches|compact_memory|route\/flush|sched_/;

function* sysctls(dir: string): Generator<[string, string]> {
  for (const entry of entriesOf(dir)) {
    const path = join(dir, entry.name);
    if (restless.test(path)) continue;
    if (entry.isDirectory()) yield* sysctls(path);
    else yield [path, content(path)];
  }
}

function entriesOf(dir: string) {
  try {
    return readdirSync(dir, { withFileTypes: true });
  } catch {
    return [];
  }
}

const names = (dir: string): string[] =>
  entriesOf(dir)
    .map((entry) => entry.name)
    .sort();

function content(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return 'not readable';
  }
}

const lines = (path: string): string[] => content(path).trim().split('\n');
