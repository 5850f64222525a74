import { archiveLeft, archiveLeftInWords, archivesUnknown } from '../../domain/archive-left.ts';
import { isLeftBehind, podsNamedAfter } from '../../domain/members.ts';
import { sliceOf } from '../../domain/snapshot.ts';
import { known, names, operationToRun, seen } from '../draft.ts';
import type { Diagnosis } from './diagnosis.ts';

/** Signature 42: Pods or a saved manifest, and no set. */
export const setMissing: Diagnosis = {
  id: 'set-missing',
  title: 'The StatefulSet does not exist, and something of it is left',
  meaning:
    'There is no StatefulSet of that name, but Pods that it has left still run, or a saved manifest of it exists. Pods without a StatefulSet are not replaced when they end.',
  remedy: 'Recreate the StatefulSet with restore; restore --adopt takes over the Pods that still run.',
  source: 'docs/tutorial.md',
  override: 'never',
  severity: 'blocks',
  group: 'failure',
  needs: ['set', 'pods', 'stored'],
  run(snapshot) {
    if (sliceOf(snapshot, 'set').state !== 'absent') return [];
    const { name, namespace } = snapshot.target;
    const running = [...podsNamedAfter(name, known(snapshot, 'pods') ?? []).values()].filter((pod) => isLeftBehind(pod, name));
    const archive = archiveLeft(snapshot);
    if (running.length === 0 && archive === undefined) return [];
    const left =
      running.length === 0
        ? ''
        : `; ${names(running.map(({ metadata }) => metadata.name))} still ${running.length === 1 ? 'runs' : 'run'} without it`;
    const way =
      archive === undefined ? (archivesUnknown(snapshot) ?? 'no saved manifest is known') : archiveLeftInWords(archive, snapshot.now);
    return [
      {
        grade: 'proven',
        subject: { kind: 'statefulset', name, namespace },
        message: `there is no StatefulSet ${name}; ${way}${left}`,
        evidence: [seen(`statefulset/${name}`, 'metadata.name', undefined)],
        remedies: archive === undefined ? [] : [operationToRun('restore', name, archive.options, 'recreates it from the saved manifest')],
      },
    ];
  },
};
