import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as afterBackOff } from 'node:timers/promises';
import { ensureModules } from '../../sandbox/build/binaries.ts';
import { defaultMinor } from '../../sandbox/build/modules.ts';
import { plainReporter } from '../../sandbox/build/reporter.ts';
import { fullVersion } from '../../sandbox/build/version.ts';
import { realModules } from '../../sandbox/real/modules.ts';

/** The module of its own that CoreDNS is compiled from: with the sandbox's it would lift etcd's API. */
export async function coreDnsBinary(): Promise<string> {
  const modules = realModules(defaultMinor, fullVersion(defaultMinor)).filter(({ name }) => name === 'coredns');
  return (
    await ensureModules(
      modules,
      plainReporter(() => {}),
    )
  )('coredns');
}

/** A real CoreDNS on a port of this machine, which serves what the API server of a kubeconfig has. */
export class CoreDns {
  readonly port: number;
  readonly #dir: string;
  readonly #binary: string;
  #process: ChildProcess | undefined;

  private constructor(port: number, dir: string, binary: string) {
    this.port = port;
    this.#dir = dir;
    this.#binary = binary;
  }

  /** @param plugins lines of its server block: `cache 30` */
  static async start(
    kubeconfig: string,
    dir: string,
    { domain = 'cluster.local', ttl = 0, plugins = [] as readonly string[] } = {},
  ): Promise<CoreDns> {
    const [binary, port] = await Promise.all([coreDnsBinary(), freePort()]);
    const own = mkdtempSync(join(dir, 'coredns-'));
    const lines = [`kubernetes ${domain} in-addr.arpa {`, `kubeconfig ${kubeconfig}`, `ttl ${ttl}`, '}', ...plugins];
    writeFileSync(join(own, 'Corefile'), `.:${port} {\nbind 127.0.0.1\nerrors\n${lines.join('\n')}\n}\n`);
    const dns = new CoreDns(port, own, binary);
    await dns.restart();
    return dns;
  }

  get server(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Starts it after `kill`; resolves when it takes connections, which is when its informers are synchronized. */
  async restart(): Promise<void> {
    const child = spawn(this.#binary, ['-conf', join(this.#dir, 'Corefile')], {
      // Ends with this process, however that ends (sandbox/go/lifeline).
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
      env: { ...process.env, SANDBOX_LIFELINE: '3' },
    });
    this.#process = child;
    while (!(await this.#takesConnections())) {
      if (child.exitCode !== null) throw new Error(`CoreDNS ended with ${child.exitCode}`);
      await afterBackOff(20);
    }
  }

  async kill(): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  #takesConnections(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
  }
}

/** Below the ports that the kernel gives to connections: one that is free now stays free while the server is away. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 28_000);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    server.close();
    if (isFree) return port;
  }
}
