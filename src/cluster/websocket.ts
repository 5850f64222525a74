import type { IncomingMessage } from 'node:http';
import type WebSocket from 'ws';
import type { Clock } from '../domain/clock.ts';
import { ApiError } from '../domain/errors.ts';
import type { Credentials, Endpoint, Identity } from './endpoint.ts';
import { createAgent } from './transport/agent.ts';
import { errorFromBreakage } from './transport/breakage.ts';
import { errorFromAnswer } from './transport/status.ts';
import type { RequestLog } from './transport/verbose.ts';
import { headersOf, urlOf } from './transport/wire.ts';

const HANDSHAKE_MS = 30_000;

export interface DialerParts {
  readonly endpoint: Endpoint;
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly log: RequestLog;
}

/** What a WebSocket of the API server is about: a subresource of a Pod, such as portforward. */
export interface WebSocketRequest {
  readonly path: string;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  /** Subprotocols that we speak, best first. */
  readonly protocols: readonly string[];
}

/**
 * WebSockets to the API server with the connection's own trust, credentials and proxy. Each has a TCP connection of its
 * own: HTTP/2 as Node speaks it carries none.
 */
export class WebSocketDialer {
  readonly #parts: DialerParts;

  constructor(parts: DialerParts) {
    this.#parts = parts;
  }

  /**
   * Resolves once the server has agreed to speak one of the protocols, with a socket that is paused. Rejects with ApiError, which holds the server's
   * own sentence where it refused.
   */
  async open(request: WebSocketRequest, signal?: AbortSignal): Promise<WebSocket> {
    const { credentials } = this.#parts;
    const identity = await credentials.identity();
    try {
      return await this.#handshake(request, identity, signal);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401 || !(await credentials.renew(identity))) throw error;
    }
    return this.#handshake(request, await credentials.identity(), signal);
  }

  async #handshake(request: WebSocketRequest, identity: Identity, signal: AbortSignal | undefined): Promise<WebSocket> {
    const { endpoint, clock, log } = this.#parts;
    // Loaded here: hardly any command needs it.
    const { WebSocket } = await import('ws');
    const url = urlOf(endpoint.server, request);
    const { accept: _, ...headers } = headersOf({ method: 'GET' }, undefined, endpoint, identity, true);
    const agent = createAgent(endpoint, identity);
    const started = clock.now();
    log.sending('GET', url, identity, undefined);
    signal?.throwIfAborted();
    const socket = new WebSocket(url.replace(/^http/, 'ws'), [...request.protocols], {
      agent,
      headers,
      perMessageDeflate: false,
      handshakeTimeout: HANDSHAKE_MS,
    });
    socket.once('close', () => agent.destroy());
    const abort = (): void => socket.terminate();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      await agreed(socket, `GET ${request.path}`);
      log.answered('GET', url, '101 Switching Protocols', clock.now() - started);
      return socket;
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof ApiError) log.failed('GET', url, error, clock.now() - started);
      throw error;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }
}

function agreed(socket: WebSocket, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      // What the server says at once must not come before there is a listener.
      socket.pause();
      resolve();
    });
    socket.once('unexpected-response', (_, response) => {
      refusal(response, name)
        .then(reject, reject)
        .finally(() => socket.terminate());
    });
    // Stays: what breaks later is for whoever reads the socket, and must not be uncaught meanwhile.
    socket.on('error', (error) => reject(errorFromBreakage({ request: name, error, connected: false })));
  });
}

async function refusal(response: IncomingMessage, request: string): Promise<ApiError> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const { statusCode: status = 0, statusMessage: statusText = '', headers } = response;
  const body = Buffer.concat(chunks).toString('utf8');
  return errorFromAnswer({ request, status, statusText, body, retryAfter: headers['retry-after'] });
}
