import { once } from 'node:events';
import {
  constants,
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer as createTcp, connect as dialTcp, type Socket } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { Credentials, Endpoint, Identity } from '../../../src/cluster/endpoint.ts';
import { RequestLog } from '../../../src/cluster/transport/verbose.ts';
import { HttpTransport } from '../../../src/cluster/transport.ts';
import type { Clock } from '../../../src/domain/clock.ts';
import { ApiError } from '../../../src/domain/errors.ts';
import { loopback, somebody } from '../../support/certificates.ts';

const closing: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closing.splice(0).toReversed()) close();
});

/** Real time, twenty times as fast: a busy machine must answer a PING in three quarters of a second. */
const quick: Clock = {
  now: () => performance.now() * 20,
  sleep: async (ms, signal) => {
    try {
      await after(ms / 20, undefined, signal && { signal });
    } catch {
      throw signal?.reason;
    }
  },
};

interface Served {
  readonly address: string;
  readonly port: number;
  readonly server: Http2SecureServer;
  /** Of all connections so far, in their order. */
  readonly sessions: ServerHttp2Session[];
  /** Connections so far, those by HTTP/1.1 too. */
  readonly sockets: TLSSocket[];
}

type Handler = (request: Http2ServerRequest, response: Http2ServerResponse, count: number) => void;

