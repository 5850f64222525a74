import { CannotError } from '../../domain/errors.ts';
import type { StatefulSet } from '../../domain/kube.ts';
import { type Snapshot, sliceOf } from '../../domain/snapshot.ts';
import { notFound } from '../../inspect/not-found.ts';
import { required } from '../../inspect/required.ts';
import { evidenceOf, PEER_NEEDS } from '../../peers/evidence.ts';
import type { Peers } from '../../peers/peer.ts';
import { peersReport } from '../../peers/report.ts';
import type { OutputChoice } from '../output.ts';
import type { PeersRequest } from '../peers-request.ts';
import type { Cluster, ConnectionValues, Session } from '../session.ts';
import type { ClusterDns } from './peers-dns.ts';

/** One `peers` command: what was asked for, and with what to answer. */
export interface ShowingPeers {
  readonly request: PeersRequest;
  readonly output: OutputChoice;
  readonly flags: ConnectionValues;
  readonly session: Session;
  readonly cluster: Cluster;
  readonly dns: ClusterDns;
}

/** What a look takes of that. */
export type Looking = Pick<ShowingPeers, 'cluster' | 'dns'> & { readonly request: Pick<PeersRequest, 'probe'> };

/** What the cluster and DNS say at one time. */
export interface PeersLook {
  readonly snapshot: Snapshot;
  readonly report: Peers;
}

/** One look at the cluster and at DNS. Rejects with CannotError where there is no such set. */
export async function lookOnce(showing: ShowingPeers): Promise<PeersLook> {
  const { request, cluster } = showing;
  const snapshot = await cluster.reader.read(PEER_NEEDS, { namespace: cluster.connection.namespace, name: request.name });
  return lookAt(snapshot, showing);
}

/** The same with what is known of the cluster already: only DNS is asked. Rejects where something that it takes is not known. */
export async function lookAt(snapshot: Snapshot, { request, cluster, dns }: Looking): Promise<PeersLook> {
  const set = required(sliceOf(snapshot, 'set')) ?? (await missing(snapshot, cluster));
  for (const slice of ['pods', 'services', 'endpointSlices'] as const) required(sliceOf(snapshot, slice));
  const { reading, failed } = await dns.look(snapshot, set);
  const evidence = evidenceOf(snapshot, set, reading);
  const report = peersReport(evidence, failed);
  if (request.probe === undefined) return { snapshot, report };
  const { probePeers } = await import('./peers-probe.ts');
  return { snapshot, report: peersReport(evidence, failed, await probePeers(request.probe, report, cluster)) };
}

async function missing(snapshot: Snapshot, { reader }: Cluster): Promise<StatefulSet> {
  const { message, hint } = await notFound(snapshot, reader);
  throw new CannotError(message, hint);
}
