import type { LookedUp, SrvRecord } from '../../../src/dns/look-up.ts';
import type { EndpointSlice, Node, Pod, Service, StatefulSet } from '../../../src/domain/kube.ts';
import { read } from '../../../src/domain/reading.ts';
import type { Snapshot } from '../../../src/domain/snapshot.ts';
import { type DnsReading, evidenceOf } from '../../../src/peers/evidence.ts';
import type { Peers } from '../../../src/peers/peer.ts';
import { peersReport } from '../../../src/peers/report.ts';

export const domain = 'cluster.local';
export const serviceName = `web.prod.svc.${domain}`;

/** A healthy world of three Pods that agree; each test changes one thing of it. */
export interface PeersWorld {
  set: StatefulSet;
  others: StatefulSet[];
  pods: Pod[];
  services: Service[];
  slices: EndpointSlice[];
  nodes: Node[];
  dns: DnsReading;
}

const meta = (name: string, labels: Record<string, string> = {}) => ({
  name,
  namespace: 'prod',
  uid: `uid-${name}`,
  resourceVersion: '1',
  labels,
});

export function address(ordinal: number): string {
  return `198.18.0.${ordinal + 1}`;
}

export function setOf(name: string, labels: Record<string, string>): StatefulSet {
  return {
    metadata: meta(name),
    spec: {
      serviceName: name,
      replicas: 3,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'db' }] } },
    },
    status: {},
  };
}

export function podOf(ordinal: number, set = 'web'): Pod {
  const name = `${set}-${ordinal}`;
  return {
    metadata: {
      ...meta(name, { app: set }),
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: set, uid: `uid-${set}`, controller: true }],
    },
    spec: { hostname: name, subdomain: set, nodeName: 'node-0', containers: [{ name: 'db' }] },
    status: {
      phase: 'Running',
      podIP: address(ordinal),
      podIPs: [{ ip: address(ordinal) }],
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  };
}

export function endpoint(ordinal: number, over: object = {}): NonNullable<EndpointSlice['endpoints']>[number] {
  const name = `web-${ordinal}`;
  return {
    addresses: [address(ordinal)],
    hostname: name,
    conditions: { ready: true, serving: true, terminating: false },
    targetRef: { kind: 'Pod', name, uid: `uid-${name}` },
    ...over,
  };
}

export function sliceOf(endpoints: EndpointSlice['endpoints'], over: Partial<EndpointSlice> = {}): EndpointSlice {
  const labels = { 'kubernetes.io/service-name': 'web', 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io' };
  return {
    metadata: meta('web-abc', labels),
    addressType: 'IPv4',
    endpoints,
    ports: [{ name: 'db', port: 5432, protocol: 'TCP' }],
    ...over,
  } as EndpointSlice;
}

export function srv(host: string, port = 5432): SrvRecord {
  return { type: 'SRV', name: serviceName, ttl: 5, target: host, port };
}

export function dnsOf(hosts: Readonly<Record<string, readonly string[]>>, over: Partial<LookedUp> = {}): DnsReading {
  const full = Object.entries(hosts).map(([host, addresses]) => [host.includes('.') ? host : `${host}.${serviceName}`, addresses] as const);
  const records = full.filter(([, addresses]) => addresses.length > 0).map(([host]) => srv(host));
  const answer = { name: serviceName, rcode: 'NOERROR', records, truncated: false };
  return {
    state: 'read',
    way: 'the test',
    domain: { name: domain, served: true, from: 'the test' },
    lookedUp: {
      bare: answer,
      ports: new Map([['db', { ...answer, name: `_db._tcp.${serviceName}` }]]),
      hosts: new Map(full.map(([host, addresses]) => [host, { host, addresses, ttl: 5 }])),
      ...over,
    },
  };
}

export function world(): PeersWorld {
  return {
    set: setOf('web', { app: 'web' }),
    others: [],
    pods: [podOf(0), podOf(1), podOf(2)],
    services: [
      {
        metadata: meta('web'),
        spec: {
          type: 'ClusterIP',
          clusterIP: 'None',
          ipFamilies: ['IPv4'],
          selector: { app: 'web' },
          publishNotReadyAddresses: true,
          ports: [{ name: 'db', port: 5432, protocol: 'TCP' }],
        },
      },
    ],
    slices: [sliceOf([endpoint(0), endpoint(1), endpoint(2)])],
    nodes: [{ metadata: meta('node-0'), spec: {}, status: { conditions: [{ type: 'Ready', status: 'True' }] } }],
    dns: dnsOf({ 'web-0': [address(0)], 'web-1': [address(1)], 'web-2': [address(2)] }),
  };
}

export function snapshotOf({ set, others, pods, services, slices, nodes }: PeersWorld): Snapshot {
  const at = 0;
  return {
    now: at,
    cluster: { context: 'c', server: 's', identity: 'i', flags: [] },
    target: { namespace: 'prod', name: set.metadata.name },
    slices: {
      set: read(set, at),
      sets: read([set, ...others], at),
      pods: read(pods, at),
      namespacePods: read(pods, at),
      services: read(services, at),
      endpointSlices: read(slices, at),
      clusterNodes: read(nodes, at),
    },
  };
}

export function reportOf(here: PeersWorld): Peers {
  return peersReport(evidenceOf(snapshotOf(here), here.set, here.dns), []);
}
