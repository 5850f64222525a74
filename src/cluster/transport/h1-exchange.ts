import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { ApiError } from '../../domain/errors.ts';
import { errorFromBreakage } from './breakage.ts';
import { type Kill, type Opened, PROBE_AFTER_MS, type Wire } from './exchange.ts';

/**
 * Sends a request by HTTP/1.1 and resolves with the answer's head.
 * Rejects with ApiError, `sent` saying how far it had come; `kill` gets a function that ends it from outside.
 */
export function openByH1(wire: Wire, agent: Agent, kill: Kill): Promise<Opened> {
  const { promise, resolve, reject } = Promise.withResolvers<Opened>();
  const request = start(wire, agent);
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
    const { statusCode: status = 0, statusMessage: statusText = '', headers } = response;
    resolve({ status, statusText, headers, body: response, whole: () => response.complete, destroy, broken });
  });
  kill(destroy);
  request.end(wire.body);
  return promise;
}

/** A stream has one connection more for as long as it lasts, so that watches leave those of requests alone. */
function start(wire: Wire, agent: Agent): ClientRequest {
  const options: RequestOptions = { method: wire.method, headers: wire.headers, agent };
  const scheme = wire.url.startsWith('https:') ? ('node:https' as const) : ('node:http' as const);
  if (wire.streaming) agent.maxSockets += 1;
  const request = process.getBuiltinModule(scheme).request(wire.url, options);
  if (wire.streaming) request.once('close', () => (agent.maxSockets -= 1));
  return request;
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
