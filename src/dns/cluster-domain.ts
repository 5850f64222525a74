import { plain } from './message.ts';
import type { Resolver } from './resolver.ts';

/** Where every cluster begins: the Service of the API server. */
const API_SERVICE = 'kubernetes.default.svc';

/** What most clusters have. */
export const USUAL_DOMAIN = 'cluster.local';

export interface ClusterDomain {
  /** `cluster.local`. */
  readonly name: string;
  /** Whether DNS knows the API server's Service in it: a domain that it does not serve has no peers either. */
  readonly served: boolean;
  /** Where it comes from, for people: `--cluster-domain`, `the Corefile`. */
  readonly from: string;
}

export interface Guess {
  readonly name: string;
  readonly from: string;
}

/**
 * The first of the guesses that DNS serves. Where it serves none of them, the reverse name of the API server's address may
 * say the right one; the last resort is the first guess. Rejects with DnsFailure.
 *
 * @param apiAddress clusterIP of the Service `kubernetes`, asked for only then; undefined where it cannot be read
 */
export async function findClusterDomain(
  resolver: Resolver,
  guesses: readonly Guess[],
  apiAddress: () => Promise<string | undefined>,
): Promise<ClusterDomain> {
  for (const guess of guesses) if (await serves(resolver, guess.name)) return { ...guess, served: true };
  const address = (await apiAddress()) ?? '';
  const reverse = await byAddress(resolver, address);
  if (reverse !== undefined) return { name: reverse, from: `the reverse name of ${address}`, served: true };
  return { ...(guesses[0] ?? { name: USUAL_DOMAIN, from: 'the usual one' }), served: false };
}

/** Whether DNS knows the API server's Service under this domain. Rejects with DnsFailure. */
export async function serves(resolver: Resolver, domain: string): Promise<boolean> {
  const answers = await Promise.all((['A', 'AAAA'] as const).map((type) => resolver.ask({ name: `${API_SERVICE}.${domain}`, type })));
  return answers.some(({ rcode, records }) => rcode === 'NOERROR' && records.length > 0);
}

async function byAddress(resolver: Resolver, address: string): Promise<string | undefined> {
  if (!/^\d+\.\d+\.\d+\.\d+$/.test(address)) return undefined;
  const name = `${address.split('.').toReversed().join('.')}.in-addr.arpa`;
  const { records } = await resolver.ask({ name, type: 'PTR' });
  const found = records
    .flatMap((record) => (record.type === 'PTR' ? [record.target] : []))
    .find((target) => target.startsWith(API_SERVICE));
  return found?.slice(API_SERVICE.length + 1);
}

/**
 * The zones of a Corefile's kubernetes plugin, reverse zones left out. It may stand inside of any server block; where it
 * names no zone, it has those of its block (coredns.io/plugins/kubernetes).
 */
export function zonesOfCorefile(text: string): readonly string[] {
  const zones: string[] = [];
  let block: readonly string[] = [];
  let depth = 0;
  for (const raw of text.split('\n')) {
    const line = raw.replace(/#.*/, '').trim();
    const words = line.split(/\s+/).filter((word) => word !== '' && word !== '{');
    if (depth === 0 && line.endsWith('{')) block = words;
    if (depth === 1 && words[0] === 'kubernetes') zones.push(...(words.length > 1 ? words.slice(1) : block));
    depth += countOf('{', line) - countOf('}', line);
  }
  return [...new Set(zones.map(withoutPort))].filter((zone) => zone !== '' && !zone.endsWith('.arpa') && !zone.includes('/'));
}

function countOf(brace: string, line: string): number {
  return line.split(brace).length - 1;
}

function withoutPort(zone: string): string {
  return plain(zone.replace(/^[a-z]+:\/\//, '').replace(/:\d+$/, ''));
}
