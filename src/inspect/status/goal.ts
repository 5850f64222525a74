import type { SetStatus } from './model.ts';

export type Goal = 'healthy' | 'updated' | 'scaled';

/** Whether it holds, cannot come to hold without somebody's help, or may still. */
export type Progress = 'holds' | 'never' | 'not-yet';

/**
 * Where a set stands on its way to a goal of `status --wait`.
 * healthy: it is, and being scaled to 0 on purpose is no illness. updated: every member has the newest revision and is
 * available. scaled: as many members as wanted are ready, and none above.
 */
export function progressTo(goal: Goal, status: SetStatus): Progress {
  if (reached(goal, status)) return 'holds';
  return hopeless(goal, status) ? 'never' : 'not-yet';
}

function reached(goal: Goal, { health, set, members }: SetStatus): boolean {
  // A generation that the controller has not seen says nothing about the members.
  if (set === undefined || set.observedGeneration < set.generation) return false;
  switch (goal) {
    case 'healthy':
      return health === 'Healthy' || health === 'ScaledToZero';
    case 'updated':
      return set.updated === set.replicas && set.available === set.replicas;
    case 'scaled':
      return set.ready === set.replicas && members.every(({ role }) => role === 'member');
  }
}

/** Stuck by the controller's own rules, going or gone; and what was interrupted, or a rollout that is held, needs a command and no patience. */
function hopeless(goal: Goal, { health }: SetStatus): boolean {
  switch (health) {
    case 'Stalled':
    case 'Terminating':
    case 'Missing':
      return true;
    case 'Interrupted':
    case 'Paused':
    case 'UpdatePending':
      return goal !== 'scaled';
    case 'Healthy':
    case 'Progressing':
    case 'Degraded':
    case 'ScaledToZero':
      return false;
  }
}
