import { ordinalIn } from '../domain/naming.ts';
import type { Peer, Peers } from './peer.ts';

/** Whether a Pod is found as it should be, and what is so in a few words. */
export interface Found {
  readonly holds: boolean;
  readonly said: string;
}

/**
 * Whether others find this Pod, and no Pod that has left: the EndpointSlices list it, DNS answers with its present addresses and an SRV
 * record, and neither names a Pod of the StatefulSet that is beyond its replicas.
 */
export function foundAs(report: Peers, name: string): Found {
  const peer = report.peers.find((one) => one.name === name);
  if (peer === undefined) return { holds: false, said: `StatefulSet ${report.name} has no Pod ${name}` };
  if (report.dns.way === undefined || !isFoundBySrv(peer)) return { holds: false, said: whyNot(report, peer) };
  const left = report.peers.find((one) => !one.expected && !one.agrees && ordinalIn(report.name, one.name) !== undefined);
  if (left !== undefined) return { holds: false, said: `${left.name} is beyond the replica count, and ${stillFound(left)}` };
  return { holds: true, said: `DNS answers ${peer.addresses.join(', ')} for ${peer.host}, with an SRV record` };
}

function isFoundBySrv({ agrees, dns }: Peer): boolean {
  return agrees && dns !== undefined && dns.srvPorts.length > 0;
}

/** What a check says of this Pod, or else of its Service. */
function whyNot({ findings }: Peers, { name }: Peer): string {
  const warnings = findings.filter(({ severity }) => severity === 'warns');
  const own = warnings.find(({ subject }) => subject.kind === 'pod' && subject.name === name);
  const common = warnings.find(({ subject }) => subject.kind !== 'pod');
  return (own ?? common)?.message ?? `${name} is not found yet`;
}

function stillFound({ dns, host }: Peer): string {
  if (dns === undefined || (dns.addresses.length === 0 && dns.srvPorts.length === 0)) return 'an EndpointSlice still lists it';
  return `DNS still answers ${dns.addresses.join(', ') || 'an SRV record'} for ${host}`;
}
