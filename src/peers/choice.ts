import type { Peer, Peers } from './peer.ts';
import { isFound } from './peer.ts';

/** Which peers are asked for, and of which port. */
export interface PeerChoice {
  /** Absent: all. */
  readonly ordinals?: ReadonlySet<number>;
  /** Only those that can be found and whose Pod is Ready. */
  readonly readyOnly: boolean;
  /** Name or number of the one port that is shown. */
  readonly port?: string;
}

/** The peers that were chosen; what is no Pod of the StatefulSet is left out where ordinals are. */
export function chosenPeers({ peers }: Peers, { ordinals, readyOnly, port }: PeerChoice): readonly Peer[] {
  return peers
    .filter(({ ordinal }) => ordinals === undefined || (ordinal !== undefined && ordinals.has(ordinal)))
    .filter((peer) => !readyOnly || (isFound(peer) && peer.pod?.ready === true && !peer.pod.terminating))
    .map((peer) =>
      port === undefined
        ? peer
        : { ...peer, ports: peer.ports.filter(({ name, port: number }) => name === port || String(number) === port) },
    );
}

/** The names and numbers that `--port` can have here. */
export function portWords({ peers }: Peers): readonly string[] {
  return [...new Set(peers.flatMap(({ ports }) => ports.map(({ name, port }) => name ?? String(port))))];
}

/** `0-2,5` → 0, 1, 2, 5; undefined for what is no such list. A range of more than 10,000 is none. */
export function parseOrdinals(text: string): ReadonlySet<number> | undefined {
  const found = new Set<number>();
  for (const part of text.split(',')) {
    const [, from = '', to = from] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(part.trim()) ?? [];
    const [first, last] = [Number.parseInt(from, 10), Number.parseInt(to, 10)];
    if (Number.isNaN(first) || last < first || last - first > 10_000) return undefined;
    for (let ordinal = first; ordinal <= last; ordinal++) found.add(ordinal);
  }
  return found;
}
