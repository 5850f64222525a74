import type { DisruptionBudget } from '../../domain/kube.ts';
import { replicasOf } from '../../domain/naming.ts';
import { selects } from '../../domain/selector.ts';
import { known, mergePatch, seen, subjectOf } from '../draft.ts';
import { type Diagnosis, ofSet } from './diagnosis.ts';

/** Signature 34: a budget that allows no eviction even when every Pod is healthy. */
export const pdbAllowsNone: Diagnosis = {
  id: 'pdb-allows-none',
  title: 'A PodDisruptionBudget allows no eviction at all',
  meaning:
    'Even when every Pod is healthy, the budget allows none to be evicted: a node with one of these Pods can never be drained, and upgrades of the cluster hang there until someone deletes the Pod or the budget by hand.',
  remedy: 'Allow one: maxUnavailable 1.',
  source: 'kubernetes.io: Specifying a Disruption Budget; pkg/controller/disruption',
  override: 'never',
  severity: 'warns',
  group: 'hazard',
  needs: ['set', 'pdbs'],
  run: ofSet((set, snapshot) =>
    (known(snapshot, 'pdbs') ?? [])
      .filter(({ spec }) => selects(spec.selector, set.spec.template.metadata?.labels))
      .filter((pdb) => replicasOf(set) > 0 && allowsNone(pdb, replicasOf(set)))
      .map((pdb) => {
        const { name } = pdb.metadata;
        const { minAvailable, maxUnavailable } = pdb.spec;
        const [field, value] = maxUnavailable === undefined ? ['minAvailable', minAvailable] : ['maxUnavailable', maxUnavailable];
        return {
          grade: 'proven',
          subject: subjectOf('poddisruptionbudget', pdb),
          message: `PodDisruptionBudget ${name} (${field} ${value}) allows no Pod of ${set.metadata.name} to be evicted, even when all are healthy: nodes with one of them cannot be drained`,
          evidence: [
            seen(`poddisruptionbudget/${name}`, `spec.${field}`, value),
            seen(`poddisruptionbudget/${name}`, 'status.disruptionsAllowed', pdb.status.disruptionsAllowed),
          ],
          remedies: [mergePatch('poddisruptionbudget', name, { spec: { minAvailable: null, maxUnavailable: 1 } }, 'allow one at a time')],
        };
      }),
  ),
};

/** @param pods how many it is about: what the disruption controller has counted, else the set's own */
function allowsNone({ spec, status }: DisruptionBudget, pods: number): boolean {
  const expected = status.expectedPods ?? pods;
  if (spec.maxUnavailable !== undefined) return amount(spec.maxUnavailable, expected) === 0;
  return spec.minAvailable !== undefined && amount(spec.minAvailable, expected) >= expected;
}

/** Percentages are rounded up (GetScaledValueFromIntOrPercent). */
function amount(value: number | string, of: number): number {
  return typeof value === 'number' ? value : Math.ceil((Number.parseInt(value, 10) * of) / 100);
}
