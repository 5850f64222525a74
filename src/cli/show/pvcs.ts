import { listAll } from '../../cluster/list.ts';
import { CannotError } from '../../domain/errors.ts';
import { collectionOf } from '../../domain/object-ref.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { sliceOf } from '../../domain/snapshot.ts';
import { required } from '../../inspect/required.ts';
import { retainedVolumes } from '../../inspect/retained-volumes.ts';
import { lookAtPvcs, totalsOf } from '../../pvcs/look.ts';
import type { Pvc, PvcLook } from '../../pvcs/pvc.ts';
import { PVC_SLICES } from '../../pvcs/surroundings.ts';
import { renderDocument } from '../../render/json.ts';
import { renderPvcs, renderVolumes } from '../../render/pvcs.ts';
import { safe } from '../../render/text.ts';
import { isDocument, type OutputChoice } from '../output.ts';
import type { PvcRequest } from '../pvc-request.ts';
import type { Cluster, ConnectionValues, Session } from '../session.ts';
import { viewOf } from '../view.ts';

/** `pvc list` and `pvc orphans`: what every PVC is; with --released, the volumes that outlived theirs. */
export async function showPvcs(request: PvcRequest, output: OutputChoice, flags: ConnectionValues, session: Session): Promise<number> {
  const cluster = await session.open(flags);
  const showing: Showing = { request, output, flags, session, cluster };
  try {
    if (request.show === 'released') await showReleased(showing);
    else await showClasses(showing);
    return 0;
  } finally {
    cluster.connection.transport.close();
  }
}

interface Showing {
  readonly request: PvcRequest;
  readonly output: OutputChoice;
  readonly flags: ConnectionValues;
  readonly session: Session;
  readonly cluster: Cluster;
}

async function showReleased(showing: Showing): Promise<void> {
  const { output, flags, session, cluster, request } = showing;
  const { io } = session;
  const snapshot = await cluster.reader.readScope(['volumes'], scopeOf(showing));
  required(sliceOf(snapshot, 'volumes'));
  const all = retainedVolumes(snapshot);
  const items = request.set === undefined ? all : all.filter(({ pvc }) => isNamedAfter(pvc, request.set ?? ''));
  if (isDocument(output.format)) io.stdout.write(await renderDocument('VolumeList', { items }, output.format));
  else if (items.length > 0) io.stdout.write(`${renderVolumes(items, shownOf(showing), viewOf(io.stdout, io.env, flags))}\n`);
  else io.stderr.write(`No released volumes${whereOf(showing)}.\n`);
}

/** Where there is no set any more, its name in the volume's PVC is all that tells. */
const isNamedAfter = (pvc: string, set: string): boolean => new RegExp(`-${set.replaceAll('.', '\\.')}-\\d+$`).test(pvc);

async function showClasses(showing: Showing): Promise<void> {
  const { output, flags, session, cluster, request } = showing;
  const { io } = session;
  const snapshot = await cluster.reader.readScope(PVC_SLICES, scopeOf(showing));
  required(sliceOf(snapshot, 'claims'));
  const look = await chosen(lookAtPvcs(snapshot), showing, snapshot);
  for (const message of look.unread) io.stderr.write(`warning: ${safe(message)}\n`);
  if (isDocument(output.format)) io.stdout.write(await renderDocument('PvcList', look, output.format));
  else if (look.items.length > 0) io.stdout.write(`${renderPvcs(look, shownOf(showing), viewOf(io.stdout, io.env, flags))}\n`);
  else io.stderr.write(`No ${request.show === 'orphans' ? 'unused PVCs' : 'PVCs'}${whereOf(showing)}.\n`);
}

async function chosen(look: PvcLook, showing: Showing, snapshot: Snapshot): Promise<PvcLook> {
  const { request, cluster } = showing;
  const labelled = request.selector === undefined ? undefined : await uidsOf(request.selector, showing);
  const isAsked = (pvc: Pvc): boolean =>
    (request.show === 'all' || pvc.class !== 'in-use') &&
    (request.set === undefined || pvc.set === request.set) &&
    (labelled === undefined || labelled.has(pvc.uid));
  const items = look.items.filter(isAsked);
  if (request.set !== undefined && items.length === 0) throw noneOf(request.set, cluster, snapshot);
  return { ...look, items, totals: totalsOf(items) };
}

function noneOf(set: string, { connection }: Cluster, snapshot: Snapshot): CannotError {
  const sets = sliceOf(snapshot, 'sets');
  const isThere = sets.state === 'read' && sets.value.some(({ metadata }) => metadata.name === set);
  const why = isThere ? `StatefulSet ${set} has no PVCs` : `StatefulSet ${set} not found, and no PVC of one of that name is known`;
  return new CannotError(`${why} in namespace ${connection.namespace}`);
}

/** The API server knows how to read a selector; the PVCs themselves are judged with all others around them. */
async function uidsOf(labelSelector: string, showing: Showing): Promise<ReadonlySet<string>> {
  const { items } = await listAll(showing.cluster.connection.transport, {
    path: collectionOf('persistentvolumeclaims', scopeOf(showing)),
    labelSelector,
    metadataOnly: true,
    decode: ({ metadata: { uid } }) => uid,
  });
  return new Set(items);
}

const scopeOf = ({ request, cluster }: Showing): string | undefined => (request.allNamespaces ? undefined : cluster.connection.namespace);

const whereOf = ({ request, cluster }: Showing): string => (request.allNamespaces ? '' : ` in namespace ${cluster.connection.namespace}`);

function shownOf({ request, output, cluster }: Showing) {
  return { namespaces: request.allNamespaces, headers: output.headers, now: cluster.connection.transport.serverNow() };
}
