import { membersOf } from '../domain/members.ts';
import { strategyOf } from '../domain/revisions.ts';
import { isStale } from '../domain/rollout.ts';
import type { Check } from './check.ts';
import { count, known, kubectl, names, seen, subjectOf } from './draft.ts';

/** Under OnDelete an earlier change of the template waits in every Pod that nobody has deleted since: what runs is not what the set says. */
export const updatePending: Check = {
  id: 'update-pending',
  title: 'Pods wait for an earlier update (OnDelete)',
  meaning:
    'The update strategy is OnDelete, and Pods were made from an earlier Pod template than the one that the StatefulSet has. A rollout is rolled back, if it must be, to the template that the StatefulSet has now, which these Pods never ran.',
  remedy: 'Finish the earlier update first: restart these Pods one by one, or put back the Pod template that they run.',
  source: 'pkg/controller/statefulset/stateful_set_control.go (updateStatefulSet)',
  override: 'never',
  needs: ['set', 'pods'],
  run(snapshot, { set, rollsOut }) {
    if (rollsOut === undefined || strategyOf(set) !== 'OnDelete') return [];
    const stale = membersOf(set, known(snapshot, 'pods') ?? []).filter((member) => member.inRange && isStale(set, member));
    if (stale.length === 0) return [];
    const { name } = set.metadata;
    return [
      {
        grade: 'proven',
        subject: subjectOf('statefulset', set),
        message: `${count(stale.length, 'Pod')} of StatefulSet ${name} (${names(stale.map((one) => one.name))}) ${stale.length === 1 ? 'does' : 'do'} not run the Pod template that it has now`,
        evidence: [seen(`statefulset/${name}`, 'status.updateRevision', set.status.updateRevision)],
        remedies: [kubectl('rollout', ['history', `statefulset/${name}`], 'which revisions there are')],
      },
    ];
  },
};
