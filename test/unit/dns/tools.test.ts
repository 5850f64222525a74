import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../src/cli/clock.ts';
import { CommandResolver } from '../../../src/dns/by-command.ts';
import { lookUp } from '../../../src/dns/look-up.ts';
import type { Question } from '../../../src/dns/message.ts';
import { DnsFailure } from '../../../src/dns/resolver.ts';
import { answersIn } from '../../../src/dns/tool-output.ts';
import { commandFor, type Tool } from '../../../src/dns/tools.ts';

const service = 'web.prod.svc.cluster.local';
const srv: Question = { name: service, type: 'SRV' };
const host = (ordinal: number): string => `web-${ordinal}.${service}`;
const a: Question = { name: host(0), type: 'A' };
const aaaa: Question = { name: host(0), type: 'AAAA' };

/** What the tool prints below the lines of the script. */
function said(tool: Tool | 'none', text: string, question = srv) {
  const told = answersIn(`sts-safe tool ${tool}\nsts-safe answer ${question.type} ${question.name}\n${text}`, [question]);
  return told.answers[0];
}

// Outputs of dig and nslookup 9.18.49, busybox 1.35.0 and getent of glibc 2.36.
const dig = (status: string, records: string): string =>
  `;; Truncated, retrying in TCP mode.\n;; Got answer:\n;; WARNING: .local is reserved for Multicast DNS\n;; You are currently testing what happens when an mDNS query is leaked to DNS\n;; ->>HEADER<<- opcode: QUERY, status: ${status}, id: 22231\n;; flags: qr rd ra ad; QUERY: 1, ANSWER: 2, AUTHORITY: 0, ADDITIONAL: 0\n${records}`;
const bind = (text: string): string => `Server:\t\t10.96.0.10\nAddress:\t10.96.0.10#53\n\n${text}`;
const busybox = (text: string): string => `Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n${text}`;

const twoSrv = [0, 1].map((ordinal) => ({ type: 'SRV', name: service, ttl: 0, target: host(ordinal), port: 5432 }));

