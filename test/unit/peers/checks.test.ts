import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../src/findings/catalogue.ts';
import { PEER_CHECKS } from '../../../src/peers/checks/index.ts';
import { address, dnsOf, endpoint, type PeersWorld, podOf, reportOf, serviceName, setOf, sliceOf, srv, world } from './world.ts';

/** Ids of what warns after this change of a world in which all is well, in order, each once. */
function warned(change: (here: PeersWorld) => void): readonly string[] {
  const here = world();
  change(here);
  const { findings, agrees } = reportOf(here);
  const ids = [...new Set(findings.filter(({ severity }) => severity === 'warns').map(({ id }) => id))];
  expect(agrees).toBe(ids.length === 0);
  return ids;
}

/** A field of an object that the types hold to be read-only. */
function patch(object: object | undefined, fields: object): void {
  Object.assign(object ?? {}, fields);
}

const service = (here: PeersWorld) => here.services[0]?.spec;
const unready = (here: PeersWorld, ordinal: number) =>
  patch(here.pods[ordinal]?.status, { conditions: [{ type: 'Ready', status: 'False' }] });
const answers = (...ordinals: readonly number[]) =>
  dnsOf(Object.fromEntries(ordinals.map((ordinal) => [`web-${ordinal}`, [address(ordinal)]])));

