import type { StatefulSet } from '../domain/kube.ts';
import { sliceOf } from '../domain/snapshot.ts';
import { changedInSpec } from '../domain/spec-difference.ts';
import type { Check } from './check.ts';
import { names, operationToRun, seen, subjectOf } from './draft.ts';

/**
 * A deletion goes on with the archive that it began with. When the set was changed since, that is not what a restore
 * would have to bring back.
 */
export const archiveOutdated: Check = {
  id: 'archive-outdated',
  title: 'The set was changed since it was archived',
  meaning:
    'A resumed deletion keeps the archive that it began with. In the meantime the set was changed, mostly its template, by a person, a program, or a webhook that rewrites what is sent: what would be deleted is not what a restore would bring back.',
  remedy: 'Cancel and start again, with a fresh archive. If the older manifest will do, allow it.',
  source: 'spec of the set against the archive’s',
  override: 'allow',
  needs: ['set'],
  run(snapshot, { archive }) {
    const set = sliceOf(snapshot, 'set');
    if (archive === undefined || set.state !== 'read') return [];
    const archived = archive.manifest as unknown as StatefulSet;
    // Another set of that name is not what the archive is about.
    if (archived.metadata.uid !== set.value.metadata.uid) return [];
    const paths = changedInSpec(archived, set.value);
    if (paths.length === 0) return [];
    const { name } = set.value.metadata;
    return [
      {
        grade: 'proven',
        subject: subjectOf('statefulset', set.value),
        message: `${names(paths)} of the set is not as in archive ${archive.name} any more; a restore would bring back what it was`,
        evidence: paths.slice(0, 5).map((path) => seen(`statefulset/${name}`, path, 'not as archived')),
        remedies: [operationToRun('cancel', name, {}, 'then begin again, with a saved manifest of the set as it is now')],
      },
    ];
  },
};
