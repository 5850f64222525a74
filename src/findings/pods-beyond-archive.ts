import { memberName, replicasOf } from '../domain/naming.ts';
import type { Check } from './check.ts';
import { names, ours, seen, subjectOf } from './draft.ts';

/**
 * Pods run beyond the replicas of the saved manifest: put back as it is, the controller deletes them, and nobody who
 * restores expects that (cass-operator#104).
 */
export const podsBeyondArchive: Check = {
  id: 'pods-beyond-archive',
  needs: ['pods'],
  run(_, { set, archive, leaving }) {
    if (archive === undefined || leaving.length === 0) return [];
    const replicas = replicasOf(set);
    const pods = leaving.map((ordinal) => memberName(set.metadata.name, ordinal));
    return [
      {
        grade: 'proven',
        subject: subjectOf('statefulset', set),
        message: `the saved manifest ${archive.name} has ${replicas} replicas, and ${names(pods)} would be deleted as beyond them`,
        evidence: [
          seen(`archive/${archive.name}`, 'spec.replicas', replicas),
          ...pods.map((pod) => seen(`pod/${pod}`, 'metadata.name', pod)),
        ],
        remedies: [ours('restore', [set.metadata.name, '--list'], 'whether another saved manifest has the replicas that run')],
      },
    ];
  },
};
