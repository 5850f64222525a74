import { UsageError } from '../../domain/errors.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { chosenPeers, portWords } from '../../peers/choice.ts';
import { formatPeers } from '../../peers/format.ts';
import type { Peer, Peers } from '../../peers/peer.ts';
import { placeOf } from '../../plan/commandline.ts';
import { renderFindings } from '../../render/finding.ts';
import { documentLine, renderDocument } from '../../render/json.ts';
import { peersHead, renderPeers } from '../../render/peers.ts';
import { inert, safe } from '../../render/text.ts';
import { isDocument, type OutputChoice } from '../output.ts';
import type { PeersRequest } from '../peers-request.ts';
import type { ConnectionValues, Session } from '../session.ts';
import { either } from '../values.ts';
import { viewOf } from '../view.ts';
import { ClusterDns } from './peers-dns.ts';
import { waitForPeers, watchPeers } from './peers-follow.ts';
import { lookOnce, type PeersLook, type ShowingPeers } from './peers-look.ts';

/** `peers NAME`: what is expected, what the EndpointSlices list and what DNS answers, side by side. */
export async function showPeers(request: PeersRequest, output: OutputChoice, flags: ConnectionValues, session: Session): Promise<number> {
  const cluster = await session.open(flags);
  const dns = new ClusterDns(request, cluster, session.io.env);
  const showing: ShowingPeers = { request, output, flags, session, cluster, dns };
  try {
    const first = await lookOnce(showing);
    const look = request.waitFor === undefined ? first : await waitForPeers(request.waitFor, first, showing);
    await tell(look, showing);
    if (request.watch) return await watchPeers(look, showing);
    return request.check && !look.report.agrees ? 5 : 0;
  } finally {
    dns.close();
    cluster.connection.transport.close();
  }
}

async function tell({ report, snapshot }: PeersLook, showing: ShowingPeers): Promise<void> {
  const {
    request,
    session: { io },
  } = showing;
  const chosen = choose(report, request);
  // Where nothing answered, a finding says so; a list shows no findings.
  const told = report.dns.way === undefined && request.format === undefined ? [] : report.dns.failed;
  for (const failure of told) io.stderr.write(`warning: ${safe(failure)}\n`);
  io.stdout.write(await peersText(report, chosen, snapshot, showing));
}

/** @throws UsageError for a port that no peer has */
function choose(report: Peers, { choice }: PeersRequest): readonly Peer[] {
  const chosen = chosenPeers(report, choice);
  const words = portWords(report);
  if (
    choice.port === undefined ||
    words.length === 0 ||
    chosenPeers(report, { readyOnly: false, port: choice.port }).some(({ ports }) => ports.length > 0)
  )
    return chosen;
  throw new UsageError(`Service ${report.service} has no port "${choice.port}"`, `it has ${either(words)}`);
}

async function peersText(
  report: Peers,
  chosen: readonly Peer[],
  snapshot: Snapshot,
  { request, output, flags, session: { io } }: ShowingPeers,
): Promise<string> {
  if (request.format !== undefined) return listText(report, chosen, request.format);
  // A watch of documents is one document after the other, from the first look on.
  if (request.watch && output.format === 'json') return documentLine('Peers', { ...report, peers: chosen });
  if (isDocument(output.format)) return renderDocument('Peers', { ...report, peers: chosen }, output.format);
  const view = viewOf(io.stdout, io.env, flags);
  const shown = view.wide ? report.findings : report.findings.filter(({ severity }) => severity !== 'notes');
  const place = placeOf(snapshot);
  return [
    ...(output.headers ? [peersHead(report, view), ''] : []),
    renderPeers(chosen, output, view),
    ...(shown.length === 0 ? [] : ['', renderFindings(shown, { place, override: false, asDiagnosis: true, evidence: true }, view)]),
    '',
  ].join('\n');
}

/** What is no Pod of the StatefulSet is no entry of a list for clients. */
function listText(report: Peers, chosen: readonly Peer[], format: NonNullable<PeersRequest['format']>): string {
  const listed = chosen.filter(({ ordinal, expected }) => ordinal !== undefined && expected);
  const text = formatPeers(inert(report), inert(listed), format, format.ports);
  return text === '' ? '' : `${text}\n`;
}
