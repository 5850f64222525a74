import type { Agent } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '../../domain/clock.ts';
import type { Endpoint } from '../endpoint.ts';
import { timeoutError } from './breakage.ts';
import { closedError, PROBE_AFTER_MS } from './exchange.ts';

/** As client-go's dialer. */
const DIAL_TIMEOUT_MS = 30_000;

type Dialed = (error: Error | null, socket?: unknown) => void;
type CreateConnection = (options: object, done: Dialed) => unknown;

/** A connection that is being made. */
export interface Dial {
  /** With the handshake done; its `alpnProtocol` is what server, and proxies that look inside, agreed to. */
  readonly socket: Promise<TLSSocket>;
  /** Nobody waits for it any more. */
  readonly abandon: (error: Error) => void;
}

/** Makes a connection by TLS to the API server, by the agent's own way there, and offers both protocols on it. */
export function dial(endpoint: Endpoint, agent: Agent, clock: Clock): Dial {
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  const over = new AbortController();
  let socket: TLSSocket | undefined;
  const abandon = (error: Error): void => {
    if (over.signal.aborted) return;
    over.abort(error);
    socket?.destroy();
    reject(error);
  };
  const ready = (): void => {
    if (over.signal.aborted || socket === undefined) return;
    over.abort(new Error('the connection stands'));
    resolve(socket);
  };
  const take = (given: TLSSocket): void => {
    // Errors after the handshake are the session's, or the agent's.
    socket = given.setKeepAlive(true, PROBE_AFTER_MS).setNoDelay(true).on('error', abandon);
    socket.once('close', () => abandon(closedError()));
    if (over.signal.aborted) socket.destroy();
    else if (isPending(socket)) socket.once('secureConnect', ready);
    else ready();
  };
  const done: Dialed = (error, given) => (error === null || error === undefined ? take(given as TLSSocket) : abandon(error));
  const direct = createConnection(agent)(optionsOf(endpoint, agent), done);
  // Through a proxy the socket comes with `done`: what is returned leads to the proxy.
  if (endpoint.proxy === undefined) take(direct as TLSSocket);
  clock.sleep(DIAL_TIMEOUT_MS, over.signal).then(
    () => abandon(timeoutError(DIAL_TIMEOUT_MS)),
    () => undefined,
  );
  return { socket: promise, abandon };
}

/** The next connection that the agent needs is this one. */
export function handOver(socket: TLSSocket, agent: Agent): void {
  const create = createConnection(agent);
  Object.assign(agent, {
    createConnection: (options: object, done: Dialed): unknown => {
      Object.assign(agent, { createConnection: create });
      return socket.destroyed ? create(options, done) : socket;
    },
  });
}

function optionsOf({ server, serverName }: Endpoint, agent: Agent): object {
  const { hostname, port } = new URL(server);
  const host = hostname.replaceAll(/^\[|\]$/g, '');
  const isAddress = process.getBuiltinModule('node:net').isIP(host) !== 0;
  return {
    ...(agent as Agent & { readonly options: object }).options,
    host,
    port: port === '' ? 443 : Number(port),
    servername: serverName ?? (isAddress ? '' : host),
    ALPNProtocols: ['h2', 'http/1.1'],
  };
}

function createConnection(agent: Agent): CreateConnection {
  return (agent as unknown as { createConnection: CreateConnection }).createConnection.bind(agent);
}

function isPending(socket: TLSSocket): boolean {
  return socket.connecting || (socket as TLSSocket & { secureConnecting?: boolean }).secureConnecting === true;
}
