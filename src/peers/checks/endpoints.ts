import type { Remedy } from '../../domain/finding.ts';
import { kubectl, seen, subjectOf } from '../../findings/draft.ts';
import type { Endpoint } from '../endpoints.ts';
import { sameAddresses } from '../model.ts';
import type { Peer } from '../peer.ts';
import { type PeerCheck, type Seen, warning } from './check.ts';

function sliceRef({ slices }: Endpoint): string {
  return `endpointslice/${slices.join(',')}`;
}

function show(slices: readonly string[]): Remedy {
  return kubectl('get', ['endpointslice', ...slices, '-o', 'yaml'], 'see who writes it');
}

/** A Ready Pod that no EndpointSlice lists, though the Service selects it: the controller is behind or stopped. */
export const endpointMissing: PeerCheck = {
  id: 'endpoint-missing',
  run({ evidence: { service, set }, peers }) {
    if (service === undefined || Object.keys(service.spec.selector ?? {}).length === 0) return [];
    return peers
      .filter(({ expected, pod, endpoint }) => expected && pod?.ready === true && !pod.terminating && endpoint === undefined)
      .map(({ name }) =>
        warning({
          subject: { ...subjectOf('pod', set), name },
          message: `Pod ${name} is Ready, but no EndpointSlice of Service ${service.metadata.name} lists it`,
          evidence: [seen(`pod/${name}`, 'status.conditions[Ready]', 'True')],
          remedies: [kubectl('get', ['endpointslice', '-l', `kubernetes.io/service-name=${service.metadata.name}`])],
        }),
      );
  },
};

/** An endpoint under a Pod's name whose UID or address is another Pod's: what was there before. */
export const endpointStale: PeerCheck = {
  id: 'endpoint-stale',
  run: ({ evidence: { endpoints, set }, peers }) =>
    peers.flatMap((peer) => {
      const endpoint = endpoints.find((one) => (one.pod ?? one.hostname) === peer.name);
      const why = endpoint === undefined || peer.ordinal === undefined ? undefined : whyStale(endpoint, peer);
      if (endpoint === undefined || why === undefined) return [];
      return [
        warning({
          subject: { ...subjectOf('pod', set), name: peer.name },
          message: `the EndpointSlice lists ${peer.name} at ${endpoint.addresses.join(', ')}, ${why}`,
          evidence: [
            seen(sliceRef(endpoint), 'endpoints[].targetRef.uid', endpoint.podUid),
            seen(`pod/${peer.name}`, 'metadata.uid', peer.pod?.uid),
            seen(`pod/${peer.name}`, 'status.podIPs', peer.pod?.addresses.join(',')),
          ],
          remedies: [show(endpoint.slices)],
        }),
      ];
    }),
};

function whyStale(endpoint: Endpoint, { pod }: Peer): string | undefined {
  if (pod === undefined) return 'and the StatefulSet has no such Pod';
  if (endpoint.podUid !== undefined && endpoint.podUid !== pod.uid) return 'which was another Pod of that name';
  if (pod.addresses.length === 0 || sameAddresses(endpoint.addresses, pod.addresses)) return undefined;
  return `but the Pod has ${pod.addresses.join(', ')}`;
}

/** Two endpoints under one host name: a client finds one or the other. */
export const endpointDuplicate: PeerCheck = {
  id: 'endpoint-duplicate',
  run({ evidence: { endpoints, set } }) {
    const named = endpoints.filter(({ hostname }) => hostname !== undefined);
    return [...Map.groupBy(named, ({ hostname }) => hostname ?? '')]
      .filter(([, all]) => all.length > 1)
      .map(([hostname, all]) =>
        warning({
          subject: { ...subjectOf('pod', set), name: hostname },
          message: `${all.length} endpoints bear the host name ${hostname}: ${all.map(({ addresses }) => addresses.join('/')).join(', ')}`,
          evidence: all.map((endpoint) => seen(sliceRef(endpoint), 'endpoints[].targetRef.uid', endpoint.podUid)),
          remedies: [show([...new Set(all.flatMap(({ slices }) => slices))])],
        }),
      );
  },
};

/** An endpoint that is no Pod of the StatefulSet: another workload with the same labels, or an address written by hand. */
export const endpointForeign: PeerCheck = {
  id: 'endpoint-foreign',
  run: (given) =>
    foreignIn(given).map((endpoint) => {
      const { set } = given.evidence;
      const { pod, addresses, byHand } = endpoint;
      const where = addresses.join(', ');
      return warning({
        subject: { ...subjectOf('pod', set), name: pod ?? where },
        message:
          pod === undefined
            ? `the address ${where} is listed as a peer and is no Pod${byHand ? ' (the EndpointSlice is kept by hand)' : ''}`
            : `Pod ${pod} (${where}) is listed as a peer and does not belong to StatefulSet ${set.metadata.name}`,
        evidence: [seen(sliceRef(endpoint), 'endpoints[].addresses', where)],
        remedies: [
          pod === undefined
            ? show(endpoint.slices)
            : kubectl('get', ['pod', pod, '--show-labels'], 'see whose it is, and why the Service selects it'),
        ],
      });
    }),
};

function foreignIn({ evidence: { endpoints, service }, peers }: Seen): readonly Endpoint[] {
  if (service === undefined) return [];
  const own = new Set(peers.filter(({ ordinal }) => ordinal !== undefined).map(({ name }) => name));
  return endpoints.filter(({ pod, hostname }) => !own.has(pod ?? hostname ?? ''));
}
