import type { Clock } from '../../domain/clock.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { type Look, lookAt, type StatusPorts, type Subjects, statusFrom } from '../../inspect/status/look.ts';
import type { SetStatus } from '../../inspect/status/model.ts';
import { waitForGoal } from '../../inspect/status/wait.ts';
import { safe } from '../../render/text.ts';
import { isDocument, type OutputChoice } from '../output.ts';
import type { Cluster, ConnectionValues, Session, StatusRequest } from '../session.ts';
import { viewOf } from '../view.ts';
import { changeText, noneIn, noneToWaitFor, statusText } from './status-output.ts';
import { StatusRecords } from './status-records.ts';
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
  /** The status of what was seen; undefined where there is nothing to tell. */
  readonly statusIn: (snapshot: Snapshot) => SetStatus | undefined;
}

/** `status`: one look, or with -w every change after it, or with --wait until a goal is reached. */
export async function showStatus(request: StatusRequest, output: OutputChoice, flags: ConnectionValues, session: Session): Promise<number> {
  const cluster = await session.open(flags);
  const showing = await showingOf({ request, output, flags, session, cluster });
  const { ports } = showing;
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

async function showingOf(asked: Omit<Showing, 'subjects' | 'ports' | 'statusIn'>): Promise<Showing> {
  const { request, session, cluster } = asked;
  const records = new StatusRecords();
  // What is followed is judged as soon as it is seen.
  if (request.watch || request.waitFor !== undefined) await records.prepare();
  return {
    ...asked,
    subjects: subjectsOf(request, cluster),
    ports: { reader: cluster.reader, openRecord: records.of, prepare: records.prepare, clock: session.clock },
    statusIn: (snapshot) => statusFrom(snapshot, records.of),
  };
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

async function tell({ snapshots, failures }: Look, showing: Showing): Promise<void> {
  const { request, output, flags, cluster, statusIn } = showing;
  const { io } = showing.session;
  const view = viewOf(io.stdout, io.env, flags);
  // A watch of documents is one document after the other, from the first look on.
  if (request.watch && isDocument(output.format)) {
    for (const status of snapshots.flatMap((snapshot) => statusIn(snapshot) ?? [])) {
      io.stdout.write(await changeText(status, showing, view));
    }
    return;
  }
  const text = await statusText(snapshots, showing, view);
  if (text !== '') io.stdout.write(text);
  else if (failures.length === 0) io.stderr.write(`${noneIn(request, cluster)}\n`);
}
