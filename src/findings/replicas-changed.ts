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
        message: `somebody else has set replicas to ${now} since; the operation had left it at ${left}`,
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
