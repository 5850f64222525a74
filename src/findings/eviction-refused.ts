import { isPodReady } from '../domain/members.ts';
import { selects } from '../domain/selector.ts';
import type { Check } from './check.ts';
import { known, seen, subjectOf } from './draft.ts';
import { podsAt } from './members.ts';

/**
 * The eviction API asks every PodDisruptionBudget that selects the Pod: it refuses where one allows no disruption, or where there are
 * several (pkg/registry/core/pod/storage/eviction.go).
 */
export const evictionRefused: Check = {
  id: 'eviction-refused',
  title: 'A PodDisruptionBudget allows no eviction now',
  meaning:
    'A Pod is evicted only while every budget that selects it allows one more disruption: a budget with minAvailable as high as there are Pods never does, and any other does not while a Pod is down. Where two budgets select the Pod, the API server refuses the eviction altogether. A Pod that is not Ready may be evicted under unhealthyPodEvictionPolicy AlwaysAllow.',
  remedy: 'Wait until all Pods that the budget selects are Ready, or change the budget. kubectl delete pod ignores budgets.',
  source: 'pkg/registry/core/pod/storage/eviction.go (checkAndDecrement)',
  override: 'never',
  needs: ['set', 'pods', 'pdbs'],
  run(snapshot, intent) {
    return podsAt(snapshot, intent, intent.leaving).flatMap((pod) => {
      const budgets = (known(snapshot, 'pdbs') ?? []).filter(({ spec }) => selects(spec.selector, pod.metadata.labels));
      const several = budgets.length > 1;
      return budgets
        .filter(({ status }) => several || (isPodReady(pod) && (status.disruptionsAllowed ?? 0) < 1))
        .slice(0, several ? 1 : undefined)
        .map((pdb) => ({
          grade: 'proven',
          subject: subjectOf('poddisruptionbudget', pdb),
          message: several
            ? `${budgets.length} PodDisruptionBudgets select Pod ${pod.metadata.name}, and the API server evicts no such Pod: ${budgets.map(({ metadata }) => metadata.name).join(', ')}`
            : `PodDisruptionBudget ${pdb.metadata.name} allows no eviction of Pod ${pod.metadata.name} now`,
          evidence: budgets.map(({ metadata, status }) =>
            seen(`poddisruptionbudget/${metadata.name}`, 'status.disruptionsAllowed', status.disruptionsAllowed),
          ),
          remedies: [],
        }));
    });
  },
};
