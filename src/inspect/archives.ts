import { isOfDeletion } from '../domain/archives.ts';
import type { StatefulSet } from '../domain/kube.ts';
import type { Reading } from '../domain/reading.ts';
import type { ArchiveEntry, FoundRecord, StoredState } from '../domain/stored.ts';

/** The archives of a set, as `restore --list` shows them. */
export interface ArchiveList {
  /** Name of the one that a plain `restore` takes; none where its Secret is gone. */
  readonly default?: string;
  readonly items: readonly ArchiveEntry[];
}

/**
 * The archives of a set. One that cannot be used is the default all the same: `restore` takes it, and says why not. One of
 * a scale is none: it must be named.
 *
 * @param stored undefined where nothing of this program is stored about the set
 */
export function archivesIn(stored: StoredState | undefined, set: Reading<StatefulSet>): ArchiveList {
  if (stored === undefined) return { items: [] };
  const { archive, entries, record } = stored;
  const name = archive?.state === 'valid' ? archive.archive.name : archive?.name;
  const isTaken = record !== undefined || entries.some((entry) => entry.name === name && isOfDeletion(entry));
  return {
    ...(isTaken && name !== undefined ? { default: name } : {}),
    items: entries.map((entry) => (isDeletedAlready(entry, record, set) ? { ...entry, setDeleted: true } : entry)),
  };
}

/** An open deletion enters what it has deleted when it ends, which may be long after the StatefulSet is gone. */
function isDeletedAlready({ id, setUid }: ArchiveEntry, open: FoundRecord | undefined, set: Reading<StatefulSet>): boolean {
  // Whoever wrote this archive and has its record on the index is about to delete the set, or has.
  if (open?.state !== 'valid' || open.record.id !== id) return false;
  return set.state === 'absent' || (set.state === 'read' && set.value.metadata.uid !== setUid);
}