async function serve(handler: Handler, options: object = {}): Promise<Served> {
  let count = 0;
  const sessions: ServerHttp2Session[] = [];
  const sockets: TLSSocket[] = [];
  const settings = { ...loopback, allowHTTP1: true, requestCert: true, rejectUnauthorized: false, ...options };
  const server = createSecureServer(settings, (request, response) => handler(request, response, count++));
  server.on('session', (session) => sessions.push(session));
  server.on('sessionError', () => undefined);
  server.on('secureConnection', (socket) => sockets.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    for (const session of sessions) session.destroy();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { address: `https://127.0.0.1:${port}`, port, server, sessions, sockets };
}

interface Wish {
  readonly endpoint?: Partial<Endpoint>;
  readonly credentials?: Credentials;
  readonly timeoutMs?: number;
}

/** By the quick clock minutes. */
const AMPLE_MS = 6_000_000;

function transportTo(server: string, { endpoint, credentials, timeoutMs = AMPLE_MS }: Wish = {}): HttpTransport {
  const plain = { insecure: false, serverName: undefined, proxy: undefined, compression: true, http2: true, impersonation: {} };
  const transport = new HttpTransport({
    endpoint: { server, ca: loopback.cert, ...plain, ...endpoint },
    credentials: credentials ?? { identity: () => Promise.resolve({}), renew: () => Promise.resolve(false) },
    clock: quick,
    log: new RequestLog(0, () => undefined),
    timeoutMs,
    random: () => 0.5,
  });
  closing.push(() => transport.close());
  return transport;
}

function json(response: Http2ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
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
const ignore = (): void => undefined;

/** A stream that says when its first line is there. */
function watching(transport: HttpTransport): { readonly seen: Promise<void>; readonly end: Promise<unknown> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = transport.stream({ method: 'GET', path: '/w' }, () => resolve()).catch((error: unknown) => error);
  return { seen: promise, end };
}

/** A way to a server that can be cut without either end hearing of it. */
async function relayTo(port: number): Promise<{ readonly address: string; mute(): void }> {
  const ends: Socket[] = [];
  const relay = createTcp((socket) => {
    const onward = dialTcp(port, '127.0.0.1');
    ends.push(socket, onward);
    socket.pipe(onward).pipe(socket);
    for (const end of [socket, onward]) end.on('error', () => (socket.destroy(), onward.destroy()));
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  const mute = (): void => {
    for (const end of ends.splice(0)) end.unpipe().resume();
  };
  closing.push(() => (relay.close(), ends.forEach((end) => void end.destroy())));
  return { address: `https://127.0.0.1:${(relay.address() as AddressInfo).port}`, mute };
}

describe('one connection', () => {
  it('carries all requests and streams, from the first on', async () => {
    const { address, sessions, sockets } = await serve((request, response) =>
      request.url === '/w' ? void response.write('x\n') : void setTimeout(() => json(response, 200, { version: request.httpVersion }), 5),
    );
    const transport = transportTo(address);
    const watches = Array.from({ length: 4 }, () => watching(transport));
    const answers = await Promise.all(Array.from({ length: 150 }, () => transport.request(GET)));
    await Promise.all(watches.map(({ seen }) => seen));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body)))).toEqual(new Set(['{"version":"2.0"}']));
    expect([sessions.length, sockets.length]).toEqual([1, 1]);
    transport.close();
    expect(await Promise.all(watches.map(({ end }) => end))).toMatchObject(Array(4).fill({ message: 'the connection was closed' }));
  });

  it('waits where the server takes few streams at once', async () => {
    const { address, sockets } = await serve((_, response) => void setTimeout(() => json(response, 200, {}), 2), {
      settings: { maxConcurrentStreams: 3 },
    });
    const transport = transportTo(address);
    await transport.request(GET);
    await Promise.all(Array.from({ length: 20 }, () => transport.request(GET)));
    expect(sockets).toHaveLength(1);
  });

  it('carries what HTTP/1.1 does: bodies of DELETE, compressed answers, warnings, repeated headers, the time, status and its name', async () => {
    const { address } = await serve((request, response) => {
      if (request.url === '/none') return void response.writeHead(404, { 'retry-after': '7' }).end('nothing here');
      response.setHeader('warning', ['299 - "one"', '299 - "two, \\"three\\""']);
      response.setHeader('date', 'Mon, 01 Jun 2026 12:00:00 GMT');
      response.writeHead(200, { 'content-encoding': 'gzip' });
      const { 'content-length': length, 'impersonate-group': groups, ':authority': host } = request.headers;
      request.once('data', (body: Buffer) => response.end(gzipSync(JSON.stringify({ length, groups, host, body: body.toString() }))));
    });
    const transport = transportTo(address, { endpoint: { impersonation: { 'Impersonate-Group': ['a', 'b'] } } });
    expect(await transport.request({ method: 'DELETE', path: '/x', body: { uid: 'ü' } })).toEqual({
      status: 200,
      body: { length: '12', groups: 'a, b', host: address.slice('https://'.length), body: '{"uid":"ü"}' },
      warnings: ['one', 'two, "three"'],
    });
    expect(transport.serverNow() - Date.parse('2026-06-01T12:00:00Z')).toBeLessThan(60_000);
    expect(await failure(transport.request({ method: 'GET', path: '/none' }))).toMatchObject({
      message: 'the server answered 404 Not Found: nothing here',
      reason: 'NotFound',
      sent: 'rejected',
      retryAfterSeconds: 7,
    });
  });

  it('does not make a long answer wait for the network piece by piece', async () => {
    const { address } = await serve((_, response) => json(response, 200, { text: 'x'.repeat(24 * 1024 * 1024) }));
    const { body } = await transportTo(address, { endpoint: { compression: false } }).request<{ text: string }>(GET);
    expect(body.text).toHaveLength(24 * 1024 * 1024);
  });

  it('is left when it has idled long, and not while a stream is open', async () => {
    const { address, sockets } = await serve((request, response) =>
      request.url === '/w' ? void response.write('x\n') : json(response, 200, {}),
    );
    const transport = transportTo(address);
    await transport.request(POST);
    await quick.sleep(25_000);
    const watch = watching(transport);
    await watch.seen;
    expect(sockets).toHaveLength(2);
    await quick.sleep(25_000);
    await transport.request(POST);
    expect(sockets).toHaveLength(2);
    transport.close();
    await watch.end;
  });

  it('stays for another token, and not for another certificate; what is under way ends on the old one', async () => {
    const seen: string[] = [];
    const { address, sockets } = await serve((request, response) => {
      if (request.url === '/w') return void response.write('x\n');
      seen.push(`${request.headers.authorization} ${String((request.socket as TLSSocket).getPeerCertificate().subject?.CN ?? 'nobody')}`);
      json(response, request.headers.authorization === 'old' ? 401 : 201, {});
    });
    let identity: Identity = { authorization: 'old' };
    const credentials: Credentials = {
      identity: () => Promise.resolve(identity),
      renew: () => Promise.resolve(((identity = { ...identity, authorization: 'new' }), true)),
    };
    const transport = transportTo(address, { credentials });
    const watch = watching(transport);
    await transport.request(POST);
    expect(sockets).toHaveLength(1);
    identity = { authorization: 'old', ...somebody };
    await transport.request(POST);
    expect(sockets).toHaveLength(2);
    expect(seen).toEqual(['old nobody', 'new nobody', 'old sts-safe tests, somebody', 'new sts-safe tests, somebody']);
    sockets[0]?.destroy();
    expect(await watch.end).toMatchObject({ sent: 'unanswered' });
  });
});

