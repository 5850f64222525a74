import type { EndpointSlice } from '../domain/kube.ts';
import type { PeerPort } from './peer.ts';

/** One endpoint of a Service, merged over the slices of each address family. */
export interface Endpoint {
  readonly slices: readonly string[];
  readonly hostname?: string;
  readonly pod?: string;
  readonly podUid?: string;
  readonly addresses: readonly string[];
  /** Absent in the API counts as true, except for `terminating` (discovery/v1, EndpointConditions). */
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly ports: readonly PeerPort[];
  /** No controller writes this slice: somebody keeps it by hand. */
  readonly byHand: boolean;
}

const SERVICE = 'kubernetes.io/service-name';
const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
const CONTROLLERS = ['endpointslice-controller.k8s.io', 'endpointslicemirroring-controller.k8s.io'];

/**
 * Endpoints of a Service in all its slices. One Pod is one endpoint, though each address family has slices of its own and
 * it may stand in two of a family while the controller moves it (kubernetes.io: EndpointSlices, "Duplicate endpoints").
 */
export function endpointsOf(slices: readonly EndpointSlice[], service: string): readonly Endpoint[] {
  const own = slices.filter(({ metadata, addressType }) => metadata.labels?.[SERVICE] === service && addressType !== 'FQDN');
  const all = own.flatMap((slice) => (slice.endpoints ?? []).map((endpoint) => endpointIn(slice, endpoint)));
  return [...Map.groupBy(all, keyOf).values()].flatMap(([first, ...more]) => (first === undefined ? [] : [more.reduce(joined, first)]));
}

function keyOf({ podUid, hostname, addresses }: Endpoint): string {
  return podUid ?? `${hostname ?? ''} ${addresses[0] ?? ''}`;
}

/** `IPv4` or `IPv6`, as EndpointSlices and Services write it. */
export function familyOf(address: string): 'IPv4' | 'IPv6' {
  return address.includes(':') ? 'IPv6' : 'IPv4';
}

function joined(a: Endpoint, b: Endpoint): Endpoint {
  return {
    ...a,
    slices: [...a.slices, ...b.slices],
    addresses: [...new Set([...a.addresses, ...b.addresses])],
    ready: a.ready || b.ready,
    serving: a.serving || b.serving,
    terminating: a.terminating || b.terminating,
    byHand: a.byHand || b.byHand,
  };
}

type RawEndpoint = NonNullable<EndpointSlice['endpoints']>[number];

function endpointIn({ metadata, ports }: EndpointSlice, { addresses, hostname, conditions, targetRef }: RawEndpoint): Endpoint {
  const isPod = targetRef?.kind === 'Pod';
  return {
    slices: [metadata.name],
    ...(hostname === undefined ? {} : { hostname }),
    ...(isPod && targetRef.name !== undefined ? { pod: targetRef.name } : {}),
    ...(isPod && targetRef.uid !== undefined ? { podUid: targetRef.uid } : {}),
    addresses,
    ...conditionsOf(conditions),
    ports: (ports ?? []).flatMap(portOf),
    byHand: !CONTROLLERS.includes(metadata.labels?.[MANAGED_BY] ?? ''),
  };
}

function conditionsOf(conditions: RawEndpoint['conditions']): Pick<Endpoint, 'ready' | 'serving' | 'terminating'> {
  const ready = conditions?.ready ?? true;
  return { ready, serving: conditions?.serving ?? ready, terminating: conditions?.terminating ?? false };
}

function portOf({ name, port, protocol }: NonNullable<EndpointSlice['ports']>[number]): readonly PeerPort[] {
  if (port === undefined) return [];
  return [{ ...(name === undefined || name === '' ? {} : { name }), port, protocol: protocol ?? 'TCP' }];
}
