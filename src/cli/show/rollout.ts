import { CannotError } from '../../domain/errors.ts';
import type { StatefulSet } from '../../domain/kube.ts';
import { membersOf } from '../../domain/members.ts';
import { revisionOf } from '../../domain/revisions.ts';
import { listOf, type SliceName, type Snapshot, sliceOf } from '../../domain/snapshot.ts';
import { notFound } from '../../inspect/not-found.ts';
import { required } from '../../inspect/required.ts';
import { revisionsOf, rolloutStatusOf } from '../../inspect/rollout.ts';
import { openRecord } from '../../operate/open-record.ts';
import { waysOut } from '../../operate/ways-out.ts';
import { withWholeRevisions } from '../../operate/whole-revisions.ts';
import { renderDocument } from '../../render/json.ts';
import { renderRevisions, renderRolloutStatus } from '../../render/rollout.ts';
import { lookPorts } from '../look-ports.ts';
import { isDocument, type OutputChoice } from '../output.ts';
import type { Cluster, ConnectionValues, Session } from '../session.ts';
import { viewOf } from '../view.ts';

/** What `rollout status` reads. */
export const ROLLOUT_NEEDS: readonly SliceName[] = ['set', 'pods', 'revisions', 'stored', 'events', 'nodes', 'namespace', 'claims'];

/** What `rollout history` reads. */
export const HISTORY_NEEDS: readonly SliceName[] = ['set', 'pods', 'revisions'];

/** `rollout status NAME`: one look. */
export async function showRolloutStatus(name: string, output: OutputChoice, flags: ConnectionValues, session: Session): Promise<number> {
  return await withCluster(flags, session, async (cluster) => {
    const { set, snapshot } = await seen(name, ROLLOUT_NEEDS, cluster);
    const carried = membersOf(set, listOf(snapshot, 'pods')).flatMap(({ pod }) => (pod === undefined ? [] : (revisionOf(pod) ?? [])));
    const names = new Set([...carried, set.status.updateRevision ?? '']);
    const ports = lookPorts(cluster);
    const whole = await withWholeRevisions(snapshot, [...names], ports.verbs);
    const found = openRecord(whole)?.found;
    const status = rolloutStatusOf(set, whole, found);
    if (status === undefined) throw new CannotError(`the Pods of StatefulSet ${name} cannot be read`);
    const { resumeCommand, cancelCommand } = found === undefined ? {} : await waysOut(found, whole, ports);
    const told = {
      ...status,
      ...(resumeCommand === undefined ? {} : { resumeCommand }),
      ...(cancelCommand === undefined ? {} : { cancelCommand }),
    };
    const { io } = session;
    const shown = { headers: output.headers, now: cluster.connection.transport.serverNow() };
    if (isDocument(output.format)) io.stdout.write(await renderDocument('RolloutStatus', told, output.format));
    else io.stdout.write(`${renderRolloutStatus(told, shown, viewOf(io.stdout, io.env, flags))}\n`);
    return 0;
  });
}

/** `rollout history NAME`: its ControllerRevisions, the newest first. */
export async function showRolloutHistory(name: string, output: OutputChoice, flags: ConnectionValues, session: Session): Promise<number> {
  return await withCluster(flags, session, async (cluster) => {
    const { set, snapshot } = await seen(name, HISTORY_NEEDS, cluster);
    required(sliceOf(snapshot, 'revisions'));
    const names = revisionsOf(set, snapshot).map((revision) => revision.name);
    const whole = await withWholeRevisions(snapshot, names, lookPorts(cluster).verbs);
    const list = { ...snapshot.target, items: revisionsOf(set, whole) };
    const { io } = session;
    const shown = { headers: output.headers, now: cluster.connection.transport.serverNow() };
    if (isDocument(output.format)) io.stdout.write(await renderDocument('RevisionList', list, output.format));
    else io.stdout.write(`${renderRevisions(list, shown, viewOf(io.stdout, io.env, flags))}\n`);
    return 0;
  });
}

async function withCluster(flags: ConnectionValues, session: Session, show: (cluster: Cluster) => Promise<number>): Promise<number> {
  const cluster = await session.open(flags);
  try {
    return await show(cluster);
  } finally {
    cluster.connection.transport.close();
  }
}

/** @throws CannotError for an unknown StatefulSet, RefusedError where it or its Pods may not be read */
async function seen(
  name: string,
  needs: readonly SliceName[],
  { connection: { namespace }, reader }: Cluster,
): Promise<{ readonly set: StatefulSet; readonly snapshot: Snapshot }> {
  const snapshot = await reader.read(needs, { namespace, name });
  const set = required(sliceOf(snapshot, 'set'));
  required(sliceOf(snapshot, 'pods'));
  if (set !== undefined) return { set, snapshot };
  const { message, hint } = await notFound(snapshot, reader);
  throw new CannotError(message, hint);
}
