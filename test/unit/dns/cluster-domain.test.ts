import { describe, expect, it } from 'vitest';
import { findClusterDomain, zonesOfCorefile } from '../../../src/dns/cluster-domain.ts';
import type { DnsAnswer, Question } from '../../../src/dns/message.ts';
import type { Resolver } from '../../../src/dns/resolver.ts';

describe('the zones of a Corefile', () => {
  it.each([
    [
      '.:53 {\n  errors\n  kubernetes cluster.local in-addr.arpa ip6.arpa {\n    pods insecure\n  }\n  forward . /etc/resolv.conf\n}',
      ['cluster.local'],
    ],
    ['.:53 {\n  kubernetes k8s.example. {\n    fallthrough\n  }\n}', ['k8s.example']],
    ['cluster.corp:53 10.0.0.0/8 {\n  kubernetes\n}', ['cluster.corp']],
    [
      '# kubernetes old.example\nstub.example:53 {\n  forward . 1.2.3.4\n}\n.:53 {\n  kubernetes a.example b.example\n}',
      ['a.example', 'b.example'],
    ],
    ['.:53 {\n  forward . 1.1.1.1\n}', []],
    ['', []],
    ['kubernetes { { {', []],
  ])('%j', (text, zones) => expect(zonesOfCorefile(text)).toEqual(zones));
});

describe('the cluster domain', () => {
  /** Serves these domains, and this reverse name. */
  function serving(domains: readonly string[], reverse?: string): Resolver {
    const answer = (records: DnsAnswer['records']): DnsAnswer => ({
      rcode: records.length === 0 ? 'NXDOMAIN' : 'NOERROR',
      records,
      truncated: false,
    });
    return {
      usable: true,
      close: () => {},
      ask: async ({ name, type }: Question) => {
        if (type === 'PTR')
          return answer(reverse === undefined || name !== '1.0.96.10.in-addr.arpa' ? [] : [{ type, name, ttl: 1, target: reverse }]);
        return answer(
          type === 'A' && domains.some((domain) => name === `kubernetes.default.svc.${domain}`)
            ? [{ type, name, ttl: 1, address: '10.96.0.1' }]
            : [],
        );
      },
    };
  }
  const guesses = [
    { name: 'a.example', from: 'the Corefile' },
    { name: 'cluster.local', from: 'the usual one' },
  ];
  const api = () => Promise.resolve('10.96.0.1');

  it('is the first guess that DNS serves', async () => {
    expect(await findClusterDomain(serving(['cluster.local']), guesses, api)).toEqual({
      name: 'cluster.local',
      from: 'the usual one',
      served: true,
    });
  });

  it('is what the reverse name of the API server says, where no guess is right', async () => {
    const found = await findClusterDomain(serving(['c.example'], 'kubernetes.default.svc.c.example'), guesses, api);
    expect(found).toEqual({ name: 'c.example', from: 'the reverse name of 10.96.0.1', served: true });
  });

  it('is not known to be right otherwise', async () => {
    expect(await findClusterDomain(serving([]), guesses, api)).toEqual({ name: 'a.example', from: 'the Corefile', served: false });
    expect(await findClusterDomain(serving([], 'host.example'), guesses, () => Promise.resolve(undefined))).toMatchObject({
      served: false,
    });
  });
});
