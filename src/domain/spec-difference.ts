import { isDeepStrictEqual } from 'node:util';
import type { StatefulSet } from './kube.ts';

/** What a deletion changes itself on its way. */
const OUR_OWN: ReadonlySet<string> = new Set(['replicas', 'persistentVolumeClaimRetentionPolicy']);

/**
 * Top-level fields of spec that differ and that a deletion does not change itself: then the archive of that deletion is
 * not of this set any more.
 */
export function changedSpecFields(before: StatefulSet, after: StatefulSet): readonly string[] {
  const [was, is] = [new Map<string, unknown>(Object.entries(before.spec)), new Map<string, unknown>(Object.entries(after.spec))];
  return [...new Set([...was.keys(), ...is.keys()])].filter(
    (field) => !OUR_OWN.has(field) && !isDeepStrictEqual(was.get(field), is.get(field)),
  );
}
