import type { WatchedSlice } from '../cluster/slices/table.ts';

/** What an operation follows while it runs. */
export const FOLLOWED = ['set', 'pods', 'claims'] as const satisfies readonly WatchedSlice[];
