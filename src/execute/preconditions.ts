import { ChangedError } from '../domain/errors.ts';
import type { StatefulSet } from '../domain/kube.ts';
import { type Snapshot, sliceOf } from '../domain/snapshot.ts';
import { differencesInWords, templateDifferences } from '../domain/spec-difference.ts';
import type { Archive } from '../domain/stored.ts';
import type { Step } from '../plan/plan.ts';
import { judge } from './judge/judge.ts';

/**
 * The client-side half of a guard (law 2), on a fresh read; the server-side half travels with the write.
 * @param archive the saved manifest that the operation goes by
 * @throws ChangedError with the first precondition that does not hold
 */
export function throwIfUnmet({ preconditions }: Step, fresh: Snapshot, archive: Archive | undefined): void {
  const unmet = preconditions.find((condition) => !judge(condition, fresh).holds);
  if (unmet === undefined) return;
  const why = unmet.is === 'pods-of-update-revision' ? templateInWords(fresh, archive) : '';
  throw new ChangedError(`${judge(unmet, fresh).note}${why}`);
}

/** Revisions are names: what the template differs in, also what a server or a webhook has added, is told by the saved manifest. */
function templateInWords(fresh: Snapshot, archive: Archive | undefined): string {
  const set = sliceOf(fresh, 'set');
  if (archive === undefined || set.state !== 'read') return '';
  const differences = templateDifferences((archive.manifest as unknown as StatefulSet).spec.template, set.value.spec.template);
  return differences.length === 0 ? '' : `; not as in the saved manifest: ${differencesInWords(differences)}`;
}
