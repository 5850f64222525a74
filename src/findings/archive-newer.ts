import { sliceOf } from '../domain/snapshot.ts';
import type { Check } from './check.ts';
import { operationToRun, seen } from './draft.ts';

/** The archive was written by a newer release, or cannot be read: what is not understood is not restored. */
export const archiveNewer: Check = {
  id: 'archive-newer',
  title: 'The archive cannot be understood',
  meaning: 'It was written by a newer release of sts-safe, or it is damaged. What is not understood is not restored.',
  remedy: 'Use the newer release, or an older archive from restore --list.',
  source: 'the archive’s schema number',
  override: 'never',
  needs: ['stored'],
  run(snapshot, { set }) {
    const stored = sliceOf(snapshot, 'stored');
    const archive = stored.state === 'read' ? stored.value.archive : undefined;
    if (archive === undefined || archive.state === 'valid') return [];
    const what = archive.state === 'newer' ? 'was written by a newer release of sts-safe' : 'is damaged';
    return [
      {
        grade: 'proven',
        subject: { kind: 'secret', name: archive.name, namespace: snapshot.target.namespace },
        message: `archive ${archive.name} ${what}: ${archive.message}`,
        evidence: [seen(`secret/${archive.name}`, 'data', archive.message)],
        remedies:
          archive.state === 'newer'
            ? []
            : [operationToRun('restore', set.metadata.name, { list: true }, 'whether an older archive will do')],
      },
    ];
  },
};
