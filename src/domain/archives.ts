import type { ArchiveEntry } from './stored.ts';

/**
 * The saved manifest that a plain `restore` takes: the newest one of a deletion. One of a scale holds the number of
 * replicas, and maybe the template, from before that scale, so it is only taken by its name.
 * @param entries oldest first, as the index has them
 */
export function archiveOfDeletion(entries: readonly ArchiveEntry[]): ArchiveEntry | undefined {
  return entries.findLast(isOfDeletion);
}

export function isOfDeletion({ operation }: Pick<ArchiveEntry, 'operation'>): boolean {
  return operation === 'delete';
}

/** The one that matters while nothing is named: what a plain `restore` takes, else the newest of all, to be named. */
export function archiveThatMatters(entries: readonly ArchiveEntry[]): ArchiveEntry | undefined {
  return archiveOfDeletion(entries) ?? entries.at(-1);
}
