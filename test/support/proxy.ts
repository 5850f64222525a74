import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, Agent as HttpAgent, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { stringify } from 'yaml';
import { type Tls, tlsOf } from './api.ts';
import { loopback } from './certificates.ts';
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
  /** A read, no watch, has arrived here; the server does not know of it yet. */
  read?(path: string): void | Promise<void>;
  /** Anything else than a write has arrived here: reads, reviews, dry runs, Events, heartbeats. */
  other?(method: string, path: string): void | Promise<void>;
}

type Asked = IncomingMessage | Http2ServerRequest;
type Answer = ServerResponse | Http2ServerResponse;

/**
 * A way to the API server on loopback, which counts writes and can be told to stop at any of them. It carries the user's
 * certificate itself, so that a kubeconfig with nothing but its address works. Reads and watches flow through. It speaks
 * HTTP/2, or nothing but HTTP/1.1 without TLS.
 */
export class WriteProxy {
  readonly #target: URL;
  readonly #send: typeof httpsRequest;
  readonly #agent: HttpAgent;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #scheme: 'http' | 'https';
  readonly #dir: string;
  readonly #context: string;
  readonly #writes: Write[] = [];
  hooks: Hooks = {};

  private constructor({ api, dir, context }: ProvidedCluster, tls: Tls | undefined, http2: boolean) {
    this.#target = new URL(api);
    this.#dir = dir;
    this.#context = context;
    const secure = this.#target.protocol === 'https:';
    this.#send = secure ? httpsRequest : httpRequest;
    this.#agent = secure ? new HttpsAgent({ keepAlive: true, ...tls }) : new HttpAgent({ keepAlive: true });
    this.#scheme = http2 ? 'https' : 'http';
    const serve = (request: Asked, response: Answer): void => void this.#serve(request, response).catch(() => breakOff(response));
    this.#server = http2
      ? createSecureServer(loopback, serve).on('sessionError', () => undefined)
      : createServer({ requestTimeout: 0 }, serve);
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** @param kubeconfig whose certificate the requests carry; not asked for on a cluster behind `kubectl proxy` */
  static async open(cluster: ProvidedCluster, kubeconfig: string, { http2 = true } = {}): Promise<WriteProxy> {
    const proxy = new WriteProxy(cluster, cluster.sandbox === undefined ? undefined : tlsOf(kubeconfig), http2);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get writes(): readonly Write[] {
    return this.#writes;
  }

  get address(): string {
    return `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Path of a kubeconfig that goes this way. */
  get kubeconfig(): string {
    const port = (this.#server.address() as AddressInfo).port;
    const path = join(this.#dir, `proxy-${port}.kubeconfig`);
    const context = this.#context;
    const authority = Buffer.from(loopback.cert).toString('base64');
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': context,
      clusters: [{ name: context, cluster: { server: this.address, 'certificate-authority-data': authority } }],
      users: [{ name: 'nobody', user: {} }],
      contexts: [{ name: context, context: { cluster: context, user: 'nobody' } }],
    };
    writeFileSync(path, stringify(config));
    return path;
  }

  /** Breaks every connection and takes no more. */
  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    this.#agent.destroy();
  }

  async #serve(request: Asked, response: Answer): Promise<void> {
    const body = await buffer(request);
    if (isWrite(request, body)) return this.#change(request, body, response);
    const { method = '', url = '' } = request;
    await this.hooks.other?.(method, url);
    if (method === 'GET' && !/[?&]watch=/.test(url)) await this.hooks.read?.(url);
    const answer = await this.#forward(request, body, response);
    writeHead(response, answer);
    answer.on('error', () => breakOff(response)).pipe(response);
  }

  async #change(request: Asked, body: Buffer, response: Answer): Promise<void> {
    const write = this.#note(request);
    if ((await this.hooks.before?.(write)) === 'drop') return breakOff(response);
    const answer = await this.#forward(request, body, response);
    const content = await buffer(answer);
    write.status = answer.statusCode ?? 0;
    if ((await this.hooks.after?.(write)) === 'drop') return breakOff(response);
    writeHead(response, answer);
    response.end(content);
  }

  #note({ method = '', url = '' }: Asked): Write {
    const write: Write = { index: this.#writes.length, method, path: url };
    this.#writes.push(write);
    return write;
  }

  #forward({ method, url, headers }: Asked, body: Buffer, response: Answer): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const kept = Object.fromEntries(
        Object.entries(headers).filter(([name]) => !name.startsWith(':') && !/^(host|connection)$/.test(name)),
      );
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

/** The connection breaks, with all that is on it. */
function breakOff(response: Answer): void {
  if ('stream' in response) response.stream.session?.destroy();
  else response.destroy();
}

/** The head of a watch must reach the client before its first event does. */
function writeHead(response: Answer, { statusCode = 502, headers }: IncomingMessage): void {
  // Of one connection: HTTP/2 forbids them.
  const { connection: _connection, 'keep-alive': _keepAlive, 'transfer-encoding': _encoding, ...kept } = headers;
  if ('stream' in response) response.writeHead(statusCode, kept);
  else response.writeHead(statusCode, kept).flushHeaders();
}

const addressOf = ({ hostname, port }: URL) => ({ hostname, port });

const writing = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** A change that an operation must do: reviews, dry runs, Events and heartbeats are not. */
function isWrite({ method = '', url = '' }: Asked, body: Buffer): boolean {
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
