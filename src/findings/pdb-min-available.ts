import { type Budget, budgetOf } from '../domain/disruption.ts';
import type { DisruptionBudget, StatefulSet } from '../domain/kube.ts';
import { isControlledBy } from '../domain/members.ts';
import { selects } from '../domain/selector.ts';
import type { Snapshot } from '../domain/snapshot.ts';
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
    'Fewer healthy Pods would remain than a budget asks for. Nothing enforces that here: only evictions honour budgets, the controller’s own deletes do not. What remains cannot be drained from a node any more, and the author of the budget decided that fewer are not enough. Percentages and maxUnavailable go with the new number of members.',
  remedy: 'Keep enough members, heal those that stay, or change the budget together with the size.',
  source: 'pkg/controller/disruption/disruption.go (getExpectedPodCount)',
  override: 'allow',
  needs: ['set', 'pods', 'pdbs'],
  further: {
    slices: ['podMetadata', 'namespacePods'],
    wanted(snapshot, { set }) {
      const budgets = budgetsOn(set, snapshot);
      if (budgets.length === 0) return [];
      return budgets.some((pdb) => isShared(pdb, set, snapshot)) ? ['podMetadata', 'namespacePods'] : ['podMetadata'];
    },
  },
  run(snapshot, intent) {
    const { set } = intent;
    return budgetsOn(set, snapshot).flatMap((pdb) => {
      const pods = known(snapshot, isShared(pdb, set, snapshot) ? 'namespacePods' : 'pods');
      if (pods === undefined || known(snapshot, 'podMetadata') === undefined) return [];
      const budget = budgetOf(pdb, pods, intent);
      return budget.healthy < budget.wanted ? [draftOf(pdb, budget, intent)] : [];
    });
  },
};

function budgetsOn(set: StatefulSet, snapshot: Snapshot): readonly DisruptionBudget[] {
  return (known(snapshot, 'pdbs') ?? []).filter((pdb) => selects(pdb.spec.selector, set.spec.template.metadata?.labels));
}

/** Other Pods count for it, too. */
function isShared(pdb: DisruptionBudget, { metadata: { uid } }: StatefulSet, snapshot: Snapshot): boolean {
  return (known(snapshot, 'podMetadata') ?? []).some((pod) => !isControlledBy(pod, uid) && selects(pdb.spec.selector, pod.metadata.labels));
}

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
