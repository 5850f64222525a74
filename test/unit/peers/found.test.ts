import { describe, expect, it } from 'vitest';
import { foundAs } from '../../../src/peers/found.ts';
import { address, dnsOf, endpoint, type PeersWorld, podOf, reportOf, serviceName, sliceOf, world } from './world.ts';

function found(change: (here: PeersWorld) => void, pod = 'web-1') {
  const here = world();
  change(here);
  return foundAs(reportOf(here), pod);
}

const answers = (over: Readonly<Record<string, readonly string[]>>) =>
  dnsOf({ 'web-0': [address(0)], 'web-1': [address(1)], 'web-2': [address(2)], ...over });
const spec = (here: PeersWorld): object => here.services[0]?.spec ?? {};

describe('a Pod that is to be found', () => {
  it('is, where the EndpointSlices and DNS name it', () => {
    expect(found(() => {})).toEqual({ holds: true, said: `DNS answers 198.18.0.2 for web-1.${serviceName}, with an SRV record` });
  });

  it('is found whatever is wrong with others, but for those that have left', () => {
    expect(found((here) => (here.dns = answers({ 'web-0': [] })))).toMatchObject({ holds: true });
    expect(found((here) => (here.dns = answers({ 'web-3': ['198.18.0.9'] })))).toEqual({
      holds: false,
      said: `web-3 is beyond the replica count, and DNS still answers 198.18.0.9 for web-3.${serviceName}`,
    });
    const condemned = (here: PeersWorld): void => {
      here.pods.push(podOf(3));
      here.slices = [sliceOf([0, 1, 2, 3].map((ordinal) => endpoint(ordinal)))];
    };
    expect(found(condemned)).toEqual({ holds: false, said: 'web-3 is beyond the replica count, and an EndpointSlice still lists it' });
  });

  const withoutSrv = (rcode: string) =>
    dnsOf({ 'web-1': [address(1)] }, { bare: { name: serviceName, rcode, records: [], truncated: false }, ports: new Map() });

  it.each<[string, (here: PeersWorld) => void, string]>([
    ['an old address', (here) => (here.dns = answers({ 'web-1': ['198.18.9.9'] })), 'DNS answers 198.18.9.9 for web-1.'],
    ['no address', (here) => (here.dns = answers({ 'web-1': [] })), 'DNS has no address for web-1.'],
    ['no SRV record', (here) => (here.dns = withoutSrv('NXDOMAIN')), `no SRV record at ${serviceName} names web-1`],
    ['no SRV record that can be asked for', (here) => (here.dns = withoutSrv('not asked')), 'SRV records could not be asked for'],
    ['no ports', (here) => [Object.assign(spec(here), { ports: [] }), (here.dns = withoutSrv('NXDOMAIN'))], 'Service web has no ports'],
    [
      'no selector',
      (here) => [Object.assign(spec(here), { selector: {} }), (here.slices = []), (here.dns = dnsOf({}))],
      'Service web has no selector',
    ],
    ['no DNS', (here) => (here.dns = { state: 'unknown', message: 'forbidden' }), 'DNS could not be asked: forbidden'],
    ['no entry in a slice', (here) => (here.slices = [sliceOf([endpoint(0)])]), 'Pod web-1 is Ready, but no EndpointSlice'],
  ])('is not with %s, and that is said', (_, change, said) => {
    const { holds, said: words } = found(change);
    expect([holds, words]).toEqual([false, expect.stringContaining(said)]);
  });

  it('is not where the StatefulSet has no such Pod', () =>
    expect(found(() => {}, 'web-7')).toEqual({ holds: false, said: 'StatefulSet web has no Pod web-7' }));
});
