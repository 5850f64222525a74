import type { Agent } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../domain/clock.ts';
import type { Endpoint, Identity } from '../endpoint.ts';

/**
 * TCP probes start after this much silence; libuv then sends ten, a second apart. A watch on a peer that has vanished
 * breaks after about 25 s, and a quiet one lives on (law 7).
 */
const PROBE_AFTER_MS = 15_000;

/** A connection that has idled longer may have been closed at the other end: a write on it could only be lost. */
const MAX_IDLE_MS = 20_000;

/** Keep-alive connections to one API server, a set for each client certificate. */
export class Agents {
  readonly #endpoint: Endpoint;
  readonly #clock: Clock;
  readonly #idleSince = new WeakMap<Duplex, number>();
  #current: { readonly identity: Identity; readonly agent: Agent } | undefined;

  constructor(endpoint: Endpoint, clock: Clock) {
    this.#endpoint = endpoint;
    this.#clock = clock;
  }

  /** The agent for this identity; connections that have idled too long are gone from it. */
  use(identity: Identity): Agent {
    if (this.#current?.identity.cert !== identity.cert || this.#current?.identity.key !== identity.key) {
      this.#current?.agent.destroy();
      this.#current = undefined;
    }
    this.#current ??= { identity, agent: this.#create(identity) };
    this.#dropIdle(this.#current.agent);
    return this.#current.agent;
  }

  close(): void {
    this.#current?.agent.destroy();
    this.#current = undefined;
  }

  #create(identity: Identity): Agent {
    const { proxy, ca, insecure, serverName, server } = this.#endpoint;
    const options = {
      keepAlive: true,
      keepAliveMsecs: PROBE_AFTER_MS,
      scheduling: 'lifo' as const,
      ...(proxy === undefined ? {} : { proxyEnv: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy } }),
    };
    // getBuiltinModule: `import` of node:http(s) costs 18 ms at start-up, this does not.
    const agent = server.startsWith('https:')
      ? new (process.getBuiltinModule('node:https').Agent)({
          ...options,
          rejectUnauthorized: !insecure,
          ...(ca === undefined ? {} : { ca }),
          ...(serverName === undefined ? {} : { servername: serverName }),
          ...(identity.cert === undefined ? {} : { cert: identity.cert }),
          ...(identity.key === undefined ? {} : { key: identity.key }),
        })
      : new (process.getBuiltinModule('node:http').Agent)(options);
    agent.on('free', (socket: Duplex) => this.#idleSince.set(socket, this.#clock.now()));
    return agent;
  }

  #dropIdle(agent: Agent): void {
    const oldest = this.#clock.now() - MAX_IDLE_MS;
    for (const socket of Object.values(agent.freeSockets).flat()) {
      if (socket !== undefined && (this.#idleSince.get(socket) ?? oldest) < oldest) socket.destroy();
    }
  }
}
