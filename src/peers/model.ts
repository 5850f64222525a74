import { plain } from '../dns/message.ts';
import type { Pod, StatefulSet } from '../domain/kube.ts';
import { isNodeLost } from '../domain/lost-node.ts';
import { isPodReady, isTerminating, membersOf } from '../domain/members.ts';
import { memberName, ordinalsOf } from '../domain/naming.ts';
import { listOf, type Snapshot } from '../domain/snapshot.ts';
import { isHeadless } from '../findings/governing-service.ts';
import type { Endpoint } from './endpoints.ts';
import { addressesOf, type DnsReading, isSrvAsked, type PeerEvidence, serviceHost } from './evidence.ts';
import type { Peer, PeerEndpoint, PeerNames, PeerPod, PeerPort } from './peer.ts';

/** Absolute names of the Pods that the StatefulSet should have. */
export function expectedHosts(set: StatefulSet, service: string): readonly string[] {
  return ordinalsOf(set).map((ordinal) => `${memberName(set.metadata.name, ordinal)}.${service}`);
}

/**
 * Every Pod of the StatefulSet, lowest ordinal first; then the endpoints of its Service that are no such Pod, and what
 * DNS alone names.
 */
export function peersOf(evidence: PeerEvidence): readonly Peer[] {
  const members = membersOf(evidence.set, evidence.pods);
  const own = members.map(({ ordinal, name, inRange, pod }) => {
    const endpoint = endpointOf(name, pod, evidence.endpoints);
    return { endpoint, peer: peerOf({ ordinal, name, expected: inRange, pod, endpoint }, evidence) };
  });
  const taken = new Set(own.flatMap(({ endpoint }) => endpoint ?? []));
  const strangers = evidence.endpoints.filter((endpoint) => !taken.has(endpoint)).map((endpoint) => strangerOf(endpoint, evidence));
  const known = [...own.map(({ peer }) => peer), ...strangers];
  return [...known, ...namedOnly(known, evidence)];
}

/** The endpoint of a member: that of its Pod; without one, whatever bears its name. */
function endpointOf(name: string, pod: Pod | undefined, endpoints: readonly Endpoint[]): Endpoint | undefined {
  const own = pod === undefined ? undefined : endpoints.find(({ podUid }) => podUid === pod.metadata.uid);
  return own ?? endpoints.find((endpoint) => (endpoint.pod ?? endpoint.hostname) === name);
}

interface Known {
  readonly ordinal?: number;
  readonly name: string;
  readonly expected: boolean;
  readonly pod: Pod | undefined;
  readonly endpoint: Endpoint | undefined;
  readonly host?: string;
}

function peerOf({ ordinal, name, expected, pod, endpoint, host }: Known, evidence: PeerEvidence): Peer {
  const fullHost = plain(host ?? `${name}.${serviceHost(evidence)}`);
  const dns = namesOf(fullHost, evidence.dns);
  const said = pod === undefined ? undefined : podIn(pod, evidence.snapshot);
  const facts = {
    ...(ordinal === undefined ? {} : { ordinal }),
    name,
    host: fullHost,
    ports: portsOf(endpoint, evidence),
    addresses: firstOf(dns?.addresses, endpoint?.addresses, said?.addresses),
    expected,
    ...(endpoint === undefined ? {} : { endpoint: conditionsOf(endpoint) }),
    ...(dns === undefined ? {} : { dns }),
    ...(said === undefined ? {} : { pod: said }),
  };
  return { ...facts, agrees: agree(facts, evidence) };
}

function strangerOf(endpoint: Endpoint, evidence: PeerEvidence): Peer {
  const label = endpoint.hostname ?? (endpoint.addresses[0] ?? '').replaceAll(/[.:]/g, '-');
  const pod = evidence.pods.find(({ metadata }) => metadata.uid === endpoint.podUid);
  const host = `${label}.${serviceHost(evidence)}`;
  return peerOf({ name: endpoint.pod ?? label, host, expected: false, pod, endpoint }, evidence);
}

