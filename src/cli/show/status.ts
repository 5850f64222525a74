import type { Clock } from '../../domain/clock.ts';
import { type Look, lookAt, type StatusPorts, type Subjects } from '../../inspect/status/look.ts';
import { waitForGoal } from '../../inspect/status/wait.ts';
import { safe } from '../../render/text.ts';
import { openRecordOn, statusIn } from '../look-ports.ts';
import { isDocument, type OutputChoice } from '../output.ts';
import type { Cluster, ConnectionValues, Session, StatusRequest } from '../session.ts';
import { viewOf } from '../view.ts';
import { changeText, noneIn, noneToWaitFor, statusText } from './status-output.ts';
import { isRedrawn, watchStatus } from './status-watch.ts';

/** One `status` command: what was asked for, and with what to answer. */
export interface Showing {
  readonly request: StatusRequest;
  readonly output: OutputChoice;
  readonly flags: ConnectionValues;
  readonly session: Session;
  readonly cluster: Cluster;
  readonly subjects: Subjects;
  readonly ports: StatusPorts & { readonly clock: Clock };
}

/** `status`: one look, or with -w every change after it, or with --wait until a goal is reached. */
export async function showStatus(request: StatusRequest, output: OutputChoice, flags: ConnectionValues, session: Session): Promise<number> {
  const cluster = await session.open(flags);
  const ports = { reader: cluster.reader, openRecord: openRecordOn, clock: session.clock };
  const showing: Showing = { request, output, flags, session, cluster, subjects: subjectsOf(request, cluster), ports };
  try {
    const look = await lookAt(showing.subjects, ports);
    if (request.waitFor !== undefined && look.failures.length === 0) {
      // Like kubectl wait: what is true of every set of none is no answer to a pipeline.
      if (look.snapshots.length === 0) throw noneToWaitFor(request, cluster);
      const code = await waitFor(request.waitFor, look, showing);
      await tell(await lookAt(showing.subjects, ports), showing);
      return code;
    }
    if (!request.watch || look.failures.length > 0 || !isRedrawn(showing)) await tell(look, showing);
    if (look.failures.length > 0) throw look.failures[0];
    return request.watch ? await watchStatus(look, showing) : 0;
  } finally {
    cluster.connection.transport.close();
  }
}

function subjectsOf({ names, allNamespaces, selector }: StatusRequest, { connection: { namespace } }: Cluster): Subjects {
  if (names.length > 0) return { names, namespace };
  return { ...(allNamespaces ? {} : { namespace }), ...(selector === undefined ? {} : { labelSelector: selector }) };
}

/** @returns 0 or 5; rejects with a StoppedError when the time is up (exit code 4) or by a signal */
async function waitFor(goal: NonNullable<StatusRequest['waitFor']>, { snapshots }: Look, showing: Showing): Promise<number> {
  const { request, session, subjects, ports } = showing;
  const wait = { goal, ...(request.timeoutMs === undefined ? {} : { timeoutMs: request.timeoutMs }) };
  const isReached = await waitForGoal(
    snapshots.map(({ target }) => target),
    subjects,
    wait,
    { ...ports, stop: session.interrupt.signal, tell: ({ name }, words) => session.io.stderr.write(`${name}: ${safe(words)}\n`) },
  );
  return isReached ? 0 : 5;
}

async function tell({ snapshots, failures }: Look, { request, output, flags, session: { io }, cluster }: Showing): Promise<void> {
  const view = viewOf(io.stdout, io.env, flags);
  // A watch of documents is one document after the other, from the first look on.
  if (request.watch && isDocument(output.format)) {
    for (const status of snapshots.flatMap((snapshot) => statusIn(snapshot) ?? [])) {
      io.stdout.write(await changeText(status, request, output, view));
    }
    return;
  }
  const text = await statusText(snapshots, request, output, view);
  if (text !== '') io.stdout.write(text);
  else if (failures.length === 0) io.stderr.write(`${noneIn(request, cluster)}\n`);
}
