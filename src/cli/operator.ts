import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import type { Holder } from '../domain/stored.ts';
import type { Operator } from '../operate/ports.ts';
import type { Liveness } from '../record/takeover.ts';

/** Who runs this operation, for its record. */
export function operatorOf(user: string): Operator {
  return { user, host: hostId(), pid: process.pid };
}

/**
 * Whether a holder's process still runs. Only a process of this very machine, boot and PID namespace can be called
 * gone; one whose number was given to another process counts as alive, and its silence decides.
 */
export function liveness(holder: Pick<Holder, 'host' | 'pid'>): Liveness {
  if (holder.host !== hostId()) return 'elsewhere';
  try {
    process.kill(holder.pid, 0);
    return 'alive';
  } catch (error) {
    // EPERM: it is there and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'ESRCH' ? 'gone' : 'alive';
  }
}

/**
 * The host's name with a mark of the machine: two laptops called `localhost` are two hosts, and so are two containers
 * of one name, whose processes cannot see each other.
 */
function hostId(): string {
  const mark = createHash('sha256').update(machineFacts()).digest('hex').slice(0, 6);
  return `${hostname()}#${mark}`;
}

function machineFacts(): string {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    // Not Linux: the addresses of the network cards. When those change the host counts as another, which is safe.
    const cards = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
    return [...new Set(cards.filter(({ internal }) => !internal).map(({ mac }) => mac))].sort().join(' ');
  }
}
