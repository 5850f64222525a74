import { type Snapshot, sliceOf, type Target } from '../domain/snapshot.ts';
import type { ArchiveEntry } from '../domain/stored.ts';
import { commandLine, type Place } from '../plan/commandline.ts';
import type { LivingSets, OpenItem } from './open-operations.ts';

/** An index Secret, as far as it is looked at here. */
export interface FoundIndex {
  readonly target: Target;
  readonly hasRecord: boolean;
  readonly entries: readonly ArchiveEntry[];
}

/** An archive Secret by its metadata alone. */
export interface FoundArchiveName {
  readonly namespace: string;
  readonly name: string;
  readonly set: string;
  /** RFC 3339, server's clock. */
  readonly created?: string;
}

/**
 * What no record names: sets that are deleted and can be restored, and archives that are in no index.
 * @param named what records name: their archives are in use
 */
export async function leftBehind(
  indexes: readonly FoundIndex[],
  archives: readonly FoundArchiveName[],
  sets: LivingSets,
  { named, flags }: { readonly named: readonly OpenItem[]; readonly flags: Place['flags'] },
): Promise<readonly OpenItem[]> {
  const listed = new Set([
    ...indexes.flatMap(({ target, entries }) => entries.map(({ name }) => keyOf({ ...target, name }))),
    ...named.flatMap(({ namespace, archive }) => (archive === undefined ? [] : [keyOf({ namespace, name: archive })])),
  ]);
  const deleted = indexes.filter(({ hasRecord, entries }) => !hasRecord && entries.at(-1)?.setDeleted === true);
  const unlisted = archives.filter((archive) => !listed.has(keyOf(archive)));
  if (deleted.length === 0 && unlisted.length === 0) return [];
  const living = livingOf(await sets());
  return [
    ...deleted.flatMap((index) => (living.has(keyOf(index.target)) ? [] : deletedSet(index, flags))),
    ...unlisted.flatMap((archive) => unnamed(archive, living, flags)),
  ];
}

function livingOf(sets: readonly Snapshot[]): ReadonlySet<string> {
  return new Set(sets.filter((snapshot) => sliceOf(snapshot, 'set').state === 'read').map(({ target }) => keyOf(target)));
}

function deletedSet({ target, entries }: FoundIndex, flags: Place['flags']): readonly OpenItem[] {
  const last = entries.at(-1);
  if (last === undefined) return [];
  const resumeCommand = commandLine({ operation: 'restore', name: target.name, options: {} }, { namespace: target.namespace, flags });
  return [{ namespace: target.namespace, set: target.name, what: 'deleted-set', since: last.created, archive: last.name, resumeCommand }];
}

/** An index that was lost left it, or an operation that was killed before its first change; restoring is only for a set that is not there. */
function unnamed(
  { namespace, name, set, created }: FoundArchiveName,
  living: ReadonlySet<string>,
  flags: Place['flags'],
): readonly OpenItem[] {
  const target = { namespace, name: set };
  const place: Place = { namespace, flags };
  const restore = commandLine({ operation: 'restore', name: set, options: { archive: name } }, place);
  const forget = commandLine({ do: 'kubectl', args: ['delete', 'secret', name], why: 'nothing names it' }, place);
  return [
    {
      namespace,
      set,
      what: 'unnamed-archive',
      archive: name,
      ...(created === undefined ? {} : { since: created }),
      // What a deleted set comes back from is nothing to throw away.
      ...(living.has(keyOf(target)) ? { cancelCommand: forget } : { resumeCommand: restore }),
    },
  ];
}

const keyOf = ({ namespace, name }: { readonly namespace: string; readonly name: string }): string => `${namespace}/${name}`;