/** Targets of SRV records that are nothing of the above: old answers, or the Service itself where it is not headless. */
function namedOnly(known: readonly Peer[], evidence: PeerEvidence): readonly Peer[] {
  const { dns, service } = evidence;
  if (dns.state !== 'read' || (service !== undefined && !isHeadless(service))) return [];
  const hosts = new Set(known.map(({ host }) => host));
  const { bare, ports } = dns.lookedUp;
  const targets = [bare, ...ports.values()].flatMap(({ records }) => records.map(({ target }) => target));
  return [...new Set(targets)]
    .filter((target) => !hosts.has(target))
    .map((host) => peerOf({ name: host.split('.')[0] ?? host, host, expected: false, pod: undefined, endpoint: undefined }, evidence));
}

function namesOf(host: string, dns: DnsReading): PeerNames | undefined {
  if (dns.state !== 'read') return undefined;
  const { bare, ports, hosts } = dns.lookedUp;
  const srv = [bare, ...ports.values()].flatMap(({ records }) => records.filter(({ target }) => target === host));
  return { srvPorts: [...new Set(srv.map(({ port }) => port))].sort((a, b) => a - b), addresses: hosts.get(host)?.addresses ?? [] };
}

function podIn(pod: Pod, snapshot: Snapshot): PeerPod {
  return {
    uid: pod.metadata.uid,
    phase: pod.status.phase ?? 'Unknown',
    ready: isPodReady(pod),
    terminating: isTerminating(pod),
    nodeLost: isNodeLost(listOf(snapshot, 'clusterNodes').find(({ metadata }) => metadata.name === pod.spec.nodeName)),
    addresses: addressesOf(pod),
  };
}

function portsOf(endpoint: Endpoint | undefined, { service }: PeerEvidence): readonly PeerPort[] {
  if (endpoint !== undefined && endpoint.ports.length > 0) return endpoint.ports;
  return (service?.spec.ports ?? []).map(({ name, port, targetPort, protocol }) => ({
    ...(name === undefined || name === '' ? {} : { name }),
    port: typeof targetPort === 'number' ? targetPort : port,
    protocol: protocol ?? 'TCP',
  }));
}

function conditionsOf({ ready, serving, terminating, addresses }: Endpoint): PeerEndpoint {
  return { ready, serving, terminating, addresses };
}

function firstOf(...lists: readonly (readonly string[] | undefined)[]): readonly string[] {
  return lists.find((list) => list !== undefined && list.length > 0) ?? [];
}

/** Expected, listed, and known to DNS by the same addresses; what is not expected is nowhere. */
function agree({ expected, endpoint, dns, pod }: Omit<Peer, 'agrees'>, evidence: PeerEvidence): boolean {
  if (!expected) return endpoint?.ready !== true && (dns === undefined || isUnnamed(dns));
  if (endpoint?.ready !== true || !hasAddresses(pod, endpoint)) return false;
  return dns === undefined || isNamed(dns, endpoint, hasSrv(evidence));
}

function hasAddresses(pod: PeerPod | undefined, { addresses }: PeerEndpoint): boolean {
  return pod !== undefined && !pod.terminating && sameAddresses(addresses, pod.addresses);
}

/** Whether an SRV record is to be expected of a Pod that is found: there are none without ports, or where nobody asked. */
function hasSrv({ service, dns }: PeerEvidence): boolean {
  return isSrvAsked(dns) && (service?.spec.ports ?? []).length > 0;
}

function isNamed({ addresses, srvPorts }: PeerNames, endpoint: PeerEndpoint, withSrv: boolean): boolean {
  return sameAddresses(addresses, endpoint.addresses) && (srvPorts.length > 0 || !withSrv);
}

function isUnnamed({ addresses, srvPorts }: PeerNames): boolean {
  return addresses.length === 0 && srvPorts.length === 0;
}

/** The Service may want one address family of two that a Pod has: none may be foreign to the other. */
export function sameAddresses(some: readonly string[], all: readonly string[]): boolean {
  return some.length > 0 && some.every((address) => all.includes(address));
}
