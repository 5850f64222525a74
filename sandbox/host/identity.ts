import { readFileSync } from 'node:fs';

/**
 * A process as `pid start-time`: the start time tells a process from a later one that was given the same pid.
 * Without /proc it is the pid alone.
 */
export function identityOf(pid: number): string {
  return `${pid} ${startTime(pid)}`.trim();
}

export function lives(identity: string): boolean {
  const pid = Number.parseInt(identity, 10);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return identityOf(pid) === identity;
}

/** Field 22 of /proc/PID/stat; the second field, the command in brackets, may hold spaces. */
function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
