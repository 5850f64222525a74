import { memberName, replicasOf } from '../domain/naming.ts';
import type { Check } from './check.ts';
import { names, operationToRun, seen, subjectOf } from './draft.ts';

/**
 * Pods run beyond the replicas of the saved manifest: put back as it is, the controller deletes them, and nobody who
 * restores expects that (cass-operator#104).
 */
export const podsBeyondArchive: Check = {
  id: 'pods-beyond-archive',
  title: 'Pods run beyond the replicas of the saved manifest',
  meaning:
    'With --adopt the new StatefulSet takes over every Pod that runs, and the saved manifest has fewer replicas: the Pods above them are not part of it, and the controller deletes them. If you override this, they are deleted one at a time, highest ordinal first, before anything else is restored, and their PVCs are retained, even if the saved whenScaled policy is Delete.',
  remedy: 'Restore from a saved manifest with the number of replicas that runs (restore --list), or delete the Pods yourself first.',
  source: 'k8ssandra/cass-operator#104; pkg/controller/statefulset/stateful_set_control.go (updateStatefulSet)',
  override: 'allow',
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
        remedies: [
          operationToRun('restore', set.metadata.name, { list: true }, 'whether another saved manifest has the replicas that run'),
        ],
      },
    ];
  },
};
