import { replicasOf } from '../domain/naming.ts';
import { sliceOf } from '../domain/snapshot.ts';
import type { Check } from './check.ts';
import { ours, seen, subjectOf } from './draft.ts';

/** There is a set of that name: nothing is to be restored. */
export const setPresent: Check = {
  id: 'set-present',
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
        remedies: [ours('status', [name], 'what it is doing')],
      },
    ];
  },
};
