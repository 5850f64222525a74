import type { ClusterDomain } from '../dns/cluster-domain.ts';
import type { LookedUp } from '../dns/look-up.ts';
import { NOT_ASKED, plain } from '../dns/message.ts';
import type { Pod, Service, StatefulSet } from '../domain/kube.ts';
import { listOf, type SliceName, type Snapshot } from '../domain/snapshot.ts';
import { governingService } from '../findings/governing-service.ts';
import { type Endpoint, endpointsOf } from './endpoints.ts';

/** What is read of the cluster; DNS is asked besides. */
export const PEER_NEEDS: readonly SliceName[] = ['set', 'pods', 'namespacePods', 'services', 'endpointSlices', 'sets', 'clusterNodes'];

/** What DNS said, or why it said nothing. */
export type DnsReading =
  | { readonly state: 'read'; readonly way: string; readonly domain: ClusterDomain; readonly lookedUp: LookedUp }
  | { readonly state: 'unknown'; readonly message: string };

/** Whether what asked DNS can ask for SRV records: getent cannot. */
export function isSrvAsked(dns: DnsReading): boolean {
  return dns.state === 'read' && dns.lookedUp.bare.rcode !== NOT_ASKED;
}

/** Everything that the model and the checks look at. */
export interface PeerEvidence {
  readonly snapshot: Snapshot;
  readonly set: StatefulSet;
  readonly pods: readonly Pod[];
  /** The governing Service, where there is one. */
  readonly service: Service | undefined;
  readonly endpoints: readonly Endpoint[];
  readonly dns: DnsReading;
}

/** @param set of the snapshot, which must have been read */
export function evidenceOf(snapshot: Snapshot, set: StatefulSet, dns: DnsReading): PeerEvidence {
  return {
    snapshot,
    set,
    pods: listOf(snapshot, 'namespacePods'),
    service: governingService(snapshot, set),
    endpoints: endpointsOf(listOf(snapshot, 'endpointSlices'), set.spec.serviceName ?? ''),
    dns,
  };
}

/** `web.prod.svc.cluster.local`, or as far as the domain is known. */
export function serviceHost({ set, dns }: Pick<PeerEvidence, 'set' | 'dns'>): string {
  const domain = dns.state === 'read' ? `.${dns.domain.name}` : '';
  return plain(`${set.spec.serviceName ?? ''}.${set.metadata.namespace ?? ''}.svc${domain}`);
}

/** Addresses that the kubelet reported, one a family. */
export function addressesOf({ status }: Pod): readonly string[] {
  const all = status.podIPs?.map(({ ip }) => ip) ?? [];
  return all.length > 0 || status.podIP === undefined ? all : [status.podIP];
}
