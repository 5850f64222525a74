import type { Peer, PeerEndpoint, PeerPod, Peers } from '../peers/peer.ts';
import type { View } from './style.ts';
import { type Column, table } from './table.ts';
import { inert } from './text.ts';

/** kubectl's word for a cell that has nothing. */
const NONE = '<none>';

/** What was asked, and on which way: the lines above the table. */
export function peersHead(raw: Peers, { style }: View): string {
  const { namespace, name, service, dns } = inert(raw);
  const full = [service || NONE, namespace, 'svc', ...(dns.clusterDomain === undefined ? [] : [dns.clusterDomain])].join('.');
  const way = dns.way === undefined ? style.warn('not asked') : dns.way;
  return `${style.strong(`StatefulSet ${namespace}/${name}`)}  Service ${full}\n${style.faint('DNS')} ${way}`;
}

/** One line per peer: what is expected, what the EndpointSlices list, what DNS answers, and the Pod. */
export function renderPeers(raw: readonly Peer[], { headers }: { readonly headers: boolean }, view: View): string {
  const peers = inert(raw);
  const probed = peers.some(({ probe }) => probe !== undefined);
  const rows = peers.map((peer) => [...cellsOf(peer, view), ...(probed ? [probeWords(peer)] : [])]);
  const columns = [...columnsFor(view), ...(probed ? [{ header: 'PROBE' }] : [])];
  return table(columns, rows, { headers, width: view.width });
}

function columnsFor({ style, wide }: View): readonly Column[] {
  const paint = (text: string): string =>
    /^(?:yes|ready|(?:SRV, )?A(?:, AAAA)?|(?:SRV, )?AAAA|Ready)$/.test(text) ? text : style.warn(text);
  return [
    { header: 'ORDINAL' },
    { header: 'HOST', flexible: true },
    { header: 'PORTS' },
    { header: 'ADDRESSES' },
    { header: 'EXPECTED' },
    { header: 'ENDPOINT', paint },
    { header: 'DNS', paint },
    { header: 'POD', paint },
    ...(wide ? [{ header: 'NAME' }] : []),
  ];
}

function cellsOf(peer: Peer, { wide }: View): readonly string[] {
  const { ordinal, name, host, ports, addresses, expected, endpoint, pod } = peer;
  return [
    ordinal === undefined ? '-' : String(ordinal),
    // Within the namespace two labels are enough.
    wide ? host : host.split('.').slice(0, 2).join('.'),
    ports.map(({ name: word, port }) => (word === undefined ? String(port) : `${word}:${port}`)).join(',') || NONE,
    addresses.join(',') || NONE,
    expected ? 'yes' : 'no',
    endpointWords(endpoint),
    dnsWords(peer),
    podWords(pod),
    ...(wide ? [name] : []),
  ];
}

function probeWords({ probe }: Peer): string {
  if (probe === undefined) return NONE;
  return probe.ok ? `ok (${probe.answer})` : 'failed';
}

function endpointWords(endpoint: PeerEndpoint | undefined): string {
  if (endpoint === undefined) return NONE;
  const { ready, serving, terminating } = endpoint;
  const words = [
    ready ? 'ready' : 'not ready',
    ...(ready && !serving ? ['not serving'] : []),
    ...(terminating ? [serving ? 'terminating, serving' : 'terminating'] : []),
  ];
  return words.join(', ');
}

/** Which records there are; addresses where the EndpointSlices have others. */
function dnsWords({ dns, endpoint }: Peer): string {
  if (dns === undefined) return 'not asked';
  const types = [
    ...(dns.srvPorts.length > 0 ? ['SRV'] : []),
    ...(dns.addresses.some((one) => !one.includes(':')) ? ['A'] : []),
    ...(dns.addresses.some((one) => one.includes(':')) ? ['AAAA'] : []),
  ];
  const isOther = dns.addresses.some((address) => !(endpoint?.addresses ?? []).includes(address));
  return types.length === 0 ? NONE : `${types.join(', ')}${isOther ? ` ${dns.addresses.join(',')}` : ''}`;
}

function podWords(pod: PeerPod | undefined): string {
  if (pod === undefined) return NONE;
  if (pod.terminating) return pod.nodeLost ? 'Terminating, node lost' : 'Terminating';
  if (pod.nodeLost) return `${pod.phase}, node lost`;
  return pod.ready ? 'Ready' : pod.phase === 'Running' ? 'Running, not Ready' : pod.phase;
}
