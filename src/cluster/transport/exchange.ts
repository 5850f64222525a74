import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { ApiError } from '../../domain/errors.ts';
import { errorFromBreakage } from './breakage.ts';

/**
 * TCP probes start after this much silence; libuv then sends ten, a second apart. A watch on a peer that has vanished
 * breaks after about 25 s, and a quiet one lives on (law 7).
 */
export const PROBE_AFTER_MS = 15_000;

/** One request as it is put on a connection. */
export interface Wire {
  /** For messages: `GET /api/…`. */
  readonly name: string;
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string | undefined;
  readonly agent: Agent;
}

export interface Opened {
  readonly response: IncomingMessage;
  /** Ends the exchange; what reads the response then fails with `error`. */
  readonly destroy: (error: Error) => void;
  /** The typed error for a break while the response is read. */
  readonly broken: (error: Error) => ApiError;
}

/**
 * Sends a request and resolves with the response's head.
 * Rejects with ApiError, `sent` saying how far it had come; `kill` gets a function that ends it from outside.
 */
export function open(wire: Wire, kill: (destroy: (error: Error) => void) => void): Promise<Opened> {
  const { promise, resolve, reject } = Promise.withResolvers<Opened>();
  const request = start(wire);
  const progress = follow(request);
  const broken = (error: Error): ApiError =>
    error instanceof ApiError ? error : errorFromBreakage({ request: wire.name, error, connected: progress.connected });
  let answer: IncomingMessage | undefined;
  // Once there is an answer it is the one to end: ended by the request it would only say "aborted".
  const destroy = (error: Error): void => {
    (answer ?? request).destroy(error);
    // Node raises nothing on a request that still waits for its connection; behind a mute proxy that would be for long.
    if (request.socket === null) reject(broken(error));
  };
  request.once('error', (error) => reject(broken(error)));
  request.once('response', (response) => {
    // After the head, breaks are the response's; the request must not raise them a second time as uncaught.
    request.on('error', () => undefined);
    answer = response;
    resolve({ response, destroy, broken });
  });
  kill(destroy);
  request.end(wire.body);
  return promise;
}

function start(wire: Wire): ClientRequest {
  const options: RequestOptions = { method: wire.method, headers: wire.headers, agent: wire.agent };
  const scheme = wire.url.startsWith('https:') ? ('node:https' as const) : ('node:http' as const);
  return process.getBuiltinModule(scheme).request(wire.url, options);
}

/** Watches how far a request has come. A connection in an unknown state counts as up: what is sent on it must be read back. */
function follow(request: ClientRequest): { readonly connected: boolean } {
  const progress = { connected: false };
  request.once('socket', (socket: Socket) => {
    // The agent does this for direct connections, not for those through a proxy.
    socket.setKeepAlive(true, PROBE_AFTER_MS);
    const tls = 'encrypted' in socket ? (socket as TLSSocket & { secureConnecting?: boolean }) : undefined;
    const pending = socket.connecting || tls?.secureConnecting === true;
    if (!pending) progress.connected = true;
    else socket.once(tls === undefined ? 'connect' : 'secureConnect', () => (progress.connected = true));
  });
  return progress;
}

/** Reads an answer to its end as text. Rejects with ApiError when it breaks off. */
export async function readBody(opened: Opened): Promise<string> {
  const chunks: Buffer[] = [];
  await readChunks(opened, (chunk) => chunks.push(chunk));
  const bytes = Buffer.concat(chunks);
  return opened.response.headers['content-encoding'] === 'gzip' ? unzip(bytes, opened) : bytes.toString('utf8');
}

/** Hands on the bytes of an answer as they come; resolves at its proper end, rejects with ApiError when it breaks off. */
export function readChunks(opened: Opened, onChunk: (chunk: Buffer) => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const { response } = opened;
  response.on('data', (chunk: Buffer) => {
    try {
      onChunk(chunk);
    } catch (error) {
      response.destroy(error as Error);
    }
  });
  response.once('error', (error) => reject(opened.broken(error)));
  response.once('end', () => resolve());
  return promise;
}

function unzip(bytes: Buffer, opened: Opened): Promise<string> {
  return new Promise((resolve, reject) => {
    process.getBuiltinModule('node:zlib').gunzip(bytes, (error, plain) => {
      if (error === null) resolve(plain.toString('utf8'));
      else reject(opened.broken(error));
    });
  });
}