describe('checks of peers', () => {
  it('find nothing where all agree, and say what follows from the choice', () => {
    expect(warned(() => {})).toEqual([]);
    expect(reportOf(world()).findings.map(({ id }) => id)).toEqual(['unready-peers-listed']);
    expect(reportOf(world()).peers.map(({ agrees }) => agrees)).toEqual([true, true, true]);
  });

  it.each<[string, (here: PeersWorld) => void, readonly string[]]>([
    ['no governing Service', (here) => (here.services = []), ['service-missing']],
    ['a StatefulSet that names none', (here) => patch(here.set.spec, { serviceName: '' }), ['service-missing']],
    ['a Service with an address of its own', (here) => patch(service(here), { clusterIP: '10.96.0.9' }), ['service-not-headless']],
    [
      'an external name',
      (here) => patch(service(here), { type: 'ExternalName', clusterIP: undefined, selector: undefined, ports: [] }),
      ['service-not-headless'],
    ],
    ['no selector', (here) => patch(service(here), { selector: undefined }), ['service-without-selector']],
    ['an empty selector', (here) => patch(service(here), { selector: {} }), ['service-without-selector']],
    ['another selector', (here) => patch(service(here), { selector: { app: 'wbe' } }), ['service-selector-mismatch']],
    ['one label too many', (here) => patch(service(here), { selector: { app: 'web', tier: 'db' } }), ['service-selector-mismatch']],
    ['another set with the same labels', (here) => here.others.push(setOf('web2', { app: 'web', more: 'x' })), ['service-selects-others']],
    ['no ports', (here) => patch(service(here), { ports: undefined }), ['service-without-ports']],
    ['a Pod without a hostname', (here) => patch(here.pods[1]?.spec, { hostname: undefined }), ['peer-hostname-missing']],
    ['a Pod of another subdomain', (here) => patch(here.pods[1]?.spec, { subdomain: 'old' }), ['peer-hostname-missing']],
    ['a listed Pod that is not Ready', (here) => unready(here, 1), ['unready-peers-listed']],
    [
      'a listed Pod that ends',
      (here) => patch(here.pods[2]?.metadata, { deletionTimestamp: '2026-01-01T00:00:00Z' }),
      ['unready-peers-listed'],
    ],
    [
      'a lost node',
      (here) => patch(here.nodes[0]?.status, { conditions: [{ type: 'Ready', status: 'Unknown' }] }),
      ['unready-peers-listed'],
    ],
    [
      'a hidden Pod that is not Ready',
      (here) => {
        patch(service(here), { publishNotReadyAddresses: false });
        unready(here, 1);
        here.slices = [sliceOf([endpoint(0), endpoint(1, { conditions: { ready: false, serving: false } }), endpoint(2)])];
        here.dns = answers(0, 2);
      },
      ['unready-peers-hidden'],
    ],
    [
      'a Pod that ends and is still ready in its slice',
      (here) => {
        patch(service(here), { publishNotReadyAddresses: false });
        patch(here.pods[2]?.metadata, { deletionTimestamp: '2026-01-01T00:00:00Z' });
      },
      ['lost-peer-listed'],
    ],
    [
      'a Pod in no slice',
      (here) => ([here.slices, here.dns] = [[sliceOf([endpoint(0), endpoint(2)])], answers(0, 2)]),
      ['endpoint-missing'],
    ],
    [
      'an endpoint of an earlier Pod',
      (here) =>
        (here.slices = [sliceOf([endpoint(0), endpoint(1, { targetRef: { kind: 'Pod', name: 'web-1', uid: 'before' } }), endpoint(2)])]),
      ['endpoint-stale'],
    ],
    [
      'an endpoint with an earlier address',
      (here) => {
        here.slices = [sliceOf([endpoint(0), endpoint(1, { addresses: ['198.18.9.9'] }), endpoint(2)])];
        here.dns = dnsOf({ 'web-0': [address(0)], 'web-1': ['198.18.9.9'], 'web-2': [address(2)] });
      },
      ['endpoint-stale'],
    ],
    [
      'one host name twice',
      (here) =>
        here.slices.push(
          sliceOf([{ addresses: ['198.18.7.7'], hostname: 'web-1' }], { metadata: { ...here.slices[0]!.metadata, name: 'by-hand' } }),
        ),
      ['endpoint-duplicate'],
    ],
    [
      'a Pod of another workload in the slice',
      (here) => {
        here.pods.push({ ...podOf(0, 'other'), metadata: { ...podOf(0, 'other').metadata, uid: 'o' } });
        here.slices = [
          sliceOf([
            endpoint(0),
            endpoint(1),
            endpoint(2),
            { addresses: ['198.18.5.5'], targetRef: { kind: 'Pod', name: 'other-0', uid: 'o' } },
          ]),
        ];
      },
      ['endpoint-foreign'],
    ],
    [
      'an address without a Pod',
      (here) => (here.slices = [sliceOf([endpoint(0), endpoint(1), endpoint(2), { addresses: ['198.18.5.5'] }])]),
      ['endpoint-foreign'],
    ],
    ['a Service of two families', (here) => patch(service(here), { ipFamilies: ['IPv4', 'IPv6'] }), ['peer-family-missing']],
    ['DNS that cannot be asked', (here) => (here.dns = { state: 'unknown', message: 'forbidden' }), ['dns-not-read']],
    [
      'SRV records that nobody could ask for',
      (here) =>
        (here.dns = dnsOf(
          { 'web-0': [address(0)], 'web-1': [address(1)], 'web-2': [address(2)] },
          { bare: { ...srvOf(), rcode: 'not asked' }, ports: new Map() },
        )),
      ['dns-not-read'],
    ],
    [
      'a domain that DNS does not serve',
      (here) => (here.dns = { ...dnsOf({}), domain: { name: 'x.y', served: false, from: 'a guess' } } as PeersWorld['dns']),
      ['cluster-domain-wrong'],
    ],
    ['a Pod that DNS does not know', (here) => (here.dns = answers(0, 1)), ['dns-record-missing']],
    [
      'a Pod without SRV record',
      (here) =>
        (here.dns = dnsOf(
          { 'web-0': [address(0)], 'web-1': [address(1)], 'web-2': [address(2)] },
          { bare: srvOf(0, 1), ports: new Map() },
        )),
      ['srv-record-missing'],
    ],
    [
      'an address from before',
      (here) => (here.dns = dnsOf({ 'web-0': [address(0)], 'web-1': ['198.18.9.9'], 'web-2': [address(2)] })),
      ['dns-record-stale'],
    ],
    [
      'a Pod that is no more',
      (here) => (here.dns = dnsOf({ 'web-0': [address(0)], 'web-1': [address(1)], 'web-2': [address(2)], 'web-3': [address(3)] })),
      ['dns-record-stale'],
    ],
    [
      'an answer that was cut off',
      (here) =>
        (here.dns = dnsOf(
          { 'web-0': [address(0)], 'web-1': [address(1)], 'web-2': [address(2)] },
          { bare: { ...srvOf(0), truncated: true }, ports: new Map() },
        )),
      ['srv-answer-truncated'],
    ],
  ])('%s', (_, change, ids) => expect(warned(change)).toEqual(ids));

  function srvOf(...ordinals: readonly number[]) {
    return {
      name: serviceName,
      rcode: 'NOERROR',
      truncated: false,
      records: ordinals.map((ordinal) => srv(`web-${ordinal}.${serviceName}`)),
    };
  }

  it('note what is unusual and not wrong', () => {
    const here = world();
    patch(service(here), { ports: [{ port: 5432 }], publishNotReadyAddresses: false });
    patch(here.pods[0]?.spec, { hostnameOverride: 'else.example' });
    expect(reportOf(here).findings.map(({ id, severity }) => [id, severity])).toEqual([
      ['service-port-unnamed', 'notes'],
      ['peer-hostname-overridden', 'notes'],
      ['unready-peers-hidden', 'notes'],
    ]);
  });

  it('each have an entry in the catalogue', () => {
    const known = CATALOGUE.map(({ id }) => id);
    expect(PEER_CHECKS.map(({ id }) => id).filter((id) => !known.includes(id))).toEqual([]);
    expect(new Set(PEER_CHECKS.map(({ id }) => id)).size).toBe(PEER_CHECKS.length);
  });

  it('say the service, the Pod and the address, each in a sentence that stands alone', () => {
    const here = world();
    here.dns = dnsOf({ 'web-0': [address(0)], 'web-1': ['198.18.9.9'], 'web-2': [address(2)] });
    expect(reportOf(here).findings.find(({ id }) => id === 'dns-record-stale')?.message).toBe(
      'DNS answers 198.18.9.9 for web-1.web.prod.svc.cluster.local, but the EndpointSlice lists 198.18.0.2; an answer may be cached for 5s, and longer by other caches',
    );
  });
});
