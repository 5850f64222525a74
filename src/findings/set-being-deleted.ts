import type { Check } from './check.ts';
import { kubectl, seen, subjectOf } from './draft.ts';

/** The set has a deletionTimestamp: its controller only updates status from here on, and scales nothing. */
export const setBeingDeleted: Check = {
  id: 'set-being-deleted',
  needs: ['set'],
  run(_snapshot, { set }) {
    const { name, deletionTimestamp, finalizers } = set.metadata;
    if (deletionTimestamp === undefined) return [];
    const waits = (finalizers ?? []).join(', ');
    return [
      {
        grade: 'proven',
        subject: subjectOf('statefulset', set),
        message: `${name} is being deleted since ${deletionTimestamp}${waits === '' ? '' : ` and waits for ${waits}`}; its controller scales nothing any more`,
        evidence: [
          seen(`statefulset/${name}`, 'metadata.deletionTimestamp', deletionTimestamp),
          seen(`statefulset/${name}`, 'metadata.finalizers', waits || undefined),
        ],
        remedies: [kubectl('wait', [`statefulset/${name}`, '--for=delete'], 'until it is gone')],
      },
    ];
  },
};
