import { isDocument, type OutputChoice } from '../output.ts';
import type { Cluster, ConnectionValues, Session, StatusRequest } from '../session.ts';
import { viewOf } from '../view.ts';
import { type Look, lookAt, statusFrom } from './status-look.ts';
import { changeText, noneIn, noneToWaitFor, statusText } from './status-output.ts';
import { waitForGoal } from './status-wait.ts';
import { isRedrawn, watchStatus } from './status-watch.ts';

/** One `status` command: what was asked for, and with what to answer. */
export interface Showing {
  readonly request: StatusRequest;
  readonly output: OutputChoice;
  readonly flags: ConnectionValues;
  readonly session: Session;
  readonly cluster: Cluster;
}

/** `status`: one look, or with -w every change after it, or with --wait until a goal is reached. */
export async function showStatus(request: StatusRequest, output: OutputChoice, flags: ConnectionValues, session: Session): Promise<number> {
  const cluster = await session.open(flags);
  const showing: Showing = { request, output, flags, session, cluster };
  try {
    const look = await lookAt(request, cluster);
    if (request.waitFor !== undefined && look.failures.length === 0) {
      // Like kubectl wait: what is true of every set of none is no answer to a pipeline.
      if (look.snapshots.length === 0) throw noneToWaitFor(request, cluster);
      const code = await waitForGoal(look, showing);
      await tell(await lookAt(request, cluster), showing);
      return code;
    }
    if (!request.watch || look.failures.length > 0 || !isRedrawn(showing)) await tell(look, showing);
    if (look.failures.length > 0) throw look.failures[0];
    return request.watch ? await watchStatus(look, showing) : 0;
  } finally {
    cluster.connection.transport.close();
  }
}

async function tell({ snapshots, failures }: Look, { request, output, flags, session: { io }, cluster }: Showing): Promise<void> {
  const view = viewOf(io.stdout, io.env, flags);
  // A watch of documents is one document after the other, from the first look on.
  if (request.watch && isDocument(output.format)) {
    for (const status of snapshots.flatMap((snapshot) => statusFrom(snapshot) ?? [])) {
      io.stdout.write(await changeText(status, request, output, view));
    }
    return;
  }
  const text = await statusText(snapshots, request, output, view);
  if (text !== '') io.stdout.write(text);
  else if (failures.length === 0) io.stderr.write(`${noneIn(request, cluster)}\n`);
}
