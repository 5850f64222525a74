import type { LiveSnapshot } from '../../cluster/api.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Snapshot, Target } from '../../domain/snapshot.ts';
import type { Showing } from './status.ts';
import { needsOf } from './status-look.ts';

/** Some verdicts come from time alone (nothing happened for so long), so a quiet set is judged again now and then. */
const judgeAgainMs = 5000;

/** What is told of one set; returns whether to go on. */
export type OnLook = (snapshot: Snapshot) => boolean | Promise<boolean>;

/** Follows one set by watches, telling of it whenever it may have changed, until it is enough or `signal` says so. */
export async function follow(
  target: Target,
  { request, cluster, session: { clock } }: Showing,
  signal: AbortSignal,
  tell: OnLook,
): Promise<void> {
  const live = await cluster.reader.live(needsOf(request), target);
  try {
    while (await tell(live.current())) await nextLook(live, clock, signal);
  } finally {
    live.close();
  }
}

async function nextLook(live: LiveSnapshot, clock: Clock, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const waits = [live.changed(either), clock.sleep(judgeAgainMs, either)];
  try {
    await Promise.race(waits);
  } finally {
    over.abort();
    await Promise.allSettled(waits);
  }
}
