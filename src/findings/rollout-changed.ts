import { lastWriterOf } from '../domain/managers.ts';
import { partitionOf } from '../domain/revisions.ts';
import { differencesInWords, pathInWords, templateDifferences } from '../domain/spec-difference.ts';
import type { Check } from './check.ts';
import { kubectl, operationToRun, seen, subjectOf } from './draft.ts';

/** Since an open rollout was left, its template or partition has become another one: to go on would not roll out what was agreed to. */
export const rolloutChanged: Check = {
  id: 'rollout-changed',
  title: 'Another client changed an open rollout',
  meaning:
    'A rollout was paused or interrupted, and the Pod template or the partition of the StatefulSet is not what it left: a manifest was applied, or the partition was changed with another client. Resuming would update Pods to a template that was not reviewed, or set the partition back.',
  remedy: 'Find out who it was. Cancel the rollout, which restores the saved Pod template, or put back what it left.',
  source: 'the record against spec.template and spec.updateStrategy.rollingUpdate.partition',
  override: 'allow',
  needs: ['set'],
  run(_, { set, rollsOut }) {
    if (rollsOut?.partition === undefined) return [];
    const { name } = set.metadata;
    const object = `statefulset/${name}`;
    const differences = templateDifferences(rollsOut.template, set.spec.template);
    const moved = partitionOf(set) !== rollsOut.partition;
    if (differences.length === 0 && !moved) return [];
    const writer = lastWriterOf(set);
    const what = [
      ...(differences.length === 0 ? [] : [differencesInWords(differences)]),
      ...(moved ? [`partition is ${partitionOf(set)}, was ${rollsOut.partition}`] : []),
    ];
    return [
      {
        grade: 'proven',
        subject: subjectOf('statefulset', set),
        message: `StatefulSet ${name} is not as its rollout left it: ${what.join('; ')}${writer === undefined ? '' : ` (field manager ${writer})`}`,
        evidence: [
          ...differences.map(({ path }) => seen(object, pathInWords(path), 'changed')),
          ...(moved ? [seen(object, 'spec.updateStrategy.rollingUpdate.partition', partitionOf(set))] : []),
        ],
        remedies: [
          operationToRun('cancel', name, {}, 'restores the saved Pod template'),
          kubectl('get', ['statefulset', name, '-o', 'yaml', '--show-managed-fields'], 'who owns which field'),
        ],
      },
    ];
  },
};
