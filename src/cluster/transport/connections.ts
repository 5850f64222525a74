import type { Agent } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../domain/clock.ts';
import type { ApiError } from '../../domain/errors.ts';
import type { Endpoint, Identity } from '../endpoint.ts';
import { createAgent } from './agent.ts';
import { errorFromBreakage } from './breakage.ts';
import { dial, handOver } from './dial.ts';
import { type Kill, MAX_IDLE_MS, type Opened, type Wire } from './exchange.ts';
import { openByH1 } from './h1-exchange.ts';
import { H2Session, wasRefused } from './h2-session.ts';

/** How often a request that the server has not taken is sent again. */
const MAX_REFUSALS = 3;

/** A connection that is being made, for all who wait for it. */
interface Dialing {
  readonly session: Promise<H2Session | undefined>;
  readonly abandon: (error: Error) => void;
  waiting: number;
}

/**
 * Connections to one API server, new ones for another client certificate: one of HTTP/2 where the server speaks it, which
 * carries everything, so that a run waits for one handshake only; else a few of HTTP/1.1.
 */
export class Connections {
  readonly #endpoint: Endpoint;
  readonly #clock: Clock;
  readonly #idleSince = new WeakMap<Duplex, number>();
  /** All that may still be open. */
  readonly #open = new Set<Agent | H2Session>();
  #identity: Identity | undefined;
  #agent: Agent | undefined;
  #session: H2Session | undefined;
  #dialing: Dialing | undefined;
  #speaksH2: boolean;

  constructor(endpoint: Endpoint, clock: Clock) {
    this.#endpoint = endpoint;
    this.#clock = clock;
    this.#speaksH2 = endpoint.http2 && endpoint.server.startsWith('https:');
  }

  /**
   * Sends a request and resolves with the answer's head. Rejects with ApiError, `sent` saying how far it had come, and
   * with CannotError for unusable certificates. `kill` gets a function that ends it from outside.
   */
  async open(wire: Wire, identity: Identity, kill: Kill): Promise<Opened> {
    const ended = Promise.withResolvers<never>();
    // Nobody may be waiting for a connection when it is ended.
    ended.promise.catch(() => undefined);
    let over: Error | undefined;
    let destroy = ended.reject;
    kill((error) => {
      over = error;
      destroy(error);
    });
    for (let refusals = 0; ; refusals++) {
      const agent = this.#use(identity);
      const session = await this.#sessionFor(wire, agent, ended.promise);
      if (over !== undefined) throw notSent(wire, over);
      const begun: Kill = (end) => (destroy = end);
      try {
        return await (session === undefined ? openByH1(wire, agent, begun) : session.open(wire, begun));
      } catch (error) {
        if (!wasRefused(error) || refusals >= MAX_REFUSALS) throw error;
        session?.retire();
        destroy = ended.reject;
      }
    }
  }

  close(): void {
    this.#dialing?.abandon(new Error('the connection was closed'));
    this.#retire();
    for (const one of this.#open) one.destroy();
    this.#open.clear();
  }

  /** The agent for this identity; connections that have idled too long are gone from it. */
  #use(identity: Identity): Agent {
    if (this.#identity !== undefined && !isSameCertificate(this.#identity, identity)) this.#retire();
    this.#identity = identity;
    this.#agent ??= this.#createAgent(identity);
    const oldest = this.#clock.now() - MAX_IDLE_MS;
    for (const socket of freeSockets(this.#agent)) if ((this.#idleSince.get(socket) ?? oldest) < oldest) socket.destroy();
    return this.#agent;
  }

  #createAgent(identity: Identity): Agent {
    const agent = createAgent(this.#endpoint, identity);
    agent.on('free', (socket: Duplex) => this.#idleSince.set(socket, this.#clock.now()));
    this.#open.add(agent);
    return agent;
  }

  /** What is under way on these connections ends on them; none is used again. */
  #retire(): void {
    if (this.#agent !== undefined) {
      this.#agent.maxFreeSockets = 0;
      for (const socket of freeSockets(this.#agent)) socket.destroy();
    }
    this.#session?.retire();
    this.#agent = undefined;
    this.#session = undefined;
    this.#dialing = undefined;
  }

  /** The connection by HTTP/2, undefined where HTTP/1.1 is spoken. Rejects with ApiError: nothing was sent. */
  async #sessionFor(wire: Wire, agent: Agent, ended: Promise<never>): Promise<H2Session | undefined> {
    if (!this.#speaksH2 || this.#session?.usable === true) return this.#session;
    this.#session?.retire();
    this.#dialing ??= this.#dial(agent);
    const dialing = this.#dialing;
    dialing.waiting += 1;
    try {
      return await Promise.race([ended, dialing.session]);
    } catch (error) {
      throw notSent(wire, error as Error);
    } finally {
      dialing.waiting -= 1;
      if (dialing.waiting === 0) dialing.abandon(new Error('nobody waits for this connection'));
      if (dialing.waiting === 0 && this.#dialing === dialing) this.#dialing = undefined;
    }
  }

  #dial(agent: Agent): Dialing {
    const { socket, abandon } = dial(this.#endpoint, agent, this.#clock);
    const session = socket.then((connected) => {
      if (connected.alpnProtocol !== 'h2') {
        this.#speaksH2 = false;
        handOver(connected, agent);
        return undefined;
      }
      const made = new H2Session(this.#endpoint.server, connected, this.#clock);
      for (const one of this.#open) if (one instanceof H2Session && one.over) this.#open.delete(one);
      this.#open.add(made);
      // Unless another certificate is used by now.
      if (agent === this.#agent) this.#session = made;
      return made;
    });
    return { session, abandon, waiting: 0 };
  }
}

function notSent(wire: Wire, error: Error): ApiError {
  return errorFromBreakage({ request: wire.name, error, connected: false });
}

function freeSockets(agent: Agent): readonly Duplex[] {
  return Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? []);
}

function isSameCertificate(a: Identity, b: Identity): boolean {
  return a.cert === b.cert && a.key === b.key;
}
