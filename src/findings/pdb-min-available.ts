import { type Budget, budgetOf } from '../domain/disruption.ts';
import type { DisruptionBudget } from '../domain/kube.ts';
import { selects } from '../domain/selector.ts';
import type { Check, Draft, Intent } from './check.ts';
import { known, seen, subjectOf } from './draft.ts';

/**
 * A PodDisruptionBudget would be broken by what remains. Nobody enforces it here: only the eviction API honours PDBs,
 * the controller's own deletes do not (semantics, section 1).
 */
export const pdbMinAvailable: Check = {
  id: 'pdb-min-available',
  title: 'A PodDisruptionBudget would be broken',
  meaning:
    'Fewer healthy Pods would remain than a budget asks for. Nothing enforces that here: only evictions honour budgets, the controller’s own deletes do not. What remains cannot be drained from a node any more, and whoever wrote the budget thought that fewer do not serve. Percentages and maxUnavailable go with the new number of members.',
  remedy: 'Keep enough members, heal those that stay, or change the budget together with the size.',
  source: 'pkg/controller/disruption/disruption.go (getExpectedPodCount)',
  override: 'allow',
  needs: ['set', 'pods', 'pdbs'],
  run(snapshot, intent) {
    const pods = known(snapshot, 'pods');
    if (pods === undefined) return [];
    return (known(snapshot, 'pdbs') ?? [])
      .filter((pdb) => selects(pdb.spec.selector, intent.set.spec.template.metadata?.labels))
      .map((pdb) => ({ pdb, budget: budgetOf(pdb, pods, intent) }))
      .filter(({ budget }) => budget.healthy < budget.wanted)
      .map(({ pdb, budget }) => draftOf(pdb, budget, intent));
  },
};

function draftOf(pdb: DisruptionBudget, { wanted, healthy }: Budget, { set }: Intent): Draft {
  const { name } = pdb.metadata;
  const object = `poddisruptionbudget/${name}`;
  const { minAvailable, maxUnavailable } = pdb.spec;
  const asked = maxUnavailable === undefined ? `minAvailable ${minAvailable}` : `maxUnavailable ${maxUnavailable}`;
  return {
    grade: 'proven',
    subject: subjectOf('poddisruptionbudget', pdb),
    message: `PodDisruptionBudget ${name} wants ${wanted} healthy Pods (${asked}), and ${healthy} would remain of those it selects with ${set.metadata.name}`,
    evidence: [
      maxUnavailable === undefined ? seen(object, 'spec.minAvailable', minAvailable) : seen(object, 'spec.maxUnavailable', maxUnavailable),
      seen(object, 'status.disruptionsAllowed', pdb.status.disruptionsAllowed),
    ],
    remedies: [],
  };
}
