import { isDeepStrictEqual } from 'node:util';
import type { StatefulSet } from './kube.ts';

/** What a deletion changes itself on its way. */
const OUR_OWN: ReadonlySet<string> = new Set(['replicas', 'persistentVolumeClaimRetentionPolicy']);

/**
 * Top-level fields of spec that differ and that a deletion does not change itself: then the archive of that deletion is
 * not of this set any more.
 */
export function changedSpecFields({ spec: before }: StatefulSet, { spec: after }: StatefulSet): readonly string[] {
  const [was, is] = [before as unknown as Record<string, unknown>, after as unknown as Record<string, unknown>];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (field) => !OUR_OWN.has(field) && !isDeepStrictEqual(was[field], is[field]),
  );
}
