import { type ClusterDomain, findClusterDomain, type Guess, serves, USUAL_DOMAIN, zonesOfCorefile } from '../../dns/cluster-domain.ts';
import { lookUp, type Wanted } from '../../dns/look-up.ts';
import type { Resolver } from '../../dns/resolver.ts';
import { ApiError } from '../../domain/errors.ts';
import type { Service, StatefulSet } from '../../domain/kube.ts';
import { pathOf, refTo } from '../../domain/object-ref.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { governingService } from '../../findings/governing-service.ts';
import type { DnsReading } from '../../peers/evidence.ts';
import { expectedHosts } from '../../peers/model.ts';
import type { Io } from '../io.ts';
import type { DnsRequest } from '../peers-request.ts';
import type { Cluster } from '../session.ts';
import { type Way, waysToDns, whyFailed } from './peers-ways.ts';

/** What DNS said, and the ways that did not lead there. */
export interface DnsLook {
  readonly reading: DnsReading;
  readonly failed: readonly string[];
}

/** The DNS of a cluster, by the first way that works; it is kept open from one look to the next. */
export class ClusterDns {
  readonly #request: DnsRequest;
  readonly #cluster: Cluster;
  readonly #env: Io['env'];
  #open: { readonly way: string; readonly resolver: Resolver; readonly domain: ClusterDomain } | undefined;

  constructor(request: DnsRequest, cluster: Cluster, env: Io['env']) {
    this.#request = request;
    this.#env = env;
    this.#cluster = cluster;
  }

  /** Asks about the set of a snapshot. A way that fails is no error: the reading says so, and the next look tries them all. */
  async look(snapshot: Snapshot, set: StatefulSet): Promise<DnsLook> {
    const failed: string[] = [];
    if ((set.spec.serviceName ?? '') === '') return { reading: { state: 'unknown', message: 'there is no name to ask for' }, failed };
    // A server closes a connection on which nothing is asked for some seconds.
    if (this.#open?.resolver.usable === false) this.close();
    for await (const way of this.#ways(snapshot, set, failed)) {
      try {
        this.#open ??= await this.#enter(way);
        const { resolver, domain } = this.#open;
        const lookedUp = await lookUp(resolver, wantedOf(snapshot, set, domain));
        return { reading: { state: 'read', way: this.#open.way, domain, lookedUp }, failed };
      } catch (error) {
        failed.push(`${way.name}: ${sentenceOf(error)}`);
        this.close();
      }
    }
    return { reading: { state: 'unknown', message: failed.join('; ') }, failed };
  }

  close(): void {
    this.#open?.resolver.close();
    this.#open = undefined;
  }

  /** The way that is open, before all others. */
  async *#ways(snapshot: Snapshot, set: StatefulSet, failed: string[]): AsyncGenerator<Way> {
    if (this.#open !== undefined) yield { name: this.#open.way, open: () => Promise.reject(new Error('it is open')) };
    try {
      yield* waysToDns(this.#request, { snapshot, set, connection: this.#cluster.connection, env: this.#env });
    } catch (error) {
      failed.push(`${this.#request.via.way === 'exec' ? 'exec' : 'port-forward'}: ${sentenceOf(error)}`);
    }
  }

  async #enter(way: Way): Promise<{ readonly way: string; readonly resolver: Resolver; readonly domain: ClusterDomain }> {
    const [resolver, guesses] = await Promise.all([way.open(), domainGuesses(this.#request, this.#cluster)]);
    try {
      const domain = await domainOf(resolver, this.#request, guesses, this.#cluster);
      return { way: resolver.tool === undefined ? way.name : `${way.name} (${resolver.tool})`, resolver, domain };
    } catch (error) {
      resolver.close();
      throw error;
    }
  }
}

/** @throws the error itself, where it says nothing about the way */
function sentenceOf(error: unknown): string {
  const why = whyFailed(error);
  if (why === undefined) throw error;
  return why;
}

/** A domain that was given is the one to ask for, right or wrong: whoever gave it wants to know. */
async function domainOf(
  resolver: Resolver,
  { clusterDomain: name }: DnsRequest,
  guesses: readonly Guess[],
  cluster: Cluster,
): Promise<ClusterDomain> {
  if (name !== undefined) return { name, from: '--cluster-domain', served: await serves(resolver, name) };
  return findClusterDomain(resolver, guesses, () => apiAddress(cluster));
}

function wantedOf(snapshot: Snapshot, set: StatefulSet, { name: domain, served }: ClusterDomain): Wanted {
  const spec: Partial<Service['spec']> = governingService(snapshot, set)?.spec ?? {};
  const service = `${set.spec.serviceName ?? ''}.${snapshot.target.namespace}.svc.${domain}`;
  const families = spec.ipFamilies ?? ['IPv4', 'IPv6'];
  return {
    service,
    foreign: !served,
    ports: (spec.ports ?? []).flatMap(({ name, protocol = 'TCP' }) => (name === undefined || name === '' ? [] : [{ name, protocol }])),
    hosts: expectedHosts(set, service),
    families: [...(families.includes('IPv4') ? (['A'] as const) : []), ...(families.includes('IPv6') ? (['AAAA'] as const) : [])],
  };
}

const COREFILE = '/api/v1/namespaces/kube-system/configmaps/coredns';

async function domainGuesses({ clusterDomain, via }: DnsRequest, { connection }: Cluster): Promise<readonly Guess[]> {
  if (clusterDomain !== undefined) return [];
  const usual = { name: USUAL_DOMAIN, from: 'the usual one' };
  // A server that was named may be another than CoreDNS.
  if (via.way === 'server' || via.way === 'system') return [usual];
  const found = await hint<{ readonly data?: { readonly Corefile?: string } }>(connection, COREFILE);
  const zones = zonesOfCorefile(found?.data?.Corefile ?? '');
  return [...zones.map((name) => ({ name, from: 'the Corefile' })), ...(zones.includes(USUAL_DOMAIN) ? [] : [usual])];
}

async function apiAddress({ connection }: Cluster): Promise<string | undefined> {
  const service = await hint<{ readonly spec?: { readonly clusterIP?: string } }>(
    connection,
    pathOf(refTo('services', 'default', 'kubernetes')),
  );
  return service?.spec?.clusterIP;
}

/** An object that would help: what cannot be read is as good as not there. */
async function hint<T>({ transport }: Cluster['connection'], path: string): Promise<T | undefined> {
  try {
    return (await transport.request<T>({ method: 'GET', path })).body;
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}
