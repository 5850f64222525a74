import type { Many } from '../../cluster/api.ts';
import { StoppedError } from '../../domain/errors.ts';
import { type Snapshot, sliceOf, type Target } from '../../domain/snapshot.ts';
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
  const waits = snapshots.map((snapshot) => new Wait(snapshot.target, showing));
  try {
    if (waits.length > 0)
      await follow(showing, signal, (look) => {
        for (const wait of waits) wait.see(look);
        return waits.some(({ ended }) => ended === undefined);
      });
    return waits.every(({ ended }) => ended === 'holds') ? 0 : 5;
  } finally {
    over.abort();
  }
}

/** The wait for one set, through the looks at all of them. */
class Wait {
  /** How it ended; what comes later is no part of it. */
  ended: Exclude<Progress, 'not-yet'> | undefined;
  readonly #target: Target;
  readonly #showing: Showing;
  #hopelessSince: number | undefined;
  #told = '';

  constructor(target: Target, showing: Showing) {
    this.#target = target;
    this.#showing = showing;
  }

  see(look: Many): void {
    if (this.ended !== undefined) return;
    const { request, session } = this.#showing;
    const { clock, io } = session;
    const { progress, words } = judge(this.#in(look), look, request);
    if (progress !== 'holds' && words !== this.#told) io.stderr.write(`${this.#target.name}: ${words}\n`);
    this.#told = words;
    this.#hopelessSince = progress === 'never' ? (this.#hopelessSince ?? clock.now()) : undefined;
    if (progress === 'holds') this.ended = 'holds';
    else if (this.#hopelessSince !== undefined && clock.now() - this.#hopelessSince >= patienceMs) this.ended = 'never';
  }

  #in({ snapshots }: Many): Snapshot | undefined {
    const { namespace, name } = this.#target;
    return snapshots.find(({ target }) => target.namespace === namespace && target.name === name);
  }
}

function judge(
  snapshot: Snapshot | undefined,
  { sets }: Many,
  { waitFor = 'healthy' }: StatusRequest,
): { readonly progress: Progress; readonly words: string } {
  const status = snapshot === undefined ? undefined : statusFrom(snapshot);
  if (status !== undefined) return { progress: progressTo(waitFor, status), words: `${status.verdict}: ${withoutAges(status.reason)}` };
  // Nothing to judge: the set is gone without a trace, or could not be read just now.
  const gone = snapshot === undefined ? sets.state === 'read' : sliceOf(snapshot, 'set').state === 'absent';
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
