import { type Snapshot, sliceOf } from '../domain/snapshot.ts';
import type { Archive, ArchiveEntry } from '../domain/stored.ts';
import type { Check, Draft } from './check.ts';
import { operationToRun, seen } from './draft.ts';

/**
 * The archive is not of what ran last: the set lived on after it was written (a scale wrote it, the deletion was taken
 * back, or it was restored from it before), or a later one was archived since. Its manifest then may be older than what is
 * on the claims.
 */
export const archiveOutlived: Check = {
  id: 'archive-outlived',
  title: 'The archive may not be what ran last',
  meaning:
    'The set lived on after this archive was written: a scale wrote it, the deletion was taken back, or a restore used it before; or a later archive exists. Its template and its replicas may be older than the data on the PVCs, and many databases cannot return to an older release once a newer one has opened their files.',
  remedy: 'Look at the image that the plan shows, and at the other archives. Where the manifest is kept elsewhere, apply that one instead.',
  source: 'the index of archives; databases’ upgrade notes (PostgreSQL, MongoDB: no downgrade in place)',
  override: 'allow',
  needs: ['stored'],
  run(snapshot, { archive }) {
    if (archive === undefined) return [];
    const entries = entriesIn(snapshot);
    const own = entries.find(({ id }) => id === archive.id);
    const later = entries.findLast(({ id, created }) => id !== archive.id && Date.parse(created) > Date.parse(archive.created));
    if (later !== undefined) return [outlivedBy(later, archive, snapshot)];
    return own === undefined || own.setDeleted ? [] : [livedOn(archive, snapshot)];
  },
};

function entriesIn(snapshot: Snapshot): readonly ArchiveEntry[] {
  const stored = sliceOf(snapshot, 'stored');
  return stored.state === 'read' ? stored.value.entries : [];
}

function outlivedBy(later: ArchiveEntry, archive: Archive, { target }: Snapshot): Draft {
  const { uid } = archive.manifest['metadata'] as { readonly uid: string };
  const what = later.setUid === uid ? 'the set' : 'another set of that name';
  return {
    grade: 'proven',
    subject: { kind: 'secret', name: archive.name, namespace: target.namespace },
    message: `archive ${archive.name} of ${archive.created} is not the newest: ${what} was archived later, as ${later.name}`,
    evidence: [seen(`archive/${later.name}`, 'created', later.created), seen(`archive/${later.name}`, 'setUid', later.setUid)],
    remedies: [operationToRun('restore', target.name, { list: true }, 'all archives, newest first')],
  };
}

function livedOn(archive: Archive, { target }: Snapshot): Draft {
  return {
    grade: 'proven',
    subject: { kind: 'secret', name: archive.name, namespace: target.namespace },
    message: `the set lived on after archive ${archive.name} of ${archive.created}, and the index does not show that sts-safe deleted it: what was changed later is not in it`,
    evidence: [seen(`archive/${archive.name}`, 'setDeleted', false)],
    remedies: [operationToRun('restore', target.name, { dryRun: true }, 'whether replicas and images are what ran last')],
  };
}
