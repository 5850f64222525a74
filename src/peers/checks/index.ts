import type { Finding } from '../../domain/finding.ts';
import type { PeerCheck, Seen } from './check.ts';
import { clusterDomainWrong, dnsNotRead, dnsRecordMissing, dnsRecordStale, srvAnswerTruncated, srvRecordMissing } from './dns.ts';
import { endpointDuplicate, endpointForeign, endpointMissing, endpointStale } from './endpoints.ts';
import { peerFamilyMissing } from './families.ts';
import { peerHostnameMissing, peerHostnameOverridden } from './hostnames.ts';
import { servicePortUnnamed, serviceWithoutPorts } from './ports.ts';
import { peerProbeFailed } from './probe.ts';
import { lostPeerListed, unreadyPeersHidden, unreadyPeersListed } from './readiness.ts';
import { serviceMissing, serviceNotHeadless, serviceSelectorMismatch, serviceSelectsOthers, serviceWithoutSelector } from './service.ts';

/** Every check of peers, causes before what follows from them. */
export const PEER_CHECKS: readonly PeerCheck[] = [
  serviceMissing,
  serviceNotHeadless,
  serviceWithoutSelector,
  serviceSelectorMismatch,
  serviceSelectsOthers,
  serviceWithoutPorts,
  servicePortUnnamed,
  peerHostnameMissing,
  peerHostnameOverridden,
  unreadyPeersHidden,
  unreadyPeersListed,
  lostPeerListed,
  endpointMissing,
  endpointStale,
  endpointDuplicate,
  endpointForeign,
  peerFamilyMissing,
  dnsNotRead,
  clusterDomainWrong,
  dnsRecordMissing,
  srvRecordMissing,
  dnsRecordStale,
  srvAnswerTruncated,
  peerProbeFailed,
];

/** What is wrong with these peers. No flag goes past it: nothing is refused. */
export function peerFindings(seen: Seen): readonly Finding[] {
  return PEER_CHECKS.flatMap((check) => check.run(seen).map((draft) => ({ id: check.id, override: 'never' as const, ...draft })));
}
