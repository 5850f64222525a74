import type { OpenConnection } from '../../cluster/connection.ts';
import { listAll } from '../../cluster/list.ts';
import { forwardPort, type PodPort } from '../../cluster/port-forward.ts';
import { DnsOverStream } from '../../dns/over-stream.ts';
import type { Resolver } from '../../dns/resolver.ts';
import { DnsFailure } from '../../dns/resolver.ts';
import { systemResolver } from '../../dns/system.ts';
import { dialDns } from '../../dns/tcp.ts';
import { ApiError, CannotError } from '../../domain/errors.ts';
import type { EndpointSlice, KubeObject, StatefulSet } from '../../domain/kube.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import type { Io } from '../io.ts';
import type { DnsRequest } from '../peers-request.ts';
import { podsToAskFrom, resolverIn } from './peers-exec.ts';

/** One way to a DNS server of the cluster. */
export interface Way {
  /** `port-forward to Pod kube-system/coredns-x`. */
  readonly name: string;
  /** Rejects with an error of `whyFailed`. */
  open(): Promise<Resolver>;
}

/** A DNS server that has said nothing for so long is given up, milliseconds. */
const SILENCE_MS = 5000;

/** How many Pods are tried, of the DNS Service and of the StatefulSet. */
const MOST_PODS = 3;

/** Where clusters keep their DNS: CoreDNS and kube-dns under one label (kubeadm, kind, GKE, EKS, AKS, RKE2), OpenShift. */
const DNS_SERVICES = [
  { namespace: 'kube-system', labelSelector: 'k8s-app=kube-dns' },
  { namespace: 'openshift-dns', labelSelector: 'kubernetes.io/service-name=dns-default' },
] as const;

/** For whom a way is looked for. */
export interface Asking {
  readonly snapshot: Snapshot;
  readonly set: StatefulSet;
  readonly connection: OpenConnection;
  readonly env: Io['env'];
}

/**
 * The ways to DNS, in the order in which they are tried. Rejects with an error of `whyFailed` where they cannot be found. Commands
 * are run in Pods only where that was asked for.
 */
export async function* waysToDns({ via }: DnsRequest, { snapshot, set, connection, env }: Asking): AsyncGenerator<Way> {
  if (via.way === 'server') {
    const { host, port } = via.server;
    yield { name: `DNS server ${host}, port ${port} (TCP)`, open: () => dialDns(via.server, connection.clock, SILENCE_MS) };
    return;
  }
  if (via.way === 'exec') {
    for (const pod of podsToAskFrom(snapshot, set, via.pod).slice(0, MOST_PODS))
      yield {
        name: `exec in Pod ${snapshot.target.namespace}/${pod.metadata.name}`,
        open: () => Promise.resolve(resolverIn(pod, connection)),
      };
    return;
  }
  const inCluster = (env['KUBERNETES_SERVICE_HOST'] ?? '') !== '';
  if (via.way === 'system' || (via.way === 'auto' && inCluster))
    yield { name: 'the resolver of this machine', open: () => Promise.resolve(systemResolver(SILENCE_MS / 2)) };
  if (via.way === 'system') return;
  for (const pod of (await dnsPods(connection)).slice(0, MOST_PODS))
    yield {
      name: `port-forward to Pod ${pod.namespace}/${pod.pod}`,
      open: async () => new DnsOverStream(await forwardPort(connection.sockets, pod), connection.clock, SILENCE_MS),
    };
}

/** Pods that serve DNS by TCP, with the port that they serve it on. */
async function dnsPods({ transport }: OpenConnection): Promise<readonly PodPort[]> {
  for (const { namespace, labelSelector } of DNS_SERVICES) {
    const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
    const { items } = await listAll(transport, { path, labelSelector, decode: (slice: KubeObject) => slice as EndpointSlice });
    const found = items.flatMap((slice) => podsIn(slice, namespace));
    if (found.length > 0) return found;
  }
  throw new CannotError('no Pod of a DNS Service is ready (label k8s-app=kube-dns in namespace kube-system)');
}

function podsIn({ ports, endpoints }: EndpointSlice, namespace: string): readonly PodPort[] {
  const dns = (ports ?? []).find(({ name = '', port, protocol }) => protocol === 'TCP' && (port === 53 || name.startsWith('dns')));
  if (dns?.port === undefined) return [];
  const { port } = dns;
  return (endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false)
    .flatMap(({ targetRef }) =>
      targetRef?.kind === 'Pod' && targetRef.name !== undefined ? [{ namespace, pod: targetRef.name, port }] : [],
    );
}

/** The sentence for a way that did not work; undefined for an error that is none of its business. */
export function whyFailed(error: unknown): string | undefined {
  if (error instanceof ApiError) return error.status === 403 ? `forbidden: ${error.message}` : error.message;
  return error instanceof DnsFailure || error instanceof CannotError ? error.message : undefined;
}
