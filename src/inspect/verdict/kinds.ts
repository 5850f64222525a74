/** What a set is, in one word (product, section 3, `status`). */
export type VerdictName = 'healthy' | 'progressing' | 'interrupted' | 'held' | 'stuck' | 'degraded' | 'parked' | 'deleting' | 'set-absent';

export interface Verdict {
  readonly verdict: VerdictName;
  /** One sentence without a full stop: "web-1 is not Ready (0/1 containers, CrashLoopBackOff)". */
  readonly reason: string;
}

/** Makes verdicts of one kind: `stuck('web-1 cannot be created: …')`. */
const as =
  (verdict: VerdictName) =>
  (reason: string): Verdict => ({ verdict, reason });

export const healthy = as('healthy');
export const progressing = as('progressing');
/** An operation of this program stopped part-way, and the set is otherwise at rest. */
export const interrupted = as('interrupted');
export const held = as('held');
export const stuck = as('stuck');
export const degraded = as('degraded');
export const parked = as('parked');
export const deleting = as('deleting');
export const setAbsent = as('set-absent');
