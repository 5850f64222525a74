import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../src/cli/clock.ts';
import { connectionFailure } from '../../../src/cluster/connect-errors.ts';
import { RequestLog } from '../../../src/cluster/transport/verbose.ts';
import { HttpTransport } from '../../../src/cluster/transport.ts';
import type { ApiError } from '../../../src/domain/errors.ts';
import { type SocksOptions, SocksServer } from '../../support/socks.ts';

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const thing of open.splice(0)) thing.close();
});

const GET = { method: 'GET', path: '/x' } as const;
const POST = { method: 'POST', path: '/x', body: {} } as const;

async function serve(answer: RequestListener): Promise<number> {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push({ close: () => (server.closeAllConnections(), server.close()) });
  return (server.address() as AddressInfo).port;
}

const yes: RequestListener = (_, response) => void response.end('{"ok":1}');

async function socks(options: SocksOptions = {}): Promise<SocksServer> {
  const proxy = await SocksServer.open(options);
  open.push(proxy);
  return proxy;
}

function transportTo(server: string, proxy: string, timeoutMs = 30_000): HttpTransport {
  const endpoint = {
    server,
    ca: undefined,
    insecure: false,
    serverName: undefined,
    proxy,
    compression: true,
    http2: true,
    impersonation: {},
  };
  const credentials = { identity: () => Promise.resolve({}), renew: () => Promise.resolve(false) };
  const log = new RequestLog(0, () => undefined);
  const transport = new HttpTransport({ endpoint, credentials, clock: realClock, log, timeoutMs, random: () => 0.5 });
  open.push(transport);
  return transport;
}

async function sentence(server: string, proxy: string, timeoutMs?: number): Promise<string> {
  const transport = transportTo(server, proxy, timeoutMs);
  const error = await transport.request(POST).catch((caught: unknown) => caught as ApiError);
  expect(error).toMatchObject({ sent: 'not-sent' });
  const place = { server, context: 'dev', user: 'ann', certificate: undefined, proxy: new URL(proxy).host, transport };
  return connectionFailure(error, place)?.message ?? '';
}

describe('a SOCKS5 proxy', () => {
  it.each(['socks5', 'socks5h', 'SOCKS5'])(
    'by %s:// looks the name of the server up itself, and its connection is kept',
    async (scheme) => {
      const port = await serve(yes);
      const proxy = await socks({ hosts: { 'api.behind.invalid': '127.0.0.1' } });
      const transport = transportTo(`http://api.behind.invalid:${port}`, `${scheme}://${proxy.host}`);
      for (let count = 0; count < 3; count++) expect((await transport.request(GET)).body).toEqual({ ok: 1 });
      expect(proxy.asked).toEqual([{ host: 'api.behind.invalid', port, user: undefined }]);
    },
  );

  it('gets the user and the password of its address', async () => {
    const port = await serve(yes);
    const proxy = await socks({ login: { user: 'ann@x', password: 'p:w' } });
    const transport = transportTo(`http://127.0.0.1:${port}`, `socks5://ann%40x:p%3Aw@${proxy.host}`);
    expect((await transport.request(GET)).body).toEqual({ ok: 1 });
    expect(proxy.asked).toEqual([{ host: '127.0.0.1', port, user: 'ann@x' }]);
  });

  it('carries a watch and requests beside it, until one of them closes', async () => {
    const port = await serve((request, response) => {
      if (request.url?.startsWith('/watch') !== true) return yes(request, response);
      response.write('one\n');
      response.write('two\n');
      return undefined;
    });
    const transport = transportTo(`http://127.0.0.1:${port}`, `socks5://${(await socks()).host}`);
    const lines: string[] = [];
    const { promise: both, resolve } = Promise.withResolvers<void>();
    const watching = transport.stream({ method: 'GET', path: '/watch' }, (line) => {
      if (lines.push(line) === 2) resolve();
    });
    await both;
    expect((await transport.request(GET)).body).toEqual({ ok: 1 });
    expect(lines).toEqual(['one', 'two']);
    transport.close();
    await expect(watching).rejects.toThrow('the connection was closed');
  });

  it('is named in what goes wrong with it, and its password is not', async () => {
    const server = 'http://127.0.0.1:1';
    const of = `cannot reach the API server ${server} of context dev through proxy`;
    expect(await sentence(server, 'socks5://127.0.0.1:1')).toBe(`${of} 127.0.0.1:1: connection refused`);
    const open = await socks();
    expect(await sentence(server, `socks5://${open.host}`)).toBe(
      `${of} ${open.host}: Socks5 proxy rejected connection - ConnectionRefused`,
    );
    const strict = await socks({ login: { user: 'ann', password: 'right' } });
    expect(await sentence(server, `socks5://ann:s3cret@${strict.host}`)).toBe(`${of} ${strict.host}: Socks5 Authentication failed`);
    const mute = await socks({ mute: true });
    expect(await sentence(server, `socks5://${mute.host}`, 100)).toBe(`${of} ${mute.host}: the connection timed out`);
  });
});
