import type { StatefulSet } from '../domain/kube.ts';
import { sliceOf } from '../domain/snapshot.ts';
import { changedSpecFields } from '../domain/spec-difference.ts';
import type { Check } from './check.ts';
import { names, ours, seen, subjectOf } from './draft.ts';

/**
 * A deletion goes on with the archive that it began with. When the set was changed since, that is not what a restore
 * would have to bring back.
 */
export const archiveOutdated: Check = {
  id: 'archive-outdated',
  needs: ['set'],
  run(snapshot, { archive }) {
    const set = sliceOf(snapshot, 'set');
    if (archive === undefined || set.state !== 'read') return [];
    const fields = changedSpecFields(archive.manifest as unknown as StatefulSet, set.value);
    if (fields.length === 0) return [];
    const { name } = set.value.metadata;
    return [
      {
        grade: 'proven',
        subject: subjectOf('statefulset', set.value),
        message: `somebody else has changed ${names(fields.map((field) => `spec.${field}`))} since archive ${archive.name} was written; a restore would bring the older one back`,
        evidence: fields.map((field) => seen(`statefulset/${name}`, `spec.${field}`, 'not as archived')),
        remedies: [ours('cancel', [name], 'then begin anew, with an archive of the set as it is now')],
      },
    ];
  },
};
