import { isDeepStrictEqual } from 'node:util';
import type { StatefulSet } from './kube.ts';

/** What a deletion changes itself on its way, and what is not about the members. */
const WITHOUT: ReadonlySet<string> = new Set(['replicas', 'persistentVolumeClaimRetentionPolicy', 'revisionHistoryLimit']);

/**
 * Top-level fields of spec that make other members, or treat them otherwise, and that a deletion does not change itself:
 * where they differ, the archive of that deletion is not of this set any more.
 */
export function changedSpecFields(before: StatefulSet, after: StatefulSet): readonly string[] {
  const [was, is] = [new Map<string, unknown>(Object.entries(before.spec)), new Map<string, unknown>(Object.entries(after.spec))];
  return [...new Set([...was.keys(), ...is.keys()])].filter(
    (field) => !WITHOUT.has(field) && !isDeepStrictEqual(was.get(field), is.get(field)),
  );
}
