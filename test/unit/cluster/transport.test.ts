import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcp, type Socket, type Server as TcpServer } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { Credentials, Identity } from '../../../src/cluster/endpoint.ts';
import { RequestLog } from '../../../src/cluster/transport/verbose.ts';
import { HttpTransport } from '../../../src/cluster/transport.ts';
import type { Clock } from '../../../src/domain/clock.ts';
import { ApiError } from '../../../src/domain/errors.ts';

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const thing of open.splice(0)) thing.close();
});

/** Real time, a hundred times as fast in its sleeps. */
const quick: Clock = {
  now: () => performance.now() * 100,
  sleep: async (ms, signal) => {
    try {
      await after(ms / 100, undefined, signal && { signal });
    } catch {
      throw signal?.reason;
    }
  },
};

const nobody: Credentials = { identity: () => Promise.resolve({}), renew: () => Promise.resolve(false) };

type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

async function serve(handler: Handler): Promise<{ server: Server; address: string; connections: () => number }> {
  let count = 0;
  let connections = 0;
  const server = createServer((request, response) => handler(request, response, count++));
  server.on('connection', () => (connections += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push({ close: () => (server.closeAllConnections(), server.close()) });
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, connections: () => connections };
}

async function serveTcp(onSocket: (socket: Socket) => void): Promise<string> {
  const server: TcpServer = createTcp(onSocket);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** By the quick clock a minute of a machine that is busy: what is not about time must not run out of it. */
const AMPLE_MS = 6_000_000;

function transportTo(server: string, credentials = nobody, lines: string[] = [], timeoutMs = AMPLE_MS): HttpTransport {
  const transport = new HttpTransport({
    endpoint: {
      server,
      ca: undefined,
      insecure: false,
      serverName: undefined,
      proxy: undefined,
      compression: true,
      http2: true,
      impersonation: {},
    },
    credentials,
    clock: quick,
    log: new RequestLog(6, (line) => lines.push(line)),
    timeoutMs,
    random: () => 0.5,
  });
  open.push(transport);
  return transport;
}

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

async function failure(promise: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await promise.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
}

const GET = { method: 'GET', path: '/api/v1/x' } as const;
const POST = { method: 'POST', path: '/api/v1/x', body: { a: 1 } } as const;

describe('a request', () => {
  it('keeps its connection, and tells the time of the server', async () => {
    const { address, connections } = await serve((_, response) =>
      json(response, 200, { ok: 1 }, { date: 'Mon, 01 Jun 2026 12:00:00 GMT' }),
    );
    const transport = transportTo(address);
    for (let count = 0; count < 5; count++) expect((await transport.request(GET)).body).toEqual({ ok: 1 });
    expect(connections()).toBe(1);
    expect(transport.serverNow() - Date.parse('2026-06-01T12:00:00Z')).toBeLessThan(60_000);
  });

  it('takes compressed answers and warnings', async () => {
    const { address } = await serve((request, response) => {
      expect(request.headers['accept-encoding']).toBe('gzip');
      response.setHeader('warning', ['299 - "one"', '299 - "two, \\"three\\""']);
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(gzipSync(JSON.stringify({ ok: 'ü' })));
    });
    expect(await transportTo(address).request(GET)).toEqual({ status: 200, body: { ok: 'ü' }, warnings: ['one', 'two, "three"'] });
  });

  it('of DELETE carries its body, with its length', async () => {
    const { address } = await serve((request, response) => {
      request.once('data', (chunk: Buffer) => json(response, 200, { length: request.headers['content-length'], body: chunk.toString() }));
    });
    const { body } = await transportTo(address).request({ method: 'DELETE', path: '/x', body: { uid: 'ü' } });
    expect(body).toEqual({ length: '12', body: '{"uid":"ü"}' });
  });

  it('is not sent where nobody listens', async () => {
    const { server, address } = await serve(() => undefined);
    server.close();
    await once(server, 'close');
    expect(await failure(transportTo(address).request(POST))).toMatchObject({
      sent: 'not-sent',
      reason: 'ECONNREFUSED',
      status: undefined,
    });
  });

  it.each([
    ['before it is read', (socket: Socket) => socket.destroy()],
    ['when it has been read', (socket: Socket) => void socket.once('data', () => socket.destroy())],
    ['in the middle of the head', (socket: Socket) => void socket.once('data', () => socket.end('HTTP/1.1 200'))],
    [
      'in the middle of the body',
      (socket: Socket) => void socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{')),
    ],
  ])('that writes is unanswered when the connection breaks %s, and is not sent again', async (_, onSocket) => {
    let sockets = 0;
    const address = await serveTcp((socket) => {
      sockets += 1;
      socket.on('error', () => undefined);
      onSocket(socket);
    });
    expect(await failure(transportTo(address).request(POST))).toMatchObject({ sent: 'unanswered', status: undefined });
    expect(sockets).toBe(1);
  });

  it('that reads is tried again when the connection breaks', async () => {
    const { address } = await serve((request, response, count) =>
      count < 2 ? void request.socket.destroy() : json(response, 200, { count }),
    );
    expect((await transportTo(address).request(GET)).body).toEqual({ count: 2 });
  });

  it('that reads does not mind a connection that was closed while it idled', async () => {
    const { server, address } = await serve((_, response) => json(response, 200, {}));
    const transport = transportTo(address);
    for (let round = 0; round < 20; round++) {
      const asked = transport.request(GET);
      await asked;
      const racing = transport.request(GET);
      server.closeAllConnections();
      expect((await racing).status).toBe(200);
    }
  });

  it('that writes takes no connection that has idled long', async () => {
    const { address, connections } = await serve((_, response) => json(response, 200, {}));
    const transport = transportTo(address);
    await transport.request(POST);
    await transport.request(POST);
    expect(connections()).toBe(1);
    await quick.sleep(25_000);
    await transport.request(POST);
    expect(connections()).toBe(2);
  });

  it.each([429, 500, 503])('that reads is tried again after %d, that writes is not', async (status) => {
    const { address } = await serve((_, response, count) => (count === 0 ? json(response, status, {}) : json(response, 200, { count })));
    expect((await transportTo(address).request(GET)).body).toEqual({ count: 1 });
    const again = await serve((_, response) => json(response, status, {}));
    const error = await failure(transportTo(again.address).request(POST));
    expect(error).toMatchObject({ status, sent: status === 429 ? 'rejected' : 'unanswered' });
    expect(again.connections()).toBe(1);
  });

  it('ends after its time, and reads are not tried again', async () => {
    let count = 0;
    const { address } = await serve(() => (count += 1));
    const error = await failure(transportTo(address, nobody, [], 30_000).request(GET));
    expect(error).toMatchObject({ reason: 'ETIMEDOUT', message: 'no answer within 30s', sent: 'unanswered' });
    expect(count).toBe(1);
  });

  it('may take forever where the time is 0', async () => {
    const { address } = await serve((_, response) => void setTimeout(() => json(response, 200, {}), 600));
    expect((await transportTo(address, nobody, [], 0).request(GET)).status).toBe(200);
  });

  it('ends with the signal: reads with its reason, writes with what is known', async () => {
    const { address } = await serve(() => undefined);
    const transport = transportTo(address);
    const stop = new AbortController();
    const reading = transport.request({ ...GET, signal: stop.signal });
    const writing = failure(transport.request({ ...POST, signal: stop.signal }));
    await after(50);
    stop.abort(new Error('Ctrl-C'));
    await expect(reading).rejects.toThrow('Ctrl-C');
    expect(await writing).toMatchObject({ sent: 'unanswered', message: 'Ctrl-C' });
    expect(await failure(transport.request({ ...POST, signal: stop.signal }))).toMatchObject({ sent: 'not-sent' });
  });

  it('is sent once more, writes too, when 401 brings other credentials', async () => {
    const { address } = await serve((request, response) =>
      request.headers.authorization === 'Bearer new'
        ? json(response, 201, {})
        : json(response, 401, { kind: 'Status', reason: 'Unauthorized' }),
    );
    let identity: Identity = { authorization: 'Bearer old' };
    let renewed = 0;
    const credentials: Credentials = {
      identity: () => Promise.resolve(identity),
      renew: (used) => {
        expect(used.authorization).toBe('Bearer old');
        renewed += 1;
        identity = { authorization: 'Bearer new' };
        return Promise.resolve(true);
      },
    };
    expect((await transportTo(address, credentials).request(POST)).status).toBe(201);
    expect(renewed).toBe(1);
    expect(await failure(transportTo(address).request(POST))).toMatchObject({ status: 401, sent: 'rejected' });
  });

  it('is logged with how it ended', async () => {
    const lines: string[] = [];
    const { address } = await serve((request, response) => (request.method === 'GET' ? json(response, 404, {}) : request.socket.destroy()));
    const transport = transportTo(address, nobody, lines);
    await failure(transport.request(GET));
    await failure(transport.request(POST));
    expect(lines[0]).toMatch(/^GET http:\/\/127\.0\.0\.1:\d+\/api\/v1\/x 404 Not Found in \d+ milliseconds$/);
    expect(lines[1]).toMatch(/^POST \S+ socket hang up after \d+ milliseconds$/);
  });

  it('with an answer that is not JSON fails', async () => {
    const { address } = await serve((_, response) => response.writeHead(200).end('<html>'));
    expect(await failure(transportTo(address).request(POST))).toMatchObject({ sent: 'unanswered' });
  });
});

describe('a stream', () => {
  it('gives lines as they come, and ends when the server ends it', async () => {
    const { address } = await serve((_, response) => {
      response.write('{"a":1}\n{"b"');
      setTimeout(() => response.end(':2}\n'), 20);
    });
    const lines: string[] = [];
    let opened = 0;
    await transportTo(address).stream(
      GET,
      (line) => lines.push(line),
      () => (opened += 1),
    );
    expect({ lines, opened }).toEqual({ lines: ['{"a":1}', '{"b":2}'], opened: 1 });
  });

  it('rejects when it breaks, is refused, is silent for too long, or its lines are not liked', async () => {
    const { address } = await serve((_, response, count) => {
      if (count === 0) return void response.write('x\n', () => response.destroy());
      if (count === 1) return json(response, 410, { kind: 'Status', reason: 'Expired', message: 'too old' });
      return void response.write('x\n');
    });
    const transport = transportTo(address);
    expect(await failure(transport.stream(GET, () => undefined))).toMatchObject({ status: undefined });
    expect(await failure(transport.stream(GET, () => undefined))).toMatchObject({ status: 410, reason: 'Expired' });
    expect(await failure(transport.stream({ ...GET, timeoutMs: 10_000 }, () => undefined))).toMatchObject({ reason: 'ETIMEDOUT' });
    const mine = new ApiError({ message: 'mine', status: 410, reason: 'Gone', sent: 'rejected', request: 'x' });
    const thrower = (): void => {
      throw mine;
    };
    expect(await failure(transport.stream(GET, thrower))).toBe(mine);
  });

  it('ends with its signal, and with the transport', async () => {
    const { address } = await serve((_, response) => void response.write('x\n'));
    const transport = transportTo(address);
    const stop = new AbortController();
    const lines: string[] = [];
    const stopped = transport.stream({ ...GET, signal: stop.signal }, (line) => lines.push(line));
    const closed = failure(transport.stream(GET, (line) => lines.push(line)));
    while (lines.length < 2) await after(5);
    stop.abort(new Error('enough'));
    await expect(stopped).rejects.toThrow('enough');
    transport.close();
    expect((await closed).message).toBe('the connection was closed');
  });

  it('takes a connection that idles, and leaves the next request one of its own', async () => {
    const { address, connections } = await serve((request, response) =>
      request.url === '/w' ? void response.write('x\n') : json(response, 200, {}),
    );
    const transport = transportTo(address);
    await transport.request(GET);
    const seen = Promise.withResolvers<void>();
    const watch = failure(transport.stream({ method: 'GET', path: '/w' }, () => seen.resolve()));
    await seen.promise;
    expect(connections()).toBe(1);
    await Promise.all(Array.from({ length: 12 }, () => transport.request(GET)));
    expect(connections()).toBe(1 + 6);
    transport.close();
    await watch;
  });

  it('does not wait behind requests', async () => {
    const { address } = await serve((request, response) =>
      request.url === '/w' ? void response.write('x\n') : void setTimeout(() => json(response, 200, {}), 30),
    );
    const transport = transportTo(address, nobody, [], 0);
    const watches = Array.from({ length: 10 }, () => failure(transport.stream({ method: 'GET', path: '/w' }, () => undefined)));
    await Promise.all(Array.from({ length: 30 }, () => transport.request(GET)));
    transport.close();
    await Promise.all(watches);
  });
});
