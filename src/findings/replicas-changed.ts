import { replicasOf } from '../domain/naming.ts';
import { sliceOf } from '../domain/snapshot.ts';
import type { Check } from './check.ts';
import { operationToRun, seen, subjectOf } from './draft.ts';

/**
 * An operation that was stopped left the set at a number of members, and it has another one now: somebody applied a
 * manifest, or scaled. To go on would be to overwrite them, step by step (principle 2).
 */
export const replicasChanged: Check = {
  id: 'replicas-changed',
  title: 'Someone changed the number of members of a held operation',
  meaning:
    'An operation was stopped part-way, and the set does not have the replicas any more at which it was left: a manifest was applied, an autoscaler or a person scaled. The record says where to resume, and that is not where the set is. cancel puts back what was there before the operation, over the other’s number.',
  remedy: 'Ask who it was, and cancel; then start again on what is there.',
  source: 'the record’s cursor against spec.replicas',
  override: 'never',
  needs: ['set'],
  run(snapshot, { goesBack, left }) {
    const set = sliceOf(snapshot, 'set');
    if (left === undefined || set.state !== 'read' || replicasOf(set.value) === left) return [];
    const { name } = set.value.metadata;
    const now = replicasOf(set.value);
    return [
      {
        grade: 'proven',
        subject: subjectOf('statefulset', set.value),
        message: `another client has set replicas to ${now} since; the operation had left it at ${left}`,
        evidence: [seen(`statefulset/${name}`, 'spec.replicas', now)],
        // Not `kubectl scale` down to where it was: that is what nobody watches, and what may take claims.
        remedies:
          goesBack === true
            ? []
            : [operationToRun('cancel', name, {}, 'back to what was there before the operation; after that it can be begun again')],
      },
    ];
  },
};
