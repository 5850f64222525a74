import { replicasOf } from '../domain/naming.ts';
import { sliceOf } from '../domain/snapshot.ts';
import type { Check } from './check.ts';
import { operationToRun, seen, subjectOf } from './draft.ts';

/** There is a set of that name: nothing is to be restored. */
export const setPresent: Check = {
  id: 'set-present',
  title: 'The set exists',
  meaning: 'There is a StatefulSet of that name, so there is nothing to restore; its creator may have meant something else.',
  remedy: 'Look at it with status. If the archived one is wanted instead, delete this one with sts-safe first.',
  source: 'restore creates, it never overwrites',
  override: 'never',
  needs: ['set'],
  run(snapshot) {
    const live = sliceOf(snapshot, 'set');
    if (live.state !== 'read') return [];
    const { name, uid, creationTimestamp, deletionTimestamp } = live.value.metadata;
    const going = deletionTimestamp === undefined ? '' : ', and is being deleted';
    return [
      {
        grade: 'proven',
        subject: subjectOf('statefulset', live.value),
        message: `StatefulSet ${name} exists, with ${replicasOf(live.value)} replicas, since ${creationTimestamp ?? 'an unknown time'}${going}`,
        evidence: [seen(`statefulset/${name}`, 'metadata.uid', uid)],
        remedies: [operationToRun('status', name, {}, 'what it is doing')],
      },
    ];
  },
};
