import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect as dial } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { connectionFailure } from '../../../src/cluster/connect-errors.ts';
import type { ApiError } from '../../../src/domain/errors.ts';
import { inSandbox } from '../../support/namespace.ts';
import { SocksServer } from '../../support/socks.ts';
import { closeAll, type Opened, openWith } from './opened.ts';

const { kubeconfig, dir } = inject('cluster');
const POST = { method: 'POST', path: '/api/v1/namespaces', body: {} } as const;

/** An ordinary HTTP proxy that counts tunnels. */
describe.runIf(inSandbox)('a proxy on the way', () => {
  let proxy: Server;
  let tunnels = 0;
  let mood: 'willing' | 'unwilling' = 'willing';

  beforeAll(async () => {
    proxy = createServer().on('connect', (request, socket) => {
      tunnels += 1;
      if (mood === 'unwilling') return void socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      const [host, port] = (request.url ?? '').split(':');
      const onward = dial(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(onward).pipe(socket);
      });
      for (const end of [socket, onward]) end.on('error', () => socket.destroy());
      return undefined;
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
  });
  beforeEach(() => {
    tunnels = 0;
    mood = 'willing';
  });
  afterEach(closeAll);
  afterAll(() => void proxy.close());

  const address = (): string => `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;

  function throughProxy(url: string): Promise<Opened> {
    const config = parse(readFileSync(kubeconfig, 'utf8')) as { clusters: [{ cluster: Record<string, string> }] };
    config.clusters[0].cluster['proxy-url'] = url;
    const file = join(dir, `proxied-${process.pid}`);
    writeFileSync(file, stringify(config));
    return openWith({ kubeconfig: file });
  }

  it('is used where the kubeconfig says so', async () => {
    const { reader, connection } = await throughProxy(address());
    expect((await reader.read(['set'], { namespace: 'default', name: 'web' })).slices.set?.state).toBe('absent');
    expect(tunnels).toBe(1);
    const lines: string[] = [];
    const watching = connection.transport
      .stream({ method: 'GET', path: '/api/v1/namespaces', query: { watch: '1' } }, (line) => lines.push(line))
      .catch(() => undefined);
    await expect.poll(() => lines.length).toBeGreaterThan(2);
    connection.transport.close();
    await watching;
  });

  it('of the environment is not asked for this machine', async () => {
    const { reader } = await openWith({ kubeconfig }, { HTTPS_PROXY: address() });
    await reader.read(['set'], { namespace: 'default', name: 'web' });
    expect(tunnels).toBe(0);
  });

  it('that will not, or is not there, means that nothing was sent', async () => {
    mood = 'unwilling';
    const unwilling = await throughProxy(address());
    await expect(unwilling.connection.transport.request(POST)).rejects.toMatchObject({ sent: 'not-sent', reason: 'ERR_PROXY_TUNNEL' });
    const { connection } = await throughProxy('http://127.0.0.1:1');
    const error = await connection.transport.request(POST).catch((caught: unknown) => caught as ApiError);
    expect(error).toMatchObject({ sent: 'not-sent', reason: 'ECONNREFUSED' });
    expect(connectionFailure(error, connection)?.message).toMatch(/through proxy 127\.0\.0\.1:1: connection refused$/);
  });

  it('may be a SOCKS5 proxy, for requests and watches, and is named when it is gone', async () => {
    const socks = await SocksServer.open();
    const { host: place } = socks;
    const { reader, connection } = await throughProxy(`socks5://${place}`);
    expect((await reader.read(['set'], { namespace: 'default', name: 'web' })).slices.set?.state).toBe('absent');
    const lines: string[] = [];
    const watching = connection.transport
      .stream({ method: 'GET', path: '/api/v1/namespaces', query: { watch: '1' } }, (line) => lines.push(line))
      .catch(() => undefined);
    await expect.poll(() => lines.length).toBeGreaterThan(2);
    const server = new URL(connection.server);
    expect(socks.asked.every(({ host, port }) => host === server.hostname && port === Number(server.port))).toBe(true);
    expect(socks.asked).toHaveLength(1);
    socks.close();
    await watching;
    const error = await connection.transport.request(POST).catch((caught: unknown) => caught as ApiError);
    expect(connectionFailure(error, connection)?.message).toContain(`through proxy ${place}: connection refused`);
  });
});
