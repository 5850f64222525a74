import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import {
  createServer,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { stringify } from 'yaml';
import { type Tls, tlsOf } from './api.ts';
import type { ProvidedCluster } from './provided.ts';

/** One change on its way to the API server. */
export interface Write {
  /** From 0, in the order of arrival. */
  readonly index: number;
  readonly method: string;
  readonly path: string;
  /** Status of the answer, once there is one. */
  status?: number;
}

/** What becomes of a request at this point of its way. */
export type Verdict =
  | 'pass'
  /** The connection breaks: before the server hears of it, or before the client hears the answer. */
  | 'drop';

export interface Hooks {
  /** The write has arrived here; the server does not know of it yet. */
  before?(write: Write): Verdict | Promise<Verdict>;
  /** The server has answered; the client does not know of it yet. */
  after?(write: Write): Verdict | Promise<Verdict>;
}

/**
 * A plain-HTTP way to the API server on loopback, which counts writes and can be told to stop at any of them. It carries
 * the user's certificate itself, so that a kubeconfig with nothing but its address works. Reads and watches flow through.
 */
export class WriteProxy {
  readonly #target: URL;
  readonly #send: typeof httpsRequest;
  readonly #agent: HttpAgent;
  readonly #server: Server;
  readonly #dir: string;
  readonly #context: string;
  readonly #writes: Write[] = [];
  hooks: Hooks = {};

  private constructor({ api, dir, context }: ProvidedCluster, tls: Tls | undefined) {
    this.#target = new URL(api);
    this.#dir = dir;
    this.#context = context;
    const secure = this.#target.protocol === 'https:';
    this.#send = secure ? httpsRequest : httpRequest;
    this.#agent = secure ? new HttpsAgent({ keepAlive: true, ...tls }) : new HttpAgent({ keepAlive: true });
    this.#server = createServer((request, response) => void this.#serve(request, response).catch(() => response.destroy()));
    this.#server.requestTimeout = 0;
  }

  /** @param kubeconfig whose certificate the requests carry; not asked for on a cluster behind `kubectl proxy` */
  static async open(cluster: ProvidedCluster, kubeconfig: string): Promise<WriteProxy> {
    const proxy = new WriteProxy(cluster, cluster.sandbox === undefined ? undefined : tlsOf(kubeconfig));
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get writes(): readonly Write[] {
    return this.#writes;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Path of a kubeconfig that goes this way. */
  get kubeconfig(): string {
    const port = (this.#server.address() as AddressInfo).port;
    const path = join(this.#dir, `proxy-${port}.kubeconfig`);
    const context = this.#context;
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': context,
      clusters: [{ name: context, cluster: { server: this.address } }],
      users: [{ name: 'nobody', user: {} }],
      contexts: [{ name: context, context: { cluster: context, user: 'nobody' } }],
    };
    writeFileSync(path, stringify(config));
    return path;
  }

  /** Breaks every connection and takes no more. */
  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
    this.#agent.destroy();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    if (isWrite(request, body)) return this.#change(request, body, response);
    const answer = await this.#forward(request, body, response);
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    // The head of a watch must reach the client before its first event does.
    response.flushHeaders();
    answer.on('error', () => response.destroy()).pipe(response);
  }

  async #change(request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    const write = this.#note(request);
    if ((await this.hooks.before?.(write)) === 'drop') return void response.destroy();
    const answer = await this.#forward(request, body, response);
    const content = await buffer(answer);
    write.status = answer.statusCode ?? 0;
    if ((await this.hooks.after?.(write)) === 'drop') return void response.destroy();
    response.writeHead(answer.statusCode ?? 502, answer.headers).end(content);
  }

  #note({ method = '', url = '' }: IncomingMessage): Write {
    const write: Write = { index: this.#writes.length, method, path: url };
    this.#writes.push(write);
    return write;
  }

  #forward({ method, url, headers }: IncomingMessage, body: Buffer, response: ServerResponse): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const { host: _host, connection: _connection, ...kept } = headers;
      const sent = this.#send({ ...addressOf(this.#target), method, path: url, headers: kept, agent: this.#agent }, resolve);
      sent.on('error', reject);
      // A client that went away ends its watch at the server too; a write goes on, as it would on the wire.
      response.on('close', () => {
        if (method === 'GET') sent.destroy();
      });
      sent.end(body);
    });
  }
}

const addressOf = ({ hostname, port }: URL) => ({ hostname, port });

const writing = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** A change that an operation must do: reviews, dry runs, Events and heartbeats are not. */
function isWrite({ method = '', url = '' }: IncomingMessage, body: Buffer): boolean {
  if (!writing.has(method) || /[?&]dryRun=/.test(url)) return false;
  if (/\/(selfsubject[a-z]*reviews|events)(\?|$)/.test(url)) return false;
  return !isHeartbeat(body);
}

/** A JSON patch that changes nothing but the sign of life. */
function isHeartbeat(body: Buffer): boolean {
  try {
    const ops: unknown = JSON.parse(body.toString('utf8'));
    if (!Array.isArray(ops)) return false;
    const changes = (ops as { readonly op: string; readonly path: string }[]).filter(({ op }) => op !== 'test');
    return changes.length > 0 && changes.every(({ path }) => path.endsWith('/sts-safe.dev~1heartbeat') || path === '/data/heartbeat');
  } catch {
    return false;
  }
}
