import { partitionOf, strategyOf } from '../../domain/revisions.ts';
import { RECORD_ANNOTATION } from '../../domain/stored.ts';
import { mergePatch, seen, subjectOf } from '../draft.ts';
import { forgottenPartition } from '../forgotten-partition.ts';
import { rolloutSeen } from '../rollouts.ts';
import { type Diagnosis, entryOf, ofSet } from './diagnosis.ts';

/** Signature 6 to come: nothing is held back now, and the next template change will be. */
export const partitionLeft: Diagnosis = {
  ...entryOf(forgottenPartition),
  severity: 'warns',
  group: 'hazard',
  needs: ['set', 'pods'],
  run: ofSet((set, snapshot) => {
    const partition = partitionOf(set);
    const isOurs = set.metadata.annotations?.[RECORD_ANNOTATION] !== undefined;
    if (strategyOf(set) !== 'RollingUpdate' || partition === 0 || isOurs || rolloutSeen(snapshot, { set })?.state !== 'complete') return [];
    const { name } = set.metadata;
    const patch = { spec: { updateStrategy: { rollingUpdate: { partition: 0 } } } };
    return [
      {
        grade: 'proven',
        subject: subjectOf('statefulset', set),
        message: `partition ${partition} is set on StatefulSet ${name}, and all its Pods are of one revision: the next change of the template does not reach the Pods below it`,
        evidence: [seen(`statefulset/${name}`, 'spec.updateStrategy.rollingUpdate.partition', partition)],
        remedies: [mergePatch('statefulset', name, patch, 'no Pod restarts, as all are of this revision')],
      },
    ];
  }),
};
