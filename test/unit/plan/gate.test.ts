import { describe, expect, it } from 'vitest';
import { gateInWords, parseGate, parseHook } from '../../../src/plan/gate.ts';

const prometheus = 'monitoring/prometheus:9091';

describe('a gate as it is typed', () => {
  it.each([
    ['exec:pg_isready -q', { ask: 'exec', command: 'pg_isready -q' }],
    ['http:8080', { ask: 'http', port: 8080, path: '/' }],
    ['https:8443/healthz', { ask: 'https', port: 8443, path: '/healthz' }],
    ['http:2379/health=200', { ask: 'http', port: 2379, path: '/health', status: 200 }],
    ['http:2379/health~"health":"true"', { ask: 'http', port: 2379, path: '/health', matches: '"health":"true"' }],
    ['srv', { ask: 'srv' }],
    ['command:./check.sh $STS_SAFE_POD', { ask: 'command', command: './check.sh $STS_SAFE_POD' }],
    [
      'promql:sum(up{job="db"} == 1) >= 3',
      {
        ask: 'promql',
        service: { namespace: 'monitoring', name: 'prometheus', port: '9091' },
        query: 'sum(up{job="db"} == 1)',
        comparison: '>=',
        value: 3,
      },
    ],
  ])('%s', (text, gate) => {
    expect(parseGate(text, prometheus)).toEqual(gate);
  });

  it.each([
    '',
    'exec:',
    'ready',
    'http:',
    'http:0/',
    'http:99999/',
    'http:80/x=ok',
    'http:80/x~(',
    'promql:up',
    'promql:up > many',
    'tcp:80',
    'srv:web',
  ])('none: %s', (text) => {
    expect(parseGate(text, prometheus)).toBeUndefined();
  });

  it.each([undefined, 'prometheus', 'monitoring/', 'a/b:'])('no promql of Prometheus %s', (service) => {
    expect(parseGate('promql:up > 0', service)).toBeUndefined();
  });

  it('is of a DNS server where one is given', () => {
    expect(parseGate('srv', undefined, '10.96.0.10')).toEqual({ ask: 'srv', server: { host: '10.96.0.10', port: 53 } });
    expect(parseGate('srv', undefined, '[fd00::a]:5353')).toEqual({ ask: 'srv', server: { host: 'fd00::a', port: 5353 } });
    expect(['host:0', 'host:99999', 'a:b', ''].map((server) => parseGate('srv', undefined, server))).toEqual(Array(4).fill(undefined));
  });

  it('is told as it was typed', () => {
    for (const text of ['exec:a b', 'https:8443/healthz=204', 'http:80/x~ok', 'command:true', 'srv', 'promql:up > 0'])
      expect(gateInWords(parseGate(text, prometheus) ?? { ask: 'exec', command: '' })).toBe(text);
  });

  it('is a hook where it does something', () => {
    expect(['exec:true', 'command:true', 'http:80/', 'srv', 'promql:up > 0'].map((text) => parseHook(text) !== undefined)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
