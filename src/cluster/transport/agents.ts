import type { Agent, AgentOptions } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions, SecureContext } from 'node:tls';
import type { Clock } from '../../domain/clock.ts';
import { CannotError } from '../../domain/errors.ts';
import type { Endpoint, Identity } from '../endpoint.ts';
import { PROBE_AFTER_MS } from './exchange.ts';
import { connectThroughSocks, isSocks } from './socks.ts';

/** A connection that has idled longer may have been closed at the other end: a write on it could only be lost. */
const MAX_IDLE_MS = 20_000;

/** Connections for requests. A TLS handshake costs 5 to 10 ms of processor time at both ends, so more would be slower. */
const MAX_SOCKETS = 6;

interface Pair {
  readonly identity: Identity;
  readonly agent: Agent;
}

/** Keep-alive connections to one API server, new ones for another client certificate. */
export class Agents {
  readonly #endpoint: Endpoint;
  readonly #clock: Clock;
  readonly #idleSince = new WeakMap<Duplex, number>();
  readonly #retired: Pair[] = [];
  #current: Pair | undefined;

  constructor(endpoint: Endpoint, clock: Clock) {
    this.#endpoint = endpoint;
    this.#clock = clock;
  }

  /** The agent for this identity; connections that have idled too long are gone from it. Throws CannotError for unusable certificates. */
  use(identity: Identity): Agent {
    if (this.#current !== undefined && !isSameCertificate(this.#current.identity, identity)) this.#retire(this.#current);
    this.#current ??= this.#create(identity);
    this.#dropIdle(this.#current.agent);
    return this.#current.agent;
  }

  /**
   * One connection more for as long as a stream holds it, so that watches leave those of requests alone; one that idles is
   * taken before a new one is made.
   * @returns to be called when the stream is over
   */
  lend(identity: Identity): () => void {
    const agent = this.use(identity);
    agent.maxSockets += 1;
    return () => {
      agent.maxSockets -= 1;
    };
  }

  close(): void {
    for (const { agent } of [...this.#retired, ...(this.#current === undefined ? [] : [this.#current])]) agent.destroy();
    this.#current = undefined;
  }

  /** What is under way on these connections ends on them; none is used again. */
  #retire(pair: Pair): void {
    pair.agent.maxFreeSockets = 0;
    for (const socket of Object.values(pair.agent.freeSockets).flat()) socket?.destroy();
    this.#retired.push(pair);
    this.#current = undefined;
  }

  #create(identity: Identity): Pair {
    const context = this.#endpoint.server.startsWith('https:') ? this.#secureContext(identity) : undefined;
    const agent = this.#agent(context, { maxSockets: MAX_SOCKETS });
    const { proxy } = this.#endpoint;
    if (proxy !== undefined && isSocks(proxy)) dialThroughSocks(agent, proxy, context !== undefined);
    agent.on('free', (socket: Duplex) => this.#idleSince.set(socket, this.#clock.now()));
    return { identity, agent };
  }

  #agent(secureContext: SecureContext | undefined, limits: AgentOptions): Agent {
    const { proxy, insecure, serverName } = this.#endpoint;
    const options = {
      keepAlive: true,
      keepAliveMsecs: PROBE_AFTER_MS,
      scheduling: 'lifo' as const,
      ...limits,
      ...(proxy === undefined || isSocks(proxy) ? {} : { proxyEnv: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy } }),
    };
    // getBuiltinModule: `import` of node:http(s) costs 18 ms at start-up, this does not.
    if (secureContext === undefined) return new (process.getBuiltinModule('node:http').Agent)(options);
    return new (process.getBuiltinModule('node:https').Agent)({
      ...options,
      secureContext,
      rejectUnauthorized: !insecure,
      ...(serverName === undefined ? {} : { servername: serverName }),
    });
  }

  /** One for all connections: Node would parse certificates and key anew for each. */
  #secureContext({ cert, key }: Identity): SecureContext {
    const tls = process.getBuiltinModule('node:tls');
    try {
      return tls.createSecureContext({
        // Without a CA of its own a server is trusted by what this machine trusts, as in Go; Node's list alone is Mozilla's.
        ca: this.#endpoint.ca ?? [...tls.rootCertificates, ...tls.getCACertificates('system')],
        ...(cert === undefined ? {} : { cert }),
        ...(key === undefined ? {} : { key }),
      });
    } catch (error) {
      throw new CannotError(
        `the client certificate, its key or the certificate authority cannot be used: ${(error as Error).message}`,
        undefined,
        error,
      );
    }
  }

  #dropIdle(agent: Agent): void {
    const oldest = this.#clock.now() - MAX_IDLE_MS;
    for (const socket of Object.values(agent.freeSockets).flat()) {
      if (socket !== undefined && (this.#idleSince.get(socket) ?? oldest) < oldest) socket.destroy();
    }
  }
}

type Dialed = (error: Error | null, socket?: Socket) => void;

/** Node knows HTTP proxies alone, so an agent is told how to dial. */
function dialThroughSocks(agent: Agent, proxy: string, secure: boolean): void {
  const dial = async (options: ConnectionOptions, done: Dialed): Promise<void> => {
    try {
      const socket = await connectThroughSocks(proxy, { host: options.host ?? '', port: Number(options.port) });
      done(null, secure ? process.getBuiltinModule('node:tls').connect({ ...options, socket }) : socket);
    } catch (error) {
      done(error as Error);
    }
  };
  // Without a return value an agent waits for the callback.
  Object.assign(agent, { createConnection: (options: ConnectionOptions, done: Dialed) => void dial(options, done) });
}

function isSameCertificate(a: Identity, b: Identity): boolean {
  return a.cert === b.cert && a.key === b.key;
}
