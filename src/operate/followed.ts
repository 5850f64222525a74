import type { WatchedSlice } from '../cluster/slices/table.ts';

/**
 * What an operation follows while it runs. What a removed Pod may own besides Pods and PVCs is not followed: it was listed for
 * the plan, moments before the first write. A list for each Pod would cost more than the removal itself.
 */
export const FOLLOWED = ['set', 'pods', 'claims'] as const satisfies readonly WatchedSlice[];
