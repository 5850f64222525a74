import { peerFindings } from './checks/index.ts';
import type { PeerEvidence } from './evidence.ts';
import { peersOf } from './model.ts';
import type { Peers, ProbeAnswer } from './peer.ts';

/**
 * Everything that is known about how the Pods of a StatefulSet find each other, and what is wrong with it.
 *
 * @param failed ways to ask DNS that did not work, each a sentence
 * @param probes what was answered to --probe, by Pod
 */
export function peersReport(
  evidence: PeerEvidence,
  failed: readonly string[],
  probes: ReadonlyMap<string, ProbeAnswer> = new Map(),
): Peers {
  const { set, service, dns } = evidence;
  const peers = peersOf(evidence).map((peer) => {
    const probe = probes.get(peer.name);
    return probe === undefined ? peer : { ...peer, probe };
  });
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
