import type { Check } from './check.ts';
import { kubectl, seen, subjectOf } from './draft.ts';

/** No Secret will hold the archive, and a restore keeps its record in one: who deletes like this cannot bring it back alone. */
export const archiveOnlyInFile: Check = {
  id: 'archive-only-in-file',
  title: 'The archive is kept in a file alone',
  meaning:
    'You may not write Secrets, so the file of --save-to is all that is kept of the set. A restore keeps its record in a Secret: it takes a user who can write those, and the file.',
  remedy: 'Make sure someone with Secret write access is available, and keep the file safe.',
  source: 'operate/prepare.ts; SelfSubjectAccessReview',
  override: 'allow',
  needs: [],
  run(_snapshot, { set, onlyFile }) {
    if (onlyFile !== true) return [];
    const { name } = set.metadata;
    return [
      {
        grade: 'proven',
        subject: subjectOf('statefulset', set),
        message: `the file of --save-to will be the only archive of ${name}, and to restore it takes a user who can write Secrets`,
        evidence: [seen(`secret/sts-safe.${name}`, 'create', 'denied')],
        remedies: [kubectl('auth can-i', ['create', 'secrets'], 'with the credentials of the user who would restore it')],
      },
    ];
  },
};
