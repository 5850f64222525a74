import { archiveThatMatters, isOfDeletion } from './archives.ts';
import { isLeftBehind, isTerminating, podsNamedAfter } from './members.ts';
import { roughAge } from './rough-age.ts';
import { type Snapshot, sliceOf } from './snapshot.ts';
import type { Archive, OperationName } from './stored.ts';

/** What a set that is not there could come back from: the archive that a plain `restore` takes, else the newest, by its name. */
export interface ArchiveLeft {
  readonly name: string;
  /** The operation that wrote it, before its first change. */
  readonly operation: OperationName;
  /** RFC 3339, server's clock. */
  readonly created: string;
  /** That operation deleted the set; otherwise somebody else did, later, and what was changed in between is not in it. */
  readonly setDeleted: boolean;
  /** Why it is no use as it is; absent for a good one. */
  readonly unusable?: string;
  /** How many others there are. */
  readonly older: number;
  /** Absent where the archive is no use, or claims could not be read. */
  readonly claims?: ArchivedClaimsNow;
  /** What to type behind `restore NAME`, named as options: to restore, or to see why not. */
  readonly options: Readonly<Record<string, true | string>>;
}

/** The claims that an archive names, as they are now. */
export interface ArchivedClaimsNow {
  readonly archived: number;
  readonly gone: number;
  readonly beingDeleted: number;
  /** The name is there, as another object: other data, or none. */
  readonly replaced: number;
}

/**
 * The archive of the target that matters and whether it would bring the data back. Needs the slice `stored`; without `claims`
 * it cannot tell about data, without `pods` not about members that still run.
 * @returns undefined where no archive is known
 */
export function archiveLeft(snapshot: Snapshot): ArchiveLeft | undefined {
  const stored = sliceOf(snapshot, 'stored');
  const newest = stored.state === 'read' ? archiveThatMatters(stored.value.entries) : undefined;
  if (stored.state !== 'read' || newest === undefined) return undefined;
  const { name, operation, created, setDeleted } = newest;
  const entry = { name, operation, created, setDeleted, older: stored.value.entries.length - 1 };
  const found = stored.value.archive;
  if (found === undefined) return { ...entry, unusable: 'its Secret is gone', options: { list: true } };
  if (found.state !== 'valid') return { ...entry, unusable: found.message, options: { list: true } };
  const claims = claimsNow(found.archive, snapshot);
  const options = { ...howToRestore(claims, snapshot), ...(isOfDeletion(newest) ? {} : { archive: name }) };
  return { ...entry, ...(claims === undefined ? {} : { claims }), options };
}

function howToRestore(claims: ArchivedClaimsNow | undefined, snapshot: Snapshot): ArchiveLeft['options'] {
  if (claims !== undefined && isShort(claims)) return { dryRun: true };
  return hasLiving(snapshot) ? { adopt: true } : {};
}

/** "archive sts-safe.web.1 of its deletion, 1h old, can bring it back". */
export function archiveLeftInWords({ name, operation, created, setDeleted, unusable, claims }: ArchiveLeft, now: number): string {
  const origin = setDeleted ? 'its deletion' : `an earlier ${operation}`;
  const what = `archive ${name} of ${origin}, ${roughAge(now - Date.parse(created))} old,`;
  if (unusable !== undefined) return `${what} cannot be used: ${unusable}`;
  if (claims !== undefined && isShort(claims)) return `${what} is left, but ${shortInWords(claims)}`;
  const then = setDeleted ? '' : ' as it was then';
  return `${what} can bring it back${then}${claims === undefined ? ', if its PVCs are still there' : ''}`;
}

/** Why no archive is known, where that is not because there is none: what could not be read is not called absent. */
export function archivesUnknown(snapshot: Snapshot): string | undefined {
  const stored = sliceOf(snapshot, 'stored');
  return stored.state === 'unknown' ? `whether it is archived is not known: ${stored.message}` : undefined;
}

function claimsNow({ claims: archived }: Archive, snapshot: Snapshot): ArchivedClaimsNow | undefined {
  const claims = sliceOf(snapshot, 'claims');
  if (claims.state === 'unknown') return undefined;
  const now = new Map((claims.state === 'read' ? claims.value : []).map(({ metadata }) => [metadata.name, metadata]));
  const same = archived.filter(({ name, uid }) => now.get(name)?.uid === uid);
  const gone = archived.filter(({ name }) => !now.has(name)).length;
  return {
    archived: archived.length,
    gone,
    beingDeleted: same.filter(({ name }) => now.get(name)?.deletionTimestamp !== undefined).length,
    replaced: archived.length - same.length - gone,
  };
}

/** Whether something of the data is not there any more, or soon will not be. */
function isShort({ gone, beingDeleted, replaced }: ArchivedClaimsNow): boolean {
  return gone + beingDeleted + replaced > 0;
}

function shortInWords({ archived, gone, beingDeleted, replaced }: ArchivedClaimsNow): string {
  const of = (few: number, what: string): readonly string[] =>
    few === 0 ? [] : [`${few} of ${archived} archived PVCs ${few === 1 ? 'is' : 'are'} ${what}`];
  const parts = [
    ...of(gone, 'gone'),
    ...of(beingDeleted, 'being deleted'),
    ...of(replaced, replaced === 1 ? 'another object now' : 'other objects now'),
  ];
  return `${parts.join(', ')}: it would come up ${gone + beingDeleted === archived ? 'empty' : 'without their data'}`;
}

/** Members that a restored set would have to take over; those that are on their way out are only waited for. */
function hasLiving(snapshot: Snapshot): boolean {
  const pods = sliceOf(snapshot, 'pods');
  return (
    pods.state === 'read' &&
    [...podsNamedAfter(snapshot.target.name, pods.value).values()].some(
      (pod) => !isTerminating(pod) && isLeftBehind(pod, snapshot.target.name),
    )
  );
}
