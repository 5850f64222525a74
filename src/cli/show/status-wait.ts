import { StoppedError } from '../../domain/errors.ts';
import { type Snapshot, sliceOf } from '../../domain/snapshot.ts';
import type { Session, StatusRequest } from '../session.ts';
import type { Showing } from './status.ts';
import { follow } from './status-follow.ts';
import { type Progress, progressTo } from './status-goal.ts';
import { type Look, statusFrom } from './status-look.ts';

/** What looks hopeless for a moment, between two of the controller's steps, may be over in the next. */
const patienceMs = 5000;

/**
 * Waits until every set has reached the goal, or one never will.
 *
 * @returns 0 or 5
 * @throws StoppedError when the time is up (exit code 4) or by a signal
 */
export async function waitForGoal({ snapshots }: Look, showing: Showing): Promise<number> {
  const { request, session } = showing;
  const over = new AbortController();
  const signal = AbortSignal.any([session.interrupt.signal, timeLimit(request, session, over.signal)]);
  try {
    const reached = await Promise.all(snapshots.map((snapshot) => waitForOne(snapshot, showing, signal)));
    return reached.every(Boolean) ? 0 : 5;
  } finally {
    over.abort();
  }
}

async function waitForOne({ target }: Snapshot, showing: Showing, signal: AbortSignal): Promise<boolean> {
  const { request, session } = showing;
  const { clock, io } = session;
  let hopelessSince: number | undefined;
  let told = '';
  let holds = false;
  await follow(target, showing, signal, (snapshot) => {
    const { progress, words } = judge(snapshot, request);
    if (progress !== 'holds' && words !== told) io.stderr.write(`${target.name}: ${words}\n`);
    told = words;
    holds = progress === 'holds';
    hopelessSince = progress === 'never' ? (hopelessSince ?? clock.now()) : undefined;
    return !holds && (hopelessSince === undefined || clock.now() - hopelessSince < patienceMs);
  });
  return holds;
}

function judge(snapshot: Snapshot, { waitFor = 'healthy' }: StatusRequest): { readonly progress: Progress; readonly words: string } {
  const status = statusFrom(snapshot);
  if (status !== undefined) return { progress: progressTo(waitFor, status), words: `${status.verdict}: ${withoutAges(status.reason)}` };
  // Nothing to judge: the set is gone without a trace, or could not be read just now.
  const gone = sliceOf(snapshot, 'set').state === 'absent';
  return gone
    ? { progress: 'never', words: 'there is no such StatefulSet' }
    : { progress: 'not-yet', words: 'cannot be read at the moment' };
}

/** Ages grow; a line a second about the same thing is noise. */
function withoutAges(reason: string): string {
  return reason.replaceAll(/,? for \d+[smhd](\d+[smhd])?/g, '');
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
