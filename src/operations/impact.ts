import type { Pod, StatefulSet } from '../domain/kube.ts';
import { ordinalsOf } from '../domain/naming.ts';
import { isOpenToUpdates, revisionOf } from '../domain/revisions.ts';

/** What the controller is handed: the set as it is to be, and its template's revision where that is known. */
export interface Desired {
  readonly set: StatefulSet;
  readonly revision: string | undefined;
}

/** What it makes of what runs, by ordinal, lowest first; each ordinal is in one list. */
export interface Impact {
  /** Beyond the range: deleted. */
  readonly leaving: readonly number[];
  /** In range, of another revision, and held by neither partition nor OnDelete: replaced. */
  readonly restarting: readonly number[];
  /** In range and left as it is. */
  readonly kept: readonly number[];
  /** In range, and nothing runs there. */
  readonly created: readonly number[];
}

/**
 * Live against desired (stateful_set_control.go, updateStatefulSet). Every operation that hands the controller another
 * desired state asks this, and not its own idea of what that does.
 * @param places Pods by ordinal; undefined where one is asked for and does not run
 */
export function impactOf(places: ReadonlyMap<number, Pod | undefined>, { set, revision }: Desired): Impact {
  const range = ordinalsOf(set);
  const inRange = new Set(range);
  const replaced = (ordinal: number): boolean => {
    const pod = places.get(ordinal);
    return pod !== undefined && revision !== undefined && revisionOf(pod) !== revision && isOpenToUpdates(set, ordinal);
  };
  const runs = range.filter((ordinal) => places.get(ordinal) !== undefined);
  return {
    leaving: [...places.keys()].filter((ordinal) => !inRange.has(ordinal)).sort((a, b) => a - b),
    restarting: runs.filter(replaced),
    kept: runs.filter((ordinal) => !replaced(ordinal)),
    created: range.filter((ordinal) => places.get(ordinal) === undefined),
  };
}
