import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chosenPeers, parseOrdinals, portWords } from '../../../src/peers/choice.ts';
import { formatPeers, PRESETS, unknownFields } from '../../../src/peers/format.ts';
import { parseProbe } from '../../../src/peers/probe.ts';
import { reportOf, sliceOf, world } from './world.ts';

const report = reportOf(world());
const host = (ordinal: number): string => `web-${ordinal}.web.prod.svc.cluster.local`;

describe('ordinals', () => {
  it.each([
    ['0', [0]],
    ['0-2', [0, 1, 2]],
    ['0-1, 4,4', [0, 1, 4]],
    ['2-1', undefined],
    ['', undefined],
    ['1-', undefined],
    ['-1', undefined],
    ['0-99999999', undefined],
  ])('%j', (text, ordinals) => expect(parseOrdinals(text)).toEqual(ordinals === undefined ? undefined : new Set(ordinals)));
});

describe('a choice', () => {
  it('of ordinals and of a port by name or number', () => {
    expect(chosenPeers(report, { readyOnly: false, ordinals: new Set([1, 9]) }).map(({ name }) => name)).toEqual(['web-1']);
    expect(chosenPeers(report, { readyOnly: false, port: 'db' })[0]?.ports).toHaveLength(1);
    expect(chosenPeers(report, { readyOnly: false, port: '5432' })[0]?.ports).toHaveLength(1);
    expect(chosenPeers(report, { readyOnly: false, port: 'no' })[0]?.ports).toEqual([]);
    expect(portWords(report)).toEqual(['db']);
  });

  it('of what is Ready and can be found', () => {
    const here = world();
    Object.assign(here.pods[1]?.status ?? {}, { conditions: [] });
    expect(chosenPeers(reportOf(here), { readyOnly: true }).map(({ name }) => name)).toEqual(['web-0', 'web-2']);
    here.dns = { state: 'unknown', message: 'm' };
    expect(chosenPeers(reportOf(here), { readyOnly: true })).toEqual([]);
  });
});

describe('a list', () => {
  it('is a template a peer, with something between them', () => {
    expect(formatPeers(report, report.peers, { template: '{host}:{port}', join: ',' })).toBe(
      [0, 1, 2].map((n) => `${host(n)}:5432`).join(','),
    );
    const all = '{ordinal} {id} {name} {address} {service} {namespace} {else}';
    expect(formatPeers(report, report.peers.slice(2), { template: all, join: ',' })).toBe('2 3 web-2 198.18.0.3 web prod {else}');
    expect(unknownFields(all)).toEqual(['else']);
    expect(formatPeers(report, [], { template: '{host}', join: ',', prefix: 'x' })).toBe('');
  });

  it.each([
    // etcd.io/docs/v3.6/op-guide/clustering: --initial-cluster infra0=http://10.0.1.10:2380,infra1=http://10.0.1.11:2380,…
    ['etcd', 2380, `web-0=http://${host(0)}:2380,web-1=http://${host(1)}:2380,web-2=http://${host(2)}:2380`],
    // zookeeper.apache.org/doc/current/zookeeperReconfig.html: server.5 = 125.23.63.23:1234:1235;1236, one per line
    ['zookeeper', 2888, [0, 1, 2].map((n) => `server.${n + 1}=${host(n)}:2888:3888;2181`).join('\n')],
    // mongodb.com/docs/manual/reference/connection-string: mongodb://mongodb0.example.com:27017,mongodb1.example.com:27017/?…
    ['mongodb', 27_017, `mongodb://${host(0)}:27017,${host(1)}:27017,${host(2)}:27017/`],
  ])('for %s', (preset, port, text) => {
    const here = world();
    here.slices = [
      sliceOf(here.slices[0]?.endpoints, {
        ports: [
          { name: 'client', port: 9999 },
          { name: 'peer', port },
        ],
      }),
    ];
    const { ports, ...format } = PRESETS[preset]!;
    const given = reportOf(here);
    expect(formatPeers(given, given.peers, format, ports)).toBe(text);
  });

  it('never fails, whatever the template', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (template, join) => typeof formatPeers(report, report.peers, { template, join }) === 'string'),
    );
  });
});

describe('a probe', () => {
  it.each([
    ['http:8080/healthz?full=1', { scheme: 'http', port: 8080, path: '/healthz?full=1' }],
    ['https:8443', { scheme: 'https', port: 8443, path: '/' }],
    ['tcp:5432', { scheme: 'tcp', port: 5432 }],
    ['tcp:5432/x', undefined],
    ['udp:53', undefined],
    ['http:0/', undefined],
    ['http:70000/', undefined],
    ['http:80 /', undefined],
    ['', undefined],
  ])('%j', (text, probe) => expect(parseProbe(text)).toEqual(probe));
});
