import type { Many } from '../../cluster/api.ts';
import type { Clock } from '../../domain/clock.ts';
import { StoppedError } from '../../domain/errors.ts';
import { type Snapshot, sliceOf, type Target } from '../../domain/snapshot.ts';
import { follow } from './follow.ts';
import { type Goal, type Progress, progressTo } from './goal.ts';
import { type StatusPorts, type Subjects, statusFrom } from './look.ts';

/** What looks hopeless for a moment, between two of the controller's steps, may be over in the next. */
const PATIENCE_MS = 5000;

export interface GoalPorts extends StatusPorts {
  readonly clock: Clock;
  /** Aborted with a StoppedError by Ctrl-C and SIGTERM. */
  readonly stop: AbortSignal;
  /** What a set waits for, each time that it is something else. */
  readonly tell: (set: Target, words: string) => void;
}

/** What is waited for, and how long at most (milliseconds; absent: no limit). */
export interface GoalWait {
  readonly goal: Goal;
  readonly timeoutMs?: number;
  /** How long a set may look hopeless before it counts as such, in milliseconds; absent: five seconds. */
  readonly patienceMs?: number;
}

/**
 * Waits until each of these sets has reached the goal, or never will.
 *
 * @param targets the sets that were seen, all of `subjects`
 * @returns whether every one has
 * @throws StoppedError when the time is up, or by `stop`
 */
export async function waitForGoal(targets: readonly Target[], subjects: Subjects, wait: GoalWait, ports: GoalPorts): Promise<boolean> {
  const over = new AbortController();
  const signal = AbortSignal.any([ports.stop, timeLimit(wait, ports.clock, over.signal)]);
  const waits = targets.map((target) => new SetWait(target, wait, ports));
  try {
    if (waits.length > 0)
      await follow(subjects, ports, signal, (look) => {
        for (const each of waits) each.see(look);
        return waits.some(({ ended }) => ended === undefined);
      });
    return waits.every(({ ended }) => ended === 'holds');
  } finally {
    over.abort();
  }
}

/** The wait for one set, through the looks at all of them. */
class SetWait {
  /** How it ended; what comes later is no part of it. */
  ended: Exclude<Progress, 'not-yet'> | undefined;
  readonly #target: Target;
  readonly #wait: GoalWait;
  readonly #ports: GoalPorts;
  #hopelessSince: number | undefined;
  #told = '';

  constructor(target: Target, wait: GoalWait, ports: GoalPorts) {
    this.#target = target;
    this.#wait = wait;
    this.#ports = ports;
  }

  see(look: Many): void {
    if (this.ended !== undefined) return;
    const { clock, tell } = this.#ports;
    const { patienceMs = PATIENCE_MS } = this.#wait;
    const { progress, words } = this.#judge(look);
    if (progress !== 'holds' && words !== this.#told) tell(this.#target, words);
    this.#told = words;
    this.#hopelessSince = progress === 'never' ? (this.#hopelessSince ?? clock.now()) : undefined;
    if (progress === 'holds') this.ended = 'holds';
    else if (this.#hopelessSince !== undefined && clock.now() - this.#hopelessSince >= patienceMs) this.ended = 'never';
  }

  #judge({ sets, snapshots }: Many): { readonly progress: Progress; readonly words: string } {
    const snapshot = this.#in(snapshots);
    const status = snapshot === undefined ? undefined : statusFrom(snapshot, this.#ports.openRecord);
    if (status !== undefined)
      return { progress: progressTo(this.#wait.goal, status), words: `${status.health}: ${withoutAges(status.reason)}` };
    // Nothing to judge: the set is gone without a trace, or could not be read just now.
    const gone = snapshot === undefined ? sets.state === 'read' : sliceOf(snapshot, 'set').state === 'absent';
    return gone
      ? { progress: 'never', words: 'there is no such StatefulSet' }
      : { progress: 'not-yet', words: 'cannot be read at the moment' };
  }

  #in(snapshots: readonly Snapshot[]): Snapshot | undefined {
    const { namespace, name } = this.#target;
    return snapshots.find(({ target }) => target.namespace === namespace && target.name === name);
  }
}

/** Ages grow; a line a second about the same thing is noise. */
function withoutAges(reason: string): string {
  return reason.replaceAll(/,? for \d+[smhd](\d+[smhd])?/g, '');
}

/** A signal that is aborted when the time is over. */
function timeLimit({ goal, timeoutMs }: GoalWait, clock: Clock, over: AbortSignal): AbortSignal {
  const limit = new AbortController();
  if (timeoutMs === undefined) return limit.signal;
  clock.sleep(timeoutMs, over).then(
    () => limit.abort(new StoppedError('timeout', `not ${goal} after ${Math.round(timeoutMs / 1000)}s`)),
    // The wait was over before its limit.
    () => undefined,
  );
  return limit.signal;
}
