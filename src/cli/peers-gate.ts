import type { DnsServer } from '../domain/dns-server.ts';
import { PEER_NEEDS } from '../peers/evidence.ts';
import { type Found, foundAs } from '../peers/found.ts';
import type { Io } from './io.ts';
import type { Cluster } from './session.ts';
import { ClusterDns } from './show/peers-dns.ts';
import { lookAt } from './show/peers-look.ts';

/** Which Pod of which StatefulSet is to be found. */
export interface Sought {
  readonly namespace: string;
  readonly set: string;
  readonly pod: string;
}

/** Whether a Pod is found, as `peers` would show it. Rejects with an Error that says what could not be read. */
export async function lookForPod(
  { namespace, set, pod }: Sought,
  server: DnsServer | undefined,
  cluster: Cluster,
  env: Io['env'],
  signal: AbortSignal,
): Promise<Found> {
  const request = { via: server === undefined ? { way: 'auto' as const } : { way: 'server' as const, server } };
  const dns = new ClusterDns(request, cluster, env);
  const end = (): void => dns.close();
  signal.addEventListener('abort', end, { once: true });
  try {
    const snapshot = await cluster.reader.read(PEER_NEEDS, { namespace, name: set });
    const { report } = await lookAt(snapshot, { request: {}, cluster, dns });
    return foundAs(report, pod);
  } finally {
    signal.removeEventListener('abort', end);
    dns.close();
  }
}
