import { listAll } from '../cluster/list.ts';
import type { Clock } from '../domain/clock.ts';
import { collectionOf, type Resource } from '../domain/object-ref.ts';
import { type OpenItem, openItems } from '../inspect/open-operations.ts';
import { openCluster } from './connect.ts';
import type { Io } from './io.ts';
import { openRecordOn } from './look-ports.ts';
import type { NameSource } from './names.ts';
import type { Cluster, ConnectionValues } from './session.ts';

/** A person waits for the candidates; later they are of no use. */
const patienceMs = 2000;

const LISTED: Readonly<Partial<Record<NameSource, Resource>>> = {
  sets: 'statefulsets',
  nodes: 'nodes',
  pods: 'pods',
  pvcs: 'persistentvolumeclaims',
  namespaces: 'namespaces',
};

/** Which of what `operations` lists, and what of it is named. */
const OPEN: Readonly<Partial<Record<NameSource, (item: OpenItem) => string | undefined>>> = {
  'restorable sets': ({ what, set }) => (what === 'deleted-set' ? set : undefined),
  'open operations': ({ what, set }) => (what === 'operation' || what === 'damaged-record' ? set : undefined),
  'retired PVCs': ({ what, pvc }) => (what === 'retired-pvc' ? pvc : undefined),
};

/**
 * Names for the completion: from the cluster that the flags describe, within two seconds a request; checks with their title, from
 * the catalogue. What the connection reports about itself is kept from the prompt. Rejects where they cannot be had.
 */
export async function listNames(
  source: NameSource,
  flags: ConnectionValues,
  { env }: Pick<Io, 'env'>,
  clock: Clock,
): Promise<readonly string[]> {
  if (source === 'checks') {
    const { CATALOGUE } = await import('../findings/catalogue.ts');
    return CATALOGUE.map(({ id, title }) => `${id}\t${title}`);
  }
  const host = { env: { ...env }, clock, log: () => undefined };
  const cluster = await openCluster({ ...flags, 'request-timeout': patienceMs }, host);
  try {
    const resource = LISTED[source];
    return resource === undefined ? await openNames(cluster, OPEN[source] ?? (() => undefined)) : await namesOf(cluster, resource);
  } finally {
    cluster.connection.transport.close();
  }
}

async function namesOf({ connection }: Cluster, resource: Resource): Promise<readonly string[]> {
  const decode = ({ metadata }: { readonly metadata: { readonly name: string } }): string => metadata.name;
  return (await listAll(connection.transport, { path: collectionOf(resource, connection.namespace), decode })).items;
}

async function openNames({ connection, reader }: Cluster, nameOf: (item: OpenItem) => string | undefined): Promise<readonly string[]> {
  const { namespace, flags, transport } = connection;
  const ports = { reader, transport, openRecord: openRecordOn, waysOut: () => Promise.resolve({}) };
  const { items } = await openItems({ namespace, flags }, ports);
  return [...new Set(items.flatMap((item) => nameOf(item) ?? []))];
}
