import type { Check } from './check.ts';
import { kubectl, seen, subjectOf } from './draft.ts';

/** The set has a deletionTimestamp: its controller only updates status from here on, and scales nothing. */
export const setBeingDeleted: Check = {
  id: 'set-being-deleted',
  title: 'The set is being deleted already',
  meaning:
    'It has a deletionTimestamp. From then on its controller only updates the status; replicas may be changed, but nobody acts on it, and the garbage collector takes the Pods in any order.',
  remedy:
    'Wait until it is gone; a finalizer that nobody takes off keeps it. Its volumes are safe as long as no owner reference destroys their claims.',
  source: 'pkg/controller/statefulset/stateful_set_control.go (updateStatefulSet); #68627',
  override: 'never',
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
