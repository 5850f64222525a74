import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { decode, encode, type Packet } from 'dns-packet';
import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../src/cli/clock.ts';
import { lookUp } from '../../../src/dns/look-up.ts';
import { DnsFailure } from '../../../src/dns/resolver.ts';
import { dialDns } from '../../../src/dns/tcp.ts';

const servers: Server[] = [];
const sockets = new Set<Socket>();
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

/** A server that hands every question to `answer`, which may write whatever it likes. */
async function dnsServer(answer: (question: Packet, socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    sockets.add(socket);
    let bytes = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      while (bytes.length >= 2 && bytes.length >= 2 + bytes.readUInt16BE(0)) {
        const end = 2 + bytes.readUInt16BE(0);
        answer(decode(bytes.subarray(2, end)), socket);
        bytes = bytes.subarray(end);
      }
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function reply(question: Packet, answers: Packet['answers'], flags = 0): Buffer {
  const body = encode({ ...question, type: 'response', flags, answers: answers ?? [] });
  const length = Buffer.alloc(2);
  length.writeUInt16BE(body.length);
  return Buffer.concat([length, body]);
}

const resolver = (port: number, ms = 300) => dialDns({ host: '127.0.0.1', port }, realClock, ms);
const members = Array.from({ length: 300 }, (_, ordinal) => `web-${ordinal}.web.prod.svc.cluster.local`);

describe('DNS over TCP', () => {
  it('reads 300 peers in answers that come in pieces and in any order', async () => {
    const kept: { readonly bytes: Buffer; readonly socket: Socket }[] = [];
    const port = await dnsServer((question, socket) => {
      const { name = '', type } = question.questions?.[0] ?? {};
      const srv = members.map((target) => ({ type: 'SRV' as const, name, ttl: 5, data: { target, port: 1, priority: 0, weight: 0 } }));
      const address = [{ type: 'A' as const, name, ttl: 5, data: `198.18.0.${1 + (Number(/\d+/.exec(name)?.[0] ?? 0) % 250)}` }];
      kept.push({ bytes: reply(question, type === 'SRV' ? srv : address), socket });
      if (type === 'SRV' || kept.length === 3) for (const { bytes, socket: to } of kept.splice(0).reverse()) inPieces(bytes, to);
    });
    const dns = await resolver(port, 3000);
    const { bare, ports, hosts } = await lookUp(dns, { service: 'web.prod.svc.cluster.local', ports: [], hosts: members, families: ['A'] });
    dns.close();
    expect([bare.records.length, ports.size, hosts.size]).toEqual([300, 0, 300]);
    expect(hosts.get('web-249.web.prod.svc.cluster.local')).toMatchObject({ addresses: ['198.18.0.250'], ttl: 5 });
  });

  function inPieces(bytes: Buffer, socket: Socket): void {
    for (let at = 0; at < bytes.length; at += 997) socket.write(bytes.subarray(at, at + 997));
  }

  it.each<[string, (question: Packet, socket: Socket) => void, string]>([
    ['answers never', () => {}, 'no answer within 0.3s'],
    ['answers one byte and then nothing', (_, socket) => void socket.write('x'), 'no answer within 0.3s'],
    ['speaks HTTP', (_, socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), 'closed before every question was answered'],
    ['answers garbage', (question, socket) => void socket.write(garbled(question)), 'no DNS message'],
    ['answers too little', (_, socket) => void socket.write(Buffer.from([0, 3, 1, 2, 3])), 'has at least 12'],
    ['hangs up', (_, socket) => void socket.destroy(), 'closed'],
  ])('a server that %s is given up with a sentence', async (_, answer, words) => {
    const dns = await resolver(await dnsServer(answer));
    const asked = [dns.ask({ name: 'a.example', type: 'A' }), dns.ask({ name: 'b.example', type: 'A' })];
    for (const result of await Promise.allSettled(asked)) {
      expect(result.status).toBe('rejected');
      expect((result as PromiseRejectedResult).reason).toBeInstanceOf(DnsFailure);
      expect(String((result as PromiseRejectedResult).reason)).toContain(words);
    }
    await expect(dns.ask({ name: 'later.example', type: 'A' })).rejects.toThrow(DnsFailure);
  });

  /** The right identifier, and then nothing that makes sense. */
  function garbled(question: Packet): Buffer {
    const bytes = Buffer.alloc(40, 0xff);
    bytes.writeUInt16BE(38, 0);
    bytes.writeUInt16BE(question.id ?? 0, 2);
    return bytes;
  }

  it('is not there', async () => {
    await expect(resolver(1)).rejects.toThrow('connection refused (is there a DNS server that answers TCP?)');
  });

  it('ends what is asked when it is closed', async () => {
    const dns = await resolver(await dnsServer(() => {}));
    const asked = dns.ask({ name: 'a.example', type: 'A' });
    dns.close();
    await expect(asked).rejects.toThrow('the look-up was ended');
  });
});
