import { listAll } from '../cluster/list.ts';
import type { Clock } from '../domain/clock.ts';
import { collectionOf, type Resource } from '../domain/object-ref.ts';
import type { Lister } from './completion.ts';
import { openCluster } from './connect.ts';
import type { Io } from './io.ts';
import type { ConnectionValues } from './session.ts';

/** A person waits for the candidates; later they are of no use. */
const patienceMs = 2000;

/** Names from the cluster for the completion. What the connection has to say about itself is kept from the prompt. */
export function clusterLister({ env }: Pick<Io, 'env'>, clock: Clock): Lister {
  const names = async (flags: ConnectionValues, resource: Resource): Promise<readonly string[]> => {
    const host = { env: { ...env }, clock, log: () => undefined };
    const { connection } = await openCluster({ ...flags, 'request-timeout': patienceMs }, host);
    try {
      const decode = ({ metadata }: { readonly metadata: { readonly name: string } }): string => metadata.name;
      return (await listAll(connection.transport, { path: collectionOf(resource, connection.namespace), decode })).items;
    } finally {
      connection.transport.close();
    }
  };
  return {
    sets: (flags) => names(flags, 'statefulsets'),
    namespaces: (flags) => names(flags, 'namespaces'),
  };
}
