import { peerFindings } from './checks/index.ts';
import type { PeerEvidence } from './evidence.ts';
import { peersOf } from './model.ts';
import type { Peers } from './peer.ts';

/**
 * Everything that is known about how the Pods of a StatefulSet find each other, and what is wrong with it.
 *
 * @param failed ways to ask DNS that did not work, each a sentence
 */
export function peersReport(evidence: PeerEvidence, failed: readonly string[]): Peers {
  const { set, service, dns } = evidence;
  const peers = peersOf(evidence);
  const findings = peerFindings({ evidence, peers });
  return {
    namespace: set.metadata.namespace ?? '',
    name: set.metadata.name,
    service: set.spec.serviceName ?? '',
    publishNotReadyAddresses: service?.spec.publishNotReadyAddresses ?? false,
    dns: { ...(dns.state === 'read' ? { way: dns.way, clusterDomain: dns.domain.name } : {}), failed },
    agrees: findings.every(({ severity }) => severity === 'notes'),
    peers,
    findings,
  };
}