describe('what a tool prints', () => {
  it.each<[string, Tool, Question, string, object]>([
    [
      'dig, SRV',
      'dig',
      srv,
      dig(
        'NOERROR',
        `\n;; ANSWER SECTION:\n${service}. 5\tIN\tSRV\t0 50 5432 ${host(0)}.\n${service}. 5\tIN\tSRV\t0 50 5432 ${host(1)}.\n\n`,
      ),
      { rcode: 'NOERROR', truncated: false, records: twoSrv.map((record) => ({ ...record, ttl: 5 })) },
    ],
    [
      'dig, A behind a CNAME',
      'dig',
      a,
      dig('NOERROR', `\n;; ANSWER SECTION:\n${host(0)}. 5 IN CNAME x.example.\nx.example. 7 IN\tA\t10.244.1.7\n`),
      { rcode: 'NOERROR', records: [{ type: 'A', name: 'x.example', ttl: 7, address: '10.244.1.7' }] },
    ],
    ['dig, no such name', 'dig', a, dig('NXDOMAIN', ''), { rcode: 'NXDOMAIN', records: [] }],
    ['dig, a server that fails', 'dig', a, dig('SERVFAIL', ''), { rcode: 'SERVFAIL', records: [] }],
    [
      'nslookup, SRV',
      'nslookup',
      srv,
      `;; Truncated, retrying in TCP mode.\n${bind(`Non-authoritative answer:\n${service}\tservice = 0 50 5432 ${host(0)}.\n${service}\tservice = 0 50 5432 ${host(1)}.\n\nAuthoritative answers can be found from:\n\n`)}`,
      { rcode: 'NOERROR', records: twoSrv, truncated: false },
    ],
    [
      'nslookup, A',
      'nslookup',
      a,
      bind(`Name:\t${host(0)}\nAddress: 10.244.1.7\n\n`),
      { records: [{ type: 'A', name: host(0), ttl: 0, address: '10.244.1.7' }] },
    ],
    [
      'nslookup, AAAA',
      'nslookup',
      aaaa,
      bind(`Non-authoritative answer:\nName:\t${host(0)}\nAddress: fd00:10:244::7\n\n`),
      { records: [{ type: 'AAAA', name: host(0), ttl: 0, address: 'fd00:10:244::7' }] },
    ],
    ['nslookup, none of that type', 'nslookup', aaaa, bind(`*** Can't find ${host(0)}.: No answer\n\n`), { rcode: 'NOERROR', records: [] }],
    ['nslookup, no such name', 'nslookup', a, bind(`** server can't find ${host(0)}: NXDOMAIN\n\n`), { rcode: 'NXDOMAIN', records: [] }],
    [
      'nslookup, a server that fails',
      'nslookup',
      a,
      `;; Got SERVFAIL reply from 10.96.0.10\n${bind(`** server can't find ${host(0)}: SERVFAIL\n\n`)}`,
      { rcode: 'SERVFAIL', records: [] },
    ],
    [
      'nslookup, PTR',
      'nslookup',
      { name: '1.0.96.10.in-addr.arpa', type: 'PTR' },
      bind('1.0.96.10.in-addr.arpa\tname = kubernetes.default.svc.cluster.local.\n\n'),
      { records: [{ type: 'PTR', name: '1.0.96.10.in-addr.arpa', ttl: 0, target: 'kubernetes.default.svc.cluster.local' }] },
    ],
    [
      'busybox, SRV',
      'nslookup',
      srv,
      busybox(`${service}\tservice = 0 50 5432 ${host(0)}\n${service}\tservice = 0 50 5432 ${host(1)}\n\n`),
      { records: twoSrv, truncated: false },
    ],
    ['busybox, nothing at the end of all', 'nslookup', a, busybox('').trim(), { rcode: 'NOERROR', records: [] }],
    ['busybox, none', 'nslookup', a, busybox(`** server can't find ${host(0)}.: NXDOMAIN\n\n`), { rcode: 'NXDOMAIN', records: [] }],
    [
      'getent, A',
      'getent',
      a,
      `10.244.1.7      STREAM ${host(0)}\n10.244.1.7      DGRAM  \n10.244.1.7      RAW    \n`,
      { rcode: 'NOERROR', records: [{ type: 'A', name: host(0), ttl: 0, address: '10.244.1.7' }] },
    ],
    ['getent, an IPv4 address for IPv6', 'getent', aaaa, `::ffff:10.244.1.7 STREAM ${host(0)}\n`, { rcode: 'NXDOMAIN', records: [] }],
    ['getent, SRV', 'getent', srv, '', { rcode: 'not asked', records: [] }],
  ])('%s', (_, tool, question, text, answer) => expect(said(tool, text, question)).toMatchObject(answer));

  it('says when busybox may have got a part of it: it does not ask again by TCP', () => {
    const lines = (count: number): string =>
      busybox(Array.from({ length: count }, (_, ordinal) => `${service}\tservice = 0 9 5432 ${host(ordinal)}\n`).join(''));
    // 44 bytes and 52 a record, of 512.
    expect([3, 8, 9].map((count) => said('nslookup', lines(count))?.truncated)).toEqual([false, false, true]);
  });

  it.each<[string, Tool | 'none', string, string]>([
    ['nothing to ask with', 'none', '', 'the container has none of dig, nslookup, getent'],
    [
      'dig without an answer',
      'dig',
      ';; communications error to 10.96.0.10#53: timed out\n;; no servers could be reached\n',
      'dig: communications error to 10.96.0.10#53: timed out',
    ],
    [
      'busybox without an answer',
      'nslookup',
      ';; connection timed out; no servers could be reached\n\n',
      'nslookup: connection timed out; no servers could be reached',
    ],
    [
      'an nslookup that knows no types',
      'nslookup',
      'BusyBox v1.24 multi-call binary.\n\nUsage: nslookup [HOST] [SERVER]\n',
      'nslookup: Usage: nslookup [HOST] [SERVER]',
    ],
    ['a dig that is broken', 'dig', 'dig: error while loading shared libraries: x', 'dig: dig: error while loading'],
  ])('%s is a failure', (_, tool, text, words) => {
    expect(() => said(tool, text)).toThrow(DnsFailure);
    expect(() => said(tool, text)).toThrow(words);
  });

  it('is read or refused, whatever it is', () => {
    const line = fc.constantFrom(
      `${service}. 5 IN SRV 0 x y`,
      'Address: ',
      'Server:\t\tx\nAddress:\tx\n\n',
      'status: NOERROR',
      `${service} service = 1`,
    );
    fc.assert(
      fc.property(fc.constantFrom<Tool>('dig', 'nslookup', 'getent'), fc.array(fc.oneof(line, fc.string())), (tool, lines) => {
        try {
          expect(said(tool, lines.join('\n'))?.records.every(({ type }) => type === 'SRV')).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(DnsFailure);
        }
      }),
    );
  });
});

