import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A node's way to the API server: a loopback port, or a unix socket, that can be cut. Cut, it resets what is open and everything new, as
 * a refused connection; the port stays bound, so no other process gets it meanwhile.
 */
export class Relay {
  readonly #target: number;
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #cut = false;

  constructor(target: number) {
    this.#target = target;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  get isCut(): boolean {
    return this.#cut;
  }

  async listen(at: number | string): Promise<void> {
    this.#server.listen(typeof at === 'string' ? { path: at } : { port: at, host: '127.0.0.1' });
    await once(this.#server, 'listening');
  }

  cut(): void {
    this.#cut = true;
    for (const socket of this.#open) socket.resetAndDestroy();
  }

  join(): void {
    this.#cut = false;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
  }

  #accept(incoming: Socket): void {
    if (this.#cut) {
      incoming.on('error', () => {});
      incoming.resetAndDestroy();
      return;
    }
    const outgoing = connect(this.#target, '127.0.0.1');
    for (const [socket, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      this.#open.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => other.destroy());
      socket.once('close', () => {
        this.#open.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }
}
