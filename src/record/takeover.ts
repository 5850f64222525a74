import type { FoundRecord, Holder, OperationRecord } from '../domain/stored.ts';

/** Silent for so long by the server's clock, a holder may be taken over after a yes (product, section 2). */
export const SILENCE_MS = 40_000;

/** Whether the process of a holder still runs, as far as this machine can tell. */
export type Liveness = 'gone' | 'alive' | 'elsewhere';

export type Claimable =
  /** Anyone may go on, by typing the same command. */
  | { readonly kind: 'free'; readonly why: string }
  /** Silent: a yes or --take-over is needed. */
  | { readonly kind: 'ask'; readonly why: string }
  /** Somebody is at work. */
  | { readonly kind: 'held'; readonly why: string };

/**
 * Who may go on with a record.
 * @param now server's time, milliseconds
 */
export function mayTake(found: Extract<FoundRecord, { state: 'valid' }>, liveness: Liveness, now: number): Claimable {
  const { record } = found;
  const who = describeHolder(record.holder);
  if (record.phase !== 'running') return { kind: 'free', why: `${who} ${record.phase} it` };
  if (liveness === 'gone') return { kind: 'free', why: `${who} is gone from this machine` };
  const last = lastSign(found);
  const silent = now - last;
  const ago = `${Math.max(0, Math.round(silent / 1000))}s ago`;
  // A clock that was ahead when it wrote: it may be dead since, and nobody could tell until that time has come.
  if (silent <= -SILENCE_MS)
    return { kind: 'ask', why: `${who} sent its last heartbeat at ${new Date(last).toISOString()}, which is to come` };
  if (silent >= SILENCE_MS) return { kind: 'ask', why: `${who} sent its last heartbeat ${ago}` };
  return { kind: 'held', why: `${who} is running, last heartbeat ${ago}` };
}

/** Newest of heartbeat and start; a heartbeat that cannot be read counts as none. */
export function lastSign(found: Extract<FoundRecord, { state: 'valid' }>): number {
  const beat = Date.parse(found.heartbeat ?? '');
  const since = Date.parse(found.record.holder.since);
  return Number.isFinite(beat) ? Math.max(beat, since) : since;
}

export function describeHolder(holder: Holder): string {
  return `${holder.user}@${holder.host} (pid ${holder.pid}, since ${holder.since})`;
}

/** `alice@laptop`. */
export function clientOf({ user, host }: Holder): string {
  return `${user}@${host}`;
}

/** `in progress: alice@laptop, heartbeat 5s ago`: it is nobody else's to resume or to cancel. */
export function inProgress(found: Extract<FoundRecord, { state: 'valid' }>, now: number): string {
  return `in progress: ${clientOf(found.record.holder)}, heartbeat ${Math.max(0, Math.round((now - lastSign(found)) / 1000))}s ago`;
}

/** The same operation, continued by another holder. */
export function takenBy(record: OperationRecord, holder: Holder): OperationRecord {
  return { ...record, holder, phase: 'running' };
}