describe('HTTP/1.1', () => {
  it('is spoken where the server knows nothing else, on the connection that found it out', async () => {
    let connections = 0;
    const server = createHttps(loopback, (request, response) => response.end(JSON.stringify(request.httpVersion)));
    server.on('secureConnection', () => (connections += 1)).listen(0, '127.0.0.1');
    closing.push(() => (server.closeAllConnections(), server.close()));
    await once(server, 'listening');
    const transport = transportTo(`https://127.0.0.1:${(server.address() as AddressInfo).port}`);
    expect((await transport.request(POST)).body).toBe('1.1');
    await transport.request(POST);
    expect(connections).toBe(1);
    await Promise.all(Array.from({ length: 30 }, () => transport.request(GET)));
    expect(connections).toBe(6);
  });

  it('is spoken where HTTP/2 is not wanted', async () => {
    const { address, sessions } = await serve((request, response) => json(response, 200, request.httpVersion));
    expect((await transportTo(address, { endpoint: { http2: false } }).request(GET)).body).toBe('1.1');
    expect(sessions).toEqual([]);
  });
});

describe('a write', () => {
  it.each([
    ['before there is an answer', (response: Http2ServerResponse) => response.stream.session?.destroy()],
    ['by the socket', (response: Http2ServerResponse) => response.stream.session?.socket.destroy()],
    ['by a reset', (response: Http2ServerResponse) => response.stream.close(constants.NGHTTP2_INTERNAL_ERROR)],
    ['by a reset that is none', (response: Http2ServerResponse) => response.stream.close(constants.NGHTTP2_CANCEL)],
    [
      'by a goodbye that has seen it',
      (response: Http2ServerResponse) => response.stream.session?.goaway(constants.NGHTTP2_INTERNAL_ERROR, response.stream.id),
    ],
    [
      'in the middle of the body',
      (response: Http2ServerResponse) => {
        response.writeHead(200);
        response.write('{', () => response.stream.session?.socket.destroy());
      },
    ],
  ])('is unanswered when its exchange breaks off %s, and is not sent again; a read is', async (_, breakOff) => {
    let writes = 0;
    const { address } = await serve((request, response, count) => {
      if (request.method === 'POST') writes += 1;
      if (request.method === 'POST' || count === 1) return void breakOff(response);
      json(response, 200, { count });
    });
    const transport = transportTo(address);
    expect(await failure(transport.request(POST))).toMatchObject({ sent: 'unanswered', status: undefined });
    expect((await transport.request(GET)).body).toEqual({ count: 2 });
    expect(writes).toBe(1);
  });

  it.each([
    ['resets its stream', (response: Http2ServerResponse) => response.stream.close(constants.NGHTTP2_REFUSED_STREAM)],
    ['says goodbye', (response: Http2ServerResponse) => response.stream.session?.goaway(constants.NGHTTP2_NO_ERROR, 1)],
    ['says an angry goodbye', (response: Http2ServerResponse) => response.stream.session?.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM, 1)],
  ])('is sent again on another connection when the server says that it has done nothing: %s', async (_, refuse) => {
    const { address, sockets } = await serve((_request, response, count) => {
      if (count === 1) refuse(response);
      else json(response, 201, { count });
    });
    const transport = transportTo(address);
    await transport.request(GET);
    expect((await transport.request(POST)).body).toEqual({ count: 2 });
    expect(sockets).toHaveLength(2);
  });

  it('that is always refused has not been sent', async () => {
    const { address, sockets } = await serve((_, response) => response.stream.close(constants.NGHTTP2_REFUSED_STREAM));
    expect(await failure(transportTo(address).request(POST))).toMatchObject({ sent: 'not-sent', reason: 'REFUSED_STREAM' });
    expect(sockets).toHaveLength(4);
  });

  it('takes a new connection after a goodbye; what is under way ends on the old one', async () => {
    let finish: (() => void) | undefined;
    const { address, sessions, sockets } = await serve((request, response) => {
      if (request.url !== '/w') return json(response, 201, {});
      response.write('x\n');
      finish = () => void response.end('y\n');
    });
    const transport = transportTo(address);
    const watch = watching(transport);
    await watch.seen;
    sessions[0]?.goaway(constants.NGHTTP2_NO_ERROR, 2 ** 31 - 1);
    await expect.poll(async () => (await transport.request(POST), sockets.length)).toBe(2);
    finish?.();
    expect(await watch.end).toBeUndefined();
  });

  it('is not sent where nobody listens, nor over TLS that is not trusted', async () => {
    const { address, server } = await serve((_, response) => json(response, 200, {}));
    const distrusted = transportTo(address, { endpoint: { ca: somebody.cert } });
    expect(await failure(distrusted.request(POST))).toMatchObject({ sent: 'not-sent', reason: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    server.close();
    await once(server, 'close');
    expect(await failure(transportTo(address).request(POST))).toMatchObject({ sent: 'not-sent', reason: 'ECONNREFUSED' });
  });

  it('is not sent while the handshake hangs; the next one tries a connection of its own', async () => {
    const sockets: Socket[] = [];
    const mute = createTcp((socket) => void sockets.push(socket.on('error', ignore))).listen(0, '127.0.0.1');
    closing.push(() => (mute.close(), sockets.forEach((socket) => void socket.destroy())));
    await once(mute, 'listening');
    const transport = transportTo(`https://127.0.0.1:${(mute.address() as AddressInfo).port}`, { timeoutMs: 5_000 });
    const late = { sent: 'not-sent', reason: 'ETIMEDOUT', message: 'no answer within 5s' };
    expect(await failure(transport.request(POST))).toMatchObject(late);
    expect(await failure(transport.request(POST))).toMatchObject(late);
    expect(sockets).toHaveLength(2);
  });
});

describe('time and signals', () => {
  it('end a request after its time; the next one takes another connection, and streams stay', async () => {
    const { address, sockets } = await serve((request, response, count) => {
      if (request.url === '/w') return void response.write('x\n');
      if (count > 1) json(response, 200, {});
    });
    const transport = transportTo(address);
    const watch = watching(transport);
    await watch.seen;
    expect(await failure(transport.request({ ...POST, timeoutMs: 10_000 }))).toMatchObject({
      sent: 'unanswered',
      reason: 'ETIMEDOUT',
      message: 'no answer within 10s',
    });
    await transport.request(POST);
    expect(sockets).toHaveLength(2);
    transport.close();
    expect(await watch.end).toMatchObject({ message: 'the connection was closed' });
  });

  it('end it with the signal: reads with its reason, writes with what is known; the server hears of it', async () => {
    let resets = 0;
    const { address } = await serve((_, response) => void response.stream.once('close', () => (resets += 1)));
    const transport = transportTo(address);
    const stop = new AbortController();
    const reading = transport.request({ ...GET, signal: stop.signal });
    const writing = failure(transport.request({ ...POST, signal: stop.signal }));
    await after(100);
    stop.abort(new Error('Ctrl-C'));
    await expect(reading).rejects.toThrow('Ctrl-C');
    expect(await writing).toMatchObject({ sent: 'unanswered', message: 'Ctrl-C' });
    expect(await failure(transport.request({ ...POST, signal: stop.signal }))).toMatchObject({ sent: 'not-sent' });
    await expect.poll(() => resets).toBe(2);
  });

  it('break a stream whose other end is gone without a word, and leave a quiet one alone', async () => {
    const { port } = await serve((_, response) => void response.write('x\n'));
    const relay = await relayTo(port);
    const watch = watching(transportTo(relay.address));
    await watch.seen;
    const quiet = await Promise.race([watch.end, quick.sleep(40_000).then(() => 'quiet')]);
    expect(quiet).toBe('quiet');
    relay.mute();
    expect(await watch.end).toMatchObject({ sent: 'unanswered', message: 'the connection is dead: no answer within 15s' });
  });
});

describe('a stream', () => {
  it('gives lines as they come, ends when the server ends it, and rejects when it breaks', async () => {
    const { address } = await serve((_, response, count) => {
      response.write('{"a":1}\n{"b"');
      if (count === 0) return void setTimeout(() => response.end(':2}\n'), 20);
      if (count === 1) return void setTimeout(() => response.stream.session?.socket.destroy(), 20);
      setTimeout(() => response.stream.close(constants.NGHTTP2_CANCEL), 20);
    });
    const transport = transportTo(address);
    const lines: string[] = [];
    await transport.stream(GET, (line) => lines.push(line));
    expect(lines).toEqual(['{"a":1}', '{"b":2}']);
    expect(await failure(transport.stream(GET, ignore))).toMatchObject({ sent: 'unanswered', reason: 'ECONNRESET' });
    expect(await failure(transport.stream(GET, ignore))).toMatchObject({ sent: 'unanswered', reason: 'ECONNRESET' });
  });

  it('ends with what its reader throws, and with its silence', async () => {
    const { address } = await serve((_, response) => void response.write('x\n'));
    const transport = transportTo(address);
    const mine = new ApiError({ message: 'mine', status: 410, reason: 'Gone', sent: 'rejected', request: 'x' });
    const thrower = (): void => {
      throw mine;
    };
    expect(await failure(transport.stream(GET, thrower))).toBe(mine);
    expect(await failure(transport.stream({ ...GET, timeoutMs: 10_000 }, ignore))).toMatchObject({ reason: 'ETIMEDOUT' });
  });
});
