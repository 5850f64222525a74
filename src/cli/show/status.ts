import { StoppedError } from '../../domain/errors.ts';
import type { SetStatus } from '../../render/status/model.ts';
import type { OutputChoice } from '../output.ts';
import type { Cluster, ConnectionValues, Session, StatusRequest } from '../session.ts';
import { viewOf } from '../view.ts';
import { follow } from './status-follow.ts';
import { progressTo } from './status-goal.ts';
import { type Look, lookAt } from './status-look.ts';
import { changeText, statusText } from './status-output.ts';

/** `status`: one look, or with -w every change after it, or with --wait until a goal is reached. */
export async function showStatus(request: StatusRequest, output: OutputChoice, flags: ConnectionValues, session: Session): Promise<number> {
  const cluster = await session.open(flags);
  const showing: Showing = { request, output, flags, session, cluster };
  try {
    const look = await lookAt(request, cluster);
    if (request.waitFor !== undefined && look.failures.length === 0) return await wait(look, showing);
    await showLook(look, showing);
    if (look.failures.length > 0) throw look.failures[0];
    return request.watch ? await watch(look, showing) : 0;
  } finally {
    cluster.connection.transport.close();
  }
}

interface Showing {
  readonly request: StatusRequest;
  readonly output: OutputChoice;
  readonly flags: ConnectionValues;
  readonly session: Session;
  readonly cluster: Cluster;
}

async function showLook({ snapshots, failures }: Look, { request, output, flags, session: { io }, cluster }: Showing): Promise<void> {
  const text = await statusText(snapshots, request, output, viewOf(io.stdout, io.env, flags));
  if (text !== '') io.stdout.write(text);
  else if (failures.length === 0) {
    const where = request.allNamespaces ? '' : ` in namespace ${cluster.connection.namespace}`;
    io.stderr.write(`No StatefulSets found${where}.\n`);
  }
}

/** Ctrl-C is how a watch ends, so it is no error. */
async function watch({ snapshots }: Look, { request, output, flags, session, cluster }: Showing): Promise<number> {
  const { io, interrupt, clock } = session;
  const release = interrupt.attend();
  const view = viewOf(io.stdout, io.env, flags);
  try {
    const follows = snapshots.map(({ target }) => {
      let last = '';
      return follow(target, cluster, clock, interrupt.signal, async (status) => {
        const now = status === undefined ? '' : JSON.stringify({ ...status, seen: '' });
        if (status !== undefined && last !== '' && now !== last) io.stdout.write(await changeText(status, request, output, view));
        last = now;
        return true;
      });
    });
    await Promise.all(follows);
  } catch (error) {
    if (error instanceof StoppedError && error.by === 'interrupt') return 130;
    throw error;
  } finally {
    release();
  }
  return 0;
}

/** Exit codes of --wait: 0 when it holds for all, 5 when for one it never will, 4 (by StoppedError) when the time is up. */
async function wait(look: Look, showing: Showing): Promise<number> {
  const { request, session, cluster } = showing;
  const over = new AbortController();
  const limit = timeLimit(request, session, over.signal);
  try {
    const ends = look.snapshots.map(({ target }) => waitForOne(target, showing, AbortSignal.any([session.interrupt.signal, limit])));
    const reached = await Promise.all(ends);
    await showLook(await lookAt(request, cluster), showing);
    return reached.every(Boolean) ? 0 : 5;
  } finally {
    over.abort();
  }
}

async function waitForOne(target: Look['snapshots'][number]['target'], showing: Showing, signal: AbortSignal): Promise<boolean> {
  const { request, session, cluster } = showing;
  let told = '';
  let result = false;
  await follow(target, cluster, session.clock, signal, (status) => {
    const progress = status === undefined ? 'never' : progressTo(request.waitFor ?? 'healthy', status);
    result = progress === 'holds';
    if (progress === 'not-yet' && status !== undefined && told !== status.reason) session.io.stderr.write(waiting(status));
    told = status?.reason ?? '';
    return progress === 'not-yet';
  });
  return result;
}

function waiting({ name, verdict, reason }: SetStatus): string {
  return `${name}: ${verdict}: ${reason}\n`;
}

/** A signal that is aborted when --timeout is over. */
function timeLimit({ waitFor, timeoutMs }: StatusRequest, { clock }: Session, over: AbortSignal): AbortSignal {
  const limit = new AbortController();
  if (timeoutMs === undefined) return limit.signal;
  clock.sleep(timeoutMs, over).then(
    () => limit.abort(new StoppedError('timeout', `not ${waitFor ?? 'healthy'} after ${Math.round(timeoutMs / 1000)}s`)),
    // The wait was over before its limit.
    () => undefined,
  );
  return limit.signal;
}
