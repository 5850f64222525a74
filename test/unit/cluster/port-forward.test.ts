import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { realClock } from '../../../src/cli/clock.ts';
import { forwardPort } from '../../../src/cluster/port-forward.ts';
import { RequestLog } from '../../../src/cluster/transport/verbose.ts';
import { WebSocketDialer } from '../../../src/cluster/websocket.ts';
import { ApiError } from '../../../src/domain/errors.ts';

const servers: Server[] = [];
const tokens = ['first', 'second'];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

interface Seen {
  readonly request: IncomingMessage;
  readonly socket: WebSocket;
}

/** An API server that upgrades every request as a kubelet does, and hands the socket over; or refuses by a Status. */
async function apiServer(
  onSocket: (seen: Seen) => void,
  refuse?: (request: IncomingMessage) => { code: number; reason: string } | undefined,
) {
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => (offered.has('v4.channel.k8s.io') ? 'v4.channel.k8s.io' : false),
  });
  const server = createServer();
  server.on('upgrade', (request, stream, head) => {
    const refused = refuse?.(request);
    if (refused === undefined) return sockets.handleUpgrade(request, stream, head, (socket) => onSocket({ request, socket }));
    const body = JSON.stringify({ kind: 'Status', message: `no: ${refused.reason}`, reason: refused.reason });
    stream.end(
      `HTTP/1.1 ${refused.code} X\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
    );
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  let used = 0;
  const dialer = new WebSocketDialer({
    endpoint: {
      server: `http://127.0.0.1:${(server.address() as AddressInfo).port}/prefix`,
      ca: undefined,
      insecure: false,
      serverName: undefined,
      proxy: undefined,
      compression: true,
      http2: true,
      impersonation: { 'impersonate-user': 'jane' },
    },
    credentials: { identity: async () => ({ authorization: `Bearer ${tokens[used]}` }), renew: async () => used++ === 0 },
    clock: realClock,
    log: new RequestLog(0, () => {}),
  });
  return (signal?: AbortSignal) => forwardPort(dialer, { namespace: 'kube-system', pod: 'coredns-1', port: 53 }, signal);
}

const port = Buffer.from([53, 0]);
const on = (channel: number, ...data: readonly Buffer[]): Buffer => Buffer.concat([Buffer.of(channel), ...data]);

describe('a forwarded port', () => {
  it('carries bytes both ways, without what the kubelet says first', async () => {
    let asked: IncomingMessage | undefined;
    const open = await apiServer(({ request, socket }) => {
      asked = request;
      socket.send(on(0, port));
      socket.send(on(1, port));
      socket.on('message', (data: Buffer) => {
        socket.send(on(0, Buffer.from(`${data[0]}:`), data.subarray(1)));
        socket.close();
      });
    });
    const stream = await open();
    stream.write('hello');
    expect(await text(stream)).toBe('0:hello');
    expect(asked?.url).toBe('/prefix/api/v1/namespaces/kube-system/pods/coredns-1/portforward?ports=53');
    expect(asked?.headers).toMatchObject({ authorization: 'Bearer first', 'impersonate-user': 'jane' });
  });

  it('breaks with the sentence of the kubelet', async () => {
    const open = await apiServer(({ socket }) => {
      for (const channel of [0, 1]) socket.send(on(channel, port));
      socket.send(on(1, Buffer.from('dial tcp4 127.0.0.1:53: connect: connection refused\n')));
    });
    await expect(text(await open())).rejects.toThrow(/^dial tcp4 127\.0\.0\.1:53: connect: connection refused$/);
  });

  it('is refused with the sentence of the API server', async () => {
    const open = await apiServer(
      () => {},
      () => ({ code: 403, reason: 'Forbidden' }),
    );
    const refused = await open().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ApiError);
    expect(refused).toMatchObject({ status: 403, reason: 'Forbidden', message: 'no: Forbidden' });
  });

  it('is asked for again with new credentials after a 401', async () => {
    const open = await apiServer(
      ({ socket }) => socket.close(),
      ({ headers }) => (headers.authorization === 'Bearer second' ? undefined : { code: 401, reason: 'Unauthorized' }),
    );
    expect(await text(await open())).toBe('');
  });

  it('ends with its signal, and where no server is', async () => {
    const open = await apiServer(() => {});
    await expect(open(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
    await expect(open()).rejects.toMatchObject({ reason: 'ECONNREFUSED', sent: 'not-sent' });
  });
});
