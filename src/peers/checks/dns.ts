import type { HostAnswer, LookedUp } from '../../dns/look-up.ts';
import { kubectl, names, seen, subjectOf } from '../../findings/draft.ts';
import { isHeadless } from '../../findings/governing-service.ts';
import { type DnsReading, isSrvAsked, serviceHost } from '../evidence.ts';
import { sameAddresses } from '../model.ts';
import type { Peer } from '../peer.ts';
import { type PeerCheck, type PeerDraft, type Seen, warning } from './check.ts';

/** DNS, or SRV records alone, could not be asked: nothing of what it says was checked. */
export const dnsNotRead: PeerCheck = {
  id: 'dns-not-read',
  run({ evidence: { dns, set } }) {
    const message = whatWasNotAsked(dns);
    if (message === undefined) return [];
    return [warning({ grade: 'unknown', subject: subjectOf('statefulset', set), message, evidence: [], remedies: [] })];
  },
};

function whatWasNotAsked(dns: DnsReading): string | undefined {
  if (dns.state !== 'read') return `DNS could not be asked: ${dns.message}`;
  return isSrvAsked(dns) ? undefined : `SRV records could not be asked for, only addresses: ${dns.way}`;
}

/** DNS does not even know the API server's Service: other names in this domain cannot be there either. */
export const clusterDomainWrong: PeerCheck = {
  id: 'cluster-domain-wrong',
  run({ evidence: { dns, set } }) {
    if (dns.state !== 'read' || dns.domain.served) return [];
    const { name, from } = dns.domain;
    return [
      warning({
        subject: subjectOf('statefulset', set),
        message: `DNS does not serve the cluster domain ${name} (from ${from}): it does not know kubernetes.default.svc.${name}`,
        evidence: [seen(`kubernetes.default.svc.${name}`, 'A, AAAA', undefined)],
        remedies: [
          kubectl(
            'get',
            ['configmap', 'coredns', '--namespace', 'kube-system', '-o', 'yaml'],
            'see which zone CoreDNS serves, then give it as --cluster-domain',
          ),
        ],
      }),
    ];
  },
};

interface Asked {
  readonly lookedUp: LookedUp;
  readonly service: string;
}

/** What DNS said, where it can be compared: the Service is headless and the domain is served. */
function asked({ evidence }: Seen): Asked | undefined {
  const { dns, service } = evidence;
  if (dns.state !== 'read' || !dns.domain.served || service === undefined || !isHeadless(service)) return undefined;
  return { lookedUp: dns.lookedUp, service: serviceHost(evidence) };
}

function onDns(run: (asked: Asked, seen: Seen) => readonly PeerDraft[]): PeerCheck['run'] {
  return (given) => {
    const found = asked(given);
    return found === undefined ? [] : run(found, given);
  };
}

/** Listed in the EndpointSlice, and DNS does not know it yet: an old "no such name" is cached, or CoreDNS is behind. */
export const dnsRecordMissing: PeerCheck = {
  id: 'dns-record-missing',
  run: onDns((_, { evidence: { set }, peers }) =>
    peers
      .filter(({ endpoint, dns, ordinal }) => ordinal !== undefined && endpoint?.ready === true && dns?.addresses.length === 0)
      .map(({ name, host, endpoint }) =>
        warning({
          subject: { ...subjectOf('pod', set), name },
          message: `DNS has no address for ${host}, which the EndpointSlice lists as ready: an older answer may still be cached`,
          evidence: [seen(host, 'A, AAAA', undefined), seen('endpointslice', 'endpoints[].addresses', endpoint?.addresses.join(','))],
          remedies: [],
        }),
      ),
  ),
};

/** Ready and with an address in DNS, but no SRV record names it. */
export const srvRecordMissing: PeerCheck = {
  id: 'srv-record-missing',
  run: onDns(({ lookedUp, service }, { evidence, peers }) => {
    if ((evidence.service?.spec.ports ?? []).length === 0 || lookedUp.bare.truncated || !isSrvAsked(evidence.dns)) return [];
    const missing = peers.filter(
      ({ ordinal, dns }) => ordinal !== undefined && dns !== undefined && dns.addresses.length > 0 && dns.srvPorts.length === 0,
    );
    if (missing.length === 0) return [];
    return [
      warning({
        subject: subjectOf('statefulset', evidence.set),
        message: `no SRV record at ${service} names ${names(missing.map(({ name }) => name))}`,
        evidence: [
          seen(service, 'SRV', lookedUp.bare.records.length === 0 ? lookedUp.bare.rcode : `${lookedUp.bare.records.length} records`),
        ],
        remedies: [],
      }),
    ];
  }),
};

/** DNS still answers what the EndpointSlice no longer says. */
export const dnsRecordStale: PeerCheck = {
  id: 'dns-record-stale',
  run: onDns(({ lookedUp }, { evidence: { set }, peers }) => {
    // Two endpoints may bear one host name: DNS answers with both.
    const listed = Map.groupBy(peers, ({ host }) => host);
    return peers
      .filter((peer) => isStale(peer, listed.get(peer.host) ?? []))
      .map((peer) => stale(peer, lookedUp.hosts.get(peer.host), subjectOf('statefulset', set)));
  }),
};

function isStale({ dns }: Peer, sameHost: readonly Peer[]): boolean {
  if (dns === undefined || (dns.addresses.length === 0 && dns.srvPorts.length === 0)) return false;
  const listed = sameHost.flatMap(({ endpoint }) => (endpoint?.ready === true ? endpoint.addresses : []));
  return listed.length === 0 || (dns.addresses.length > 0 && !sameAddresses(dns.addresses, listed));
}

function stale({ name, host, endpoint, dns }: Peer, answer: HostAnswer | undefined, subject: PeerDraft['subject']): PeerDraft {
  const answered = dns?.addresses.join(', ') ?? '';
  const listed = endpoint?.ready === true ? endpoint.addresses.join(', ') : '';
  const truth = listed === '' ? 'which the EndpointSlice does not list' : `but the EndpointSlice lists ${listed}`;
  return warning({
    subject: { ...subject, kind: 'pod', name },
    message: `DNS answers ${answered || 'an SRV record'} for ${host}, ${truth}${cachedFor(answer)}`,
    evidence: [seen(host, 'A, AAAA', answered || undefined), seen('endpointslice', 'endpoints[].addresses', listed || undefined)],
    remedies: [],
  });
}

function cachedFor(answer: HostAnswer | undefined): string {
  const ttl = answer?.ttl ?? 0;
  return ttl === 0 ? '' : `; an answer may be cached for ${ttl}s, and longer by other caches`;
}

/** More SRV records than one message takes: whoever looks peers up by SRV finds only a part of them. */
export const srvAnswerTruncated: PeerCheck = {
  id: 'srv-answer-truncated',
  run: onDns(({ lookedUp }, { evidence: { set } }) =>
    [lookedUp.bare, ...lookedUp.ports.values()]
      .filter(({ truncated }) => truncated)
      .map(({ name, records }) =>
        warning({
          subject: subjectOf('statefulset', set),
          message: `the SRV answer for ${name} does not fit into one DNS message: it was cut off after ${records.length} records`,
          evidence: [seen(name, 'SRV', `${records.length} records, truncated`)],
          remedies: [],
        }),
      ),
  ),
};
