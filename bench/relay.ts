import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a server that is far: every byte takes `oneWayMs` more, and TCP's own handshake one round trip. */
export class Relay {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(port: number, host: string, oneWayMs: number) {
    this.#server = createServer({ pauseOnConnect: true, noDelay: true }, (client) => {
      const onward = connect({ port, host, noDelay: true });
      delay(onward, client, oneWayMs);
      setTimeout(() => {
        delay(client, onward, oneWayMs);
        client.resume();
      }, 2 * oneWayMs);
      for (const end of [client, onward]) {
        this.#sockets.add(end);
        end.on('error', () => (client.destroy(), onward.destroy()));
        end.once('close', () => this.#sockets.delete(end));
      }
    });
  }

  static async open(server: string, oneWayMs: number): Promise<Relay> {
    const { port, hostname } = new URL(server);
    const relay = new Relay(Number(port), hostname, oneWayMs);
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    return relay;
  }

  get address(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}

function delay(from: Socket, to: Socket, ms: number): void {
  from.on('data', (bytes) => void setTimeout(() => to.writable && to.write(bytes), ms));
  from.once('end', () => void setTimeout(() => to.end(), ms));
}
