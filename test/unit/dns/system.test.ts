import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { decode, encode, type Packet, streamEncode } from 'dns-packet';
import { afterEach, describe, expect, it } from 'vitest';
import { lookUp } from '../../../src/dns/look-up.ts';
import { DnsFailure } from '../../../src/dns/resolver.ts';
import { systemResolver } from '../../../src/dns/system.ts';

const open: { udp: UdpSocket; tcp: Server }[] = [];
afterEach(() => {
  for (const { udp, tcp } of open.splice(0)) {
    udp.close();
    tcp.close();
  }
});

const TRUNCATED = 1 << 9;
const service = 'web.prod.svc.cluster.local';

function srvTo(ordinals: number): Packet['answers'] {
  return Array.from({ length: ordinals }, (_, ordinal) => ({
    type: 'SRV' as const,
    name: service,
    ttl: 5,
    data: { target: `web-${ordinal}.${service}`, port: 5432, priority: 0, weight: 1 },
  }));
}

/** A server of both kinds on one port: by UDP it cuts SRV answers off. */
async function dnsServer(answer: (question: Packet, by: 'udp' | 'tcp') => Packet | undefined): Promise<string> {
  const tcp = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      const reply = answer(decode(chunk.subarray(2)), 'tcp');
      if (reply !== undefined) socket.write(streamEncode(reply));
    });
  });
  tcp.listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  const { port } = tcp.address() as AddressInfo;
  const udp = createSocket('udp4');
  udp.on('message', (message, { port: to, address }) => {
    const reply = answer(decode(message), 'udp');
    if (reply !== undefined) udp.send(encode(reply), to, address);
  });
  udp.bind(port, '127.0.0.1');
  await once(udp, 'listening');
  open.push({ udp, tcp });
  return `127.0.0.1:${port}`;
}

const reply = (question: Packet, answers: Packet['answers'], flags = 0): Packet => ({
  ...question,
  type: 'response',
  flags,
  answers: answers ?? [],
  additionals: [],
});

describe('the resolver of the system', () => {
  it('asks again by TCP where an answer by UDP was cut off', async () => {
    const server = await dnsServer((question, by) => {
      const { type, name = '' } = question.questions?.[0] ?? {};
      if (type === 'SRV') return by === 'udp' ? reply(question, srvTo(1), TRUNCATED) : reply(question, srvTo(40));
      return name.startsWith('web-7.') ? reply(question, [{ type: 'A', name, ttl: 9, data: '198.18.0.8' }]) : reply(question, [], 3);
    });
    const resolver = systemResolver(2000, [server]);
    const { bare, hosts } = await lookUp(resolver, { service, ports: [], hosts: [], families: ['A'] });
    expect(bare.records).toHaveLength(40);
    expect(hosts.get(`web-7.${service}`)).toEqual({ host: `web-7.${service}`, addresses: ['198.18.0.8'], ttl: 9 });
    expect(hosts.get(`web-8.${service}`)?.addresses).toEqual([]);
    resolver.close();
  });

  it('gives up a server that never answers, and says what one that fails says', async () => {
    const mute = systemResolver(100, [await dnsServer(() => undefined)]);
    await expect(mute.ask({ name: service, type: 'SRV' })).rejects.toThrow(DnsFailure);
    const failing = systemResolver(2000, [await dnsServer((question) => reply(question, [], 2))]);
    await expect(failing.ask({ name: service, type: 'A' })).rejects.toThrow(/ESERVFAIL/);
  });
});
