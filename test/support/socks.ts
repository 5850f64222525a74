import { once } from 'node:events';
import { createServer, connect as dial, isIPv6, type Server, type Socket } from 'node:net';

/** What the proxy is asked to reach, and as whom. */
export interface Asked {
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
}

export interface SocksOptions {
  /** Whoever cannot say this is turned away (RFC 1929). */
  readonly login?: { readonly user: string; readonly password: string };
  /** Names that only the proxy can look up. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** Takes connections and says nothing. */
  readonly mute?: boolean;
}

const NO_LOGIN = 0;
const LOGIN = 2;
const REFUSED = Buffer.from([5, 5, 0, 1, 0, 0, 0, 0, 0, 0]);
const DONE = Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]);

/** A SOCKS5 proxy on loopback (RFC 1928), CONNECT alone. */
export class SocksServer {
  readonly asked: Asked[] = [];
  readonly #options: SocksOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(options: SocksOptions) {
    this.#options = options;
    this.#server = createServer((client) => {
      this.#keep(client);
      if (options.mute !== true) void this.#serve(client).catch(() => client.destroy());
    });
  }

  static async open(options: SocksOptions = {}): Promise<SocksServer> {
    const proxy = new SocksServer(options);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** `127.0.0.1:PORT`. */
  get host(): string {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? `127.0.0.1:${address.port}` : '';
  }

  /** Breaks every connection and takes no more. */
  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => this.#sockets.delete(socket));
  }

  async #serve(client: Socket): Promise<void> {
    const [, methods = 0] = await take(client, 2);
    const offered = await take(client, methods);
    const wanted = this.#options.login === undefined ? NO_LOGIN : LOGIN;
    if (!offered.includes(wanted)) return void client.end(Buffer.from([5, 0xff]));
    client.write(Buffer.from([5, wanted]));
    const user = wanted === LOGIN ? await this.#loggedIn(client) : undefined;
    if (wanted === LOGIN && user === undefined) return void client.end(Buffer.from([1, 1]));
    await this.#connect(client, user);
  }

  async #loggedIn(client: Socket): Promise<string | undefined> {
    await take(client, 1);
    const user = String(await takeText(client));
    const password = String(await takeText(client));
    const { login } = this.#options;
    if (user !== login?.user || password !== login.password) return undefined;
    client.write(Buffer.from([1, 0]));
    return user;
  }

  async #connect(client: Socket, user: string | undefined): Promise<void> {
    const [, , , kind = 0] = await take(client, 4);
    const host = kind === 3 ? String(await takeText(client)) : address(await take(client, kind === 1 ? 4 : 16));
    const port = (await take(client, 2)).readUInt16BE();
    this.asked.push({ host, port, user });
    const onward = dial(port, this.#options.hosts?.[host] ?? host);
    this.#keep(onward);
    const reached = await once(onward, 'connect').then(
      () => true,
      () => false,
    );
    if (!reached) return void client.end(REFUSED);
    client.write(DONE);
    client.pipe(onward).pipe(client);
    client.once('close', () => onward.destroy());
    onward.once('close', () => client.destroy());
  }
}

async function take(socket: Socket, bytes: number): Promise<Buffer> {
  for (;;) {
    const chunk = socket.read(bytes) as Buffer | null;
    if (chunk !== null) return chunk;
    await once(socket, 'readable');
  }
}

async function takeText(socket: Socket): Promise<Buffer> {
  const [length = 0] = await take(socket, 1);
  return length === 0 ? Buffer.alloc(0) : take(socket, length);
}

function address(bytes: Buffer): string {
  if (bytes.length === 4) return [...bytes].join('.');
  const text = [...Array(8).keys()].map((at) => bytes.readUInt16BE(at * 2).toString(16)).join(':');
  return isIPv6(text) ? text : '';
}
