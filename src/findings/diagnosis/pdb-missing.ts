import { replicasOf } from '../../domain/naming.ts';
import { selects } from '../../domain/selector.ts';
import { known, kubectl, seen, subjectOf } from '../draft.ts';
import { type Diagnosis, ofSet } from './diagnosis.ts';

/** Practice: without a budget two nodes may be drained at once. */
export const pdbMissing: Diagnosis = {
  id: 'pdb-missing',
  title: 'No PodDisruptionBudget protects the Pods',
  meaning:
    'Nothing limits how many Pods are evicted at the same time: when several nodes are drained at once, as in an upgrade of the cluster, a quorum is lost although every step was planned.',
  remedy: 'Create a PodDisruptionBudget with maxUnavailable 1.',
  source: 'kubernetes.io: Specifying a Disruption Budget for your Application',
  override: 'never',
  severity: 'notes',
  group: 'practice',
  needs: ['set', 'pdbs'],
  run: ofSet((set, snapshot) => {
    const budgets = known(snapshot, 'pdbs');
    const labels = set.spec.template.metadata?.labels ?? {};
    if (budgets === undefined || replicasOf(set) < 2 || budgets.some(({ spec }) => selects(spec.selector, labels))) return [];
    const { name } = set.metadata;
    const selector = Object.entries(set.spec.selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
    const create = ['poddisruptionbudget', name, `--selector=${selector.join(',')}`, '--max-unavailable=1'];
    return [
      {
        grade: 'proven',
        subject: subjectOf('statefulset', set),
        message: `no PodDisruptionBudget selects the Pods of ${name}: any number of them may be evicted at once`,
        evidence: [seen(`statefulset/${name}`, 'spec.selector.matchLabels', selector.join(',') || undefined)],
        remedies: selector.length === 0 ? [] : [kubectl('create', create, 'one Pod at a time')],
      },
    ];
  }),
};
