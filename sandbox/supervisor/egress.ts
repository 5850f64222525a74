import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, isIPv4, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * The CONNECT proxy behind the API server's egress selector. A node's kubelet port leads to its KWOK process, a Pod's
 * port to a listener that a test registered; loopback (a webhook, say) is passed on; everything else is refused, so
 * nothing ever leaves this machine.
 */
export class Egress {
  readonly #server: Server;
  readonly #routes: Map<string, number>;
  readonly #open = new Map<Socket, string>();

  /** `fixed`: pairs of `address:port` and the loopback port behind it. */
  constructor(fixed: Iterable<readonly [string, number]>) {
    this.#routes = new Map(fixed);
    this.#server = createServer((_, response) => response.writeHead(405).end());
    this.#server.on('connect', (request, socket, head) => this.#connect(request, socket, head));
  }

  listen(path: string): Promise<void> {
    return new Promise((resolve, reject) => this.#server.once('error', reject).listen(path, resolve));
  }

  /** Sends what the API server proxies to `address:port` to a loopback port; without one, refuses it again. */
  route(address: string, port: number, local: number | undefined): void {
    const authority = `${address}:${port}`;
    if (local === undefined) this.#routes.delete(authority);
    else this.#routes.set(authority, local);
    // The API server keeps connections for the next request.
    for (const [socket, to] of this.#open) if (to === authority) socket.destroy();
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#open.keys()) socket.destroy();
  }

  #connect(request: IncomingMessage, client: Duplex, head: Buffer): void {
    client.on('error', () => client.destroy());
    const port = this.#portFor(request.url ?? '');
    if (port === undefined) return refuse(client, `${request.url} is not reachable in the sandbox`);
    const target = connect(port, '127.0.0.1');
    target.once('error', (error) => refuse(client, error.message));
    this.#open.set(target, request.url ?? '');
    target.once('close', () => {
      this.#open.delete(target);
      // Ended in order, it has passed its last bytes on to the pipe.
      if (!client.writableEnded) client.destroy();
    });
    target.once('connect', () => {
      target.removeAllListeners('error').on('error', () => client.destroy());
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.write(head);
      client.pipe(target).pipe(client);
    });
    client.once('close', () => target.destroy());
  }

  #portFor(authority: string): number | undefined {
    const known = this.#routes.get(authority);
    if (known !== undefined) return known;
    const [host = '', port] = authority.split(':');
    return isIPv4(host) && host.startsWith('127.') ? Number(port) : undefined;
  }
}

function refuse(client: Duplex, reason: string): void {
  // In the status line, as that is all that the API server passes on.
  client.end(`HTTP/1.1 502 ${reason.replace(/[^\x20-\x7e]/g, ' ')}\r\ncontent-length: 0\r\n\r\n`);
}
