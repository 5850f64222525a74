/** Health of a set, in one word (product, section 3, `status`). */
export type Health =
  | 'Healthy'
  | 'Progressing'
  | 'Degraded'
  | 'Stalled'
  | 'Paused'
  | 'UpdatePending'
  | 'Interrupted'
  | 'ScaledToZero'
  | 'Terminating'
  | 'Missing';

export interface Verdict {
  readonly health: Health;
  /** One sentence without a full stop: "web-1 is not Ready (0/1 containers, CrashLoopBackOff)". */
  readonly reason: string;
}

/** Makes verdicts of one kind: `stalled('web-1 cannot be created: …')`. */
const as =
  (health: Health) =>
  (reason: string): Verdict => ({ health, reason });

export const healthy = as('Healthy');
export const progressing = as('Progressing');
/** An operation of this program stopped part-way, and the set is otherwise at rest. */
export const interrupted = as('Interrupted');
/** By its partition, or by a rollout of this program that is paused. */
export const paused = as('Paused');
/** OnDelete: Pods wait to be deleted. */
export const updatePending = as('UpdatePending');
export const stalled = as('Stalled');
export const degraded = as('Degraded');
export const scaledToZero = as('ScaledToZero');
export const terminating = as('Terminating');
export const missing = as('Missing');
