import type { WatchedSlice } from '../cluster/slices/table.ts';
import { OWNED_SLICES } from '../domain/dependents.ts';
import type { SliceName } from '../domain/snapshot.ts';
import type { Plan } from '../plan/plan.ts';

/** What an operation follows while it runs. */
export const FOLLOWED = ['set', 'pods', 'claims'] as const satisfies readonly WatchedSlice[];

/**
 * That, and for a plan that removes Pods what they may own: Pods and PVCs by watch, the others listed once more right before
 * its first write. A list for each Pod would cost more than the removal itself.
 */
export function followedBy({ steps }: Plan): readonly SliceName[] {
  const removes = steps.some(({ preconditions }) => preconditions.some(({ is }) => is === 'owns-only'));
  return removes ? [...new Set<SliceName>([...FOLLOWED, ...OWNED_SLICES])] : FOLLOWED;
}