describe('asking in a container', () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  /** A shell with these tools, each of which prints by its arguments, and nothing else. */
  function container(tools: Readonly<Record<string, string>>) {
    const folder = mkdtempSync(join(tmpdir(), 'container-'));
    folders.push(folder);
    symlinkSync('/bin/sh', join(folder, 'sh'));
    for (const [name, script] of Object.entries(tools)) {
      writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(folder, name), 0o755);
    }
    const run = promisify(execFile);
    const commands: string[] = [];
    const resolver = new CommandResolver(
      async ([program = '', ...args], signal) => {
        commands.push(args.slice(3).join(' '));
        return (await run(join(folder, program), args, { env: { PATH: folder }, signal })).stdout;
      },
      realClock,
      5000,
    );
    return { resolver, commands };
  }

  it('takes the best tool that is there, absolute names, and one command for what is asked together', async () => {
    const { resolver, commands } = container({
      getent: 'exit 1',
      nslookup: `printf 'Server:\\tx\\nAddress:\\tx#53\\n\\n'; case "$1 $2" in "-type=SRV ${service}.") echo "${service} service = 0 9 5432 ${host(0)}." ;; "-type=A ${host(0)}.") echo 'Address: 10.244.1.7' ;; *) echo "** server can't find $2: NXDOMAIN"; exit 1 ;; esac`,
    });
    const hosts = [host(0), host(1)];
    const found = await lookUp(resolver, { service, ports: [], hosts, families: ['A', 'AAAA'] });
    expect([found.bare.records.length, hosts.map((name) => found.hosts.get(name)?.addresses)]).toEqual([1, [['10.244.1.7'], []]]);
    expect(resolver.tool).toBe('nslookup');
    expect(commands).toEqual([[`SRV ${service}`, ...hosts.map((name) => `A ${name} AAAA ${name}`)].join(' ')]);
  });

  it('asks 300 names in commands of forty', async () => {
    const { resolver, commands } = container({ getent: 'echo "10.0.0.1 STREAM $4"' });
    const hosts = Array.from({ length: 300 }, (_, ordinal) => host(ordinal));
    const found = await lookUp(resolver, { service, ports: [], hosts, families: ['A'] });
    expect([found.hosts.size, new Set([...found.hosts.values()].flatMap(({ addresses }) => addresses))]).toEqual([
      300,
      new Set(['10.0.0.1']),
    ]);
    expect(commands.length).toBe(8);
  });

  it('fails in a sentence where there is no tool, or no end', async () => {
    await expect(container({}).resolver.ask(a)).rejects.toThrow('the container has none of dig, nslookup, getent');
    const slow = new CommandResolver(
      (_, signal) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
      realClock,
      20,
    );
    await expect(slow.ask(a)).rejects.toThrow('no answer within 0.02s');
    const ended = slow.ask(a);
    slow.close();
    await expect(ended).rejects.toThrow('the look-up was ended');
    await expect(slow.ask(a)).rejects.toThrow(DnsFailure);
    const hostile = container({ getent: 'echo x' });
    await hostile.resolver.ask({ name: '$(touch /tmp/x); echo', type: 'A' });
    expect(hostile.commands).toEqual(['A $(touch /tmp/x); echo']);
  });

  it('takes a server that fails for no answer', async () => {
    const { resolver } = container({ dig: `echo ';; ->>HEADER<<- opcode: QUERY, status: SERVFAIL, id: 1'` });
    await expect(lookUp(resolver, { service, ports: [], hosts: [], families: ['A'] })).rejects.toThrow(
      `the server failed to answer SRV ${service} (SERVFAIL)`,
    );
  });

  it('names what it asks in a command of sh alone', () =>
    expect(commandFor([srv, a]).slice(3)).toEqual(['sh', 'SRV', service, 'A', host(0)]));
});
