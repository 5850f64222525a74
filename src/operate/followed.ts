import type { WatchedSlice } from '../cluster/slices/table.ts';
import type { SliceName, Target } from '../domain/snapshot.ts';

/**
 * What an operation on a StatefulSet, or on what belongs to one, follows while it runs. What a removed Pod may own besides Pods and
 * PVCs is not followed: it was listed for the plan, moments before the first write. A list for each Pod would cost more than the
 * removal itself.
 */
export const FOLLOWED = ['set', 'pods', 'claims'] as const satisfies readonly WatchedSlice[];

/** What one on a node follows. */
const OF_NODES = ['node', 'nodePods', 'attachments'] as const satisfies readonly WatchedSlice[];

/** What is followed while the target is worked on. */
export function followedOf({ resource }: Pick<Target, 'resource'>): readonly WatchedSlice[] {
  return resource === 'nodes' ? OF_NODES : FOLLOWED;
}

/** What every sentence of a result is about; read anew, so that none rests on a watch. */
export function provedBy({ resource }: Pick<Target, 'resource'>): readonly SliceName[] {
  return resource === 'nodes' ? [...OF_NODES, 'replacements'] : ['set', 'pods', 'podMetadata', 'claims', 'namespace'];
}
