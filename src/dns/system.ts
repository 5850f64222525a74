import type { Resolver as NodeResolver } from 'node:dns/promises';
import { type DnsAnswer, type DnsRecord, plain, type Question } from './message.ts';
import { DnsFailure, type Resolver } from './resolver.ts';

/**
 * The resolver of this machine, which in a Pod is that of the cluster (resolv.conf). It asks by UDP, and again by TCP where
 * an answer was cut off.
 *
 * @param timeoutMs for one try, milliseconds; there are two
 * @param servers instead of those of resolv.conf: `HOST:PORT`
 */
export function systemResolver(timeoutMs: number, servers?: readonly string[]): Resolver {
  const { promises } = process.getBuiltinModule('node:dns');
  const resolver = new promises.Resolver({ timeout: timeoutMs, tries: 2 });
  if (servers !== undefined) resolver.setServers(servers);
  return new SystemResolver(resolver);
}

/** Names are not there, or have no such records. Everything else is a failure. */
const NO_RECORDS: Readonly<Record<string, string>> = { ENOTFOUND: 'NXDOMAIN', ENODATA: 'NOERROR' };

class SystemResolver implements Resolver {
  readonly #resolver: NodeResolver;
  usable = true;

  constructor(resolver: NodeResolver) {
    this.#resolver = resolver;
  }

  async ask(question: Question): Promise<DnsAnswer> {
    try {
      return { rcode: 'NOERROR', truncated: false, records: await this.#records(question) };
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException;
      const rcode = NO_RECORDS[code];
      if (rcode === undefined) throw new DnsFailure(message, { cause: error });
      return { rcode, truncated: false, records: [] };
    }
  }

  close(): void {
    this.usable = false;
    this.#resolver.cancel();
  }

  async #records({ name: asked, type }: Question): Promise<readonly DnsRecord[]> {
    const name = plain(asked);
    switch (type) {
      case 'SRV':
        // Node tells no TTL of these.
        return (await this.#resolver.resolveSrv(name)).map(({ name: target, port }) => ({
          type,
          name,
          ttl: 0,
          target: plain(target),
          port,
        }));
      case 'A':
        return (await this.#resolver.resolve4(name, { ttl: true })).map(({ address, ttl }) => ({ type, name, ttl, address }));
      case 'AAAA':
        return (await this.#resolver.resolve6(name, { ttl: true })).map(({ address, ttl }) => ({ type, name, ttl, address }));
      case 'PTR':
        return (await this.#resolver.resolvePtr(name)).map((target) => ({ type, name, ttl: 0, target: plain(target) }));
    }
  }
}
