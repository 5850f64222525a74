import type { Peer, PeerPort, Peers } from './peer.ts';

/** How a list of peers is written: a template a peer, what is between them, and what is around them. */
export interface PeerFormat {
  readonly template: string;
  readonly join: string;
  readonly prefix?: string;
  readonly suffix?: string;
}

/** Words that a template may hold in braces. */
export const FIELDS = ['host', 'name', 'ordinal', 'id', 'port', 'address', 'service', 'namespace'] as const;

/**
 * Formats of products that take a list of their members, as their documentation has it:
 * etcd: etcd.io/docs/v3.6/op-guide/clustering, "Static": --initial-cluster NAME=URL,…, where the URL is the one that the member
 * advertises to its peers (port 2380).
 * zookeeper: zookeeper.apache.org/doc/current/zookeeperReconfig.html, "Specifying the client port": one line per server,
 * server.ID=HOST:PORT:PORT;CLIENT-PORT since 3.5, where clientPort of zoo.cfg should no longer be used; the id is from 1 on.
 * mongodb: mongodb.com/docs/manual/reference/connection-string: mongodb://HOST:PORT,…/, to which a replica set needs
 * ?replicaSet=NAME, which is not known here.
 */
export const PRESETS: Readonly<Record<string, PeerFormat & { readonly ports: readonly number[] }>> = {
  etcd: { template: '{name}=http://{host}:{port}', join: ',', ports: [2380] },
  zookeeper: { template: 'server.{id}={host}:2888:3888;2181', join: '\n', ports: [2888] },
  mongodb: { template: '{host}:{port}', join: ',', prefix: 'mongodb://', suffix: '/', ports: [27_017] },
};

/** Words in braces that are no fields. */
export function unknownFields(template: string): readonly string[] {
  return [...template.matchAll(/\{([^{}]*)\}/g)]
    .map(([, word = '']) => word)
    .filter((word) => !(FIELDS as readonly string[]).includes(word));
}

/**
 * The list on one line (or as `join` has it), empty for no peer. A template with {port} makes one entry for each port.
 *
 * @param usual numbers of the ports that a preset is about; where no port has one of these, every port counts
 */
export function formatPeers(report: Peers, peers: readonly Peer[], format: PeerFormat, usual: readonly number[] = []): string {
  const entries = peers.flatMap((peer) =>
    entriesOf(peer, format.template, usual).map((port) => filled(format.template, peer, port, report)),
  );
  return entries.length === 0 ? '' : `${format.prefix ?? ''}${entries.join(format.join)}${format.suffix ?? ''}`;
}

function entriesOf({ ports }: Peer, template: string, usual: readonly number[]): readonly (PeerPort | undefined)[] {
  if (!template.includes('{port}')) return [undefined];
  const preferred = ports.filter(({ port }) => usual.includes(port));
  return preferred.length > 0 ? preferred : ports;
}

function filled(template: string, peer: Peer, port: PeerPort | undefined, { service, namespace }: Peers): string {
  const values: Readonly<Record<string, string>> = {
    host: peer.host,
    name: peer.name,
    ordinal: String(peer.ordinal ?? ''),
    id: String((peer.ordinal ?? 0) + 1),
    port: String(port?.port ?? ''),
    address: bracketed(peer.addresses[0] ?? ''),
    service,
    namespace,
  };
  return template.replaceAll(/\{([^{}]*)\}/g, (all, word: string) => values[word] ?? all);
}

/** An IPv6 address before a colon. */
function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
