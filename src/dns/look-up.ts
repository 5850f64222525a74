import { type DnsAnswer, type DnsRecord, plain } from './message.ts';
import { DnsFailure, type Resolver } from './resolver.ts';

/** What to ask about the Service that gives Pods their names. */
export interface Wanted {
  /** `web.prod.svc.cluster.local`. */
  readonly service: string;
  /** Named ports: only those have an SRV name of their own. */
  readonly ports: readonly { readonly name: string; readonly protocol: string }[];
  /** Absolute names of the Pods that should be found. */
  readonly hosts: readonly string[];
  /** A for IPv4, AAAA for IPv6. */
  readonly families: readonly ('A' | 'AAAA')[];
  /** DNS does not serve the domain: CoreDNS answers SERVFAIL for whatever is no zone of its own. */
  readonly foreign?: boolean;
}

export type SrvRecord = Extract<DnsRecord, { type: 'SRV' }>;

export interface SrvAnswer {
  readonly name: string;
  readonly rcode: string;
  readonly records: readonly SrvRecord[];
  /** More than fits into one message: what is missing was cut off. */
  readonly truncated: boolean;
}

export interface HostAnswer {
  readonly host: string;
  readonly addresses: readonly string[];
  /** Seconds for which somebody may still answer this. */
  readonly ttl: number;
}

/** Everything that DNS said about one Service. */
export interface LookedUp {
  /** SRV at the Service's own name: all ports, named or not (CoreDNS and kube-dns, not in the specification). */
  readonly bare: SrvAnswer;
  /** By port name. */
  readonly ports: ReadonlyMap<string, SrvAnswer>;
  /** By absolute name: the hosts that were wanted, and every target of an SRV record. */
  readonly hosts: ReadonlyMap<string, HostAnswer>;
}

/**
 * SRV at the bare name first, then at each named port, then the addresses of the hosts that are wanted, all sent before the first answer
 * comes; then the addresses of other hosts that SRV records name. Rejects with DnsFailure.
 */
export async function lookUp(from: Resolver, { service, ports, hosts, families, foreign = false }: Wanted): Promise<LookedUp> {
  const resolver = foreign ? from : failing(from);
  const addressesOf = (names: Iterable<string>): Promise<readonly HostAnswer[]> =>
    Promise.all([...names].map((host) => askHost(resolver, host, families)));
  const wanted = new Set(hosts.map(plain));
  const [bare, named, found] = await Promise.all([
    askSrv(resolver, service),
    Promise.all(
      ports.map(async ({ name, protocol }) => [name, await askSrv(resolver, `_${name}._${protocol.toLowerCase()}.${service}`)] as const),
    ),
    addressesOf(wanted),
  ]);
  const targets = [bare, ...named.map(([, answer]) => answer)].flatMap(({ records }) => records.map(({ target }) => target));
  const others = await addressesOf(new Set(targets).difference(wanted));
  return { bare, ports: new Map(named), hosts: new Map([...found, ...others].map((answer) => [answer.host, answer])) };
}

async function askSrv(resolver: Pick<Resolver, 'ask'>, name: string): Promise<SrvAnswer> {
  const { rcode, records, truncated } = await resolver.ask({ name, type: 'SRV' });
  return { name, rcode, truncated, records: records.filter((record) => record.type === 'SRV') };
}

async function askHost(resolver: Pick<Resolver, 'ask'>, host: string, families: Wanted['families']): Promise<HostAnswer> {
  const answers = await Promise.all(families.map((type) => resolver.ask({ name: host, type })));
  const records = answers.flatMap(addressRecords);
  return { host, addresses: [...new Set(records.map(({ address }) => address))], ttl: Math.max(0, ...records.map(({ ttl }) => ttl)) };
}

/** A server that could not find out has not said that there is nothing. */
function failing(resolver: Resolver): Pick<Resolver, 'ask'> {
  return {
    async ask(question) {
      const answer = await resolver.ask(question);
      if (answer.rcode === 'SERVFAIL') throw new DnsFailure(`the server failed to answer ${question.type} ${question.name} (SERVFAIL)`);
      return answer;
    },
  };
}

type AddressRecord = Extract<DnsRecord, { address: string }>;

function addressRecords({ records }: DnsAnswer): readonly AddressRecord[] {
  return records.filter((record): record is AddressRecord => 'address' in record);
}
