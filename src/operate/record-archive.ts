import { ApiError, RefusedError } from '../domain/errors.ts';
import type { StatefulSet } from '../domain/kube.ts';
import { type Snapshot, sliceOf } from '../domain/snapshot.ts';
import type { Archive, FoundArchive, FoundRecord } from '../domain/stored.ts';
import { CANCEL, cancelledBy } from '../operations/back.ts';
import { nameless } from '../operations/origin.ts';
import { operationNamed } from '../operations/registry.ts';
import { commandLine, placeOf } from '../plan/commandline.ts';
import { readArchive } from '../record/index-secret.ts';
import { archiveInFile } from './archive-source.ts';
import { removal } from './other-operation.ts';
import type { LookPorts, OperationRequest } from './ports.ts';

type Valid = Extract<FoundRecord, { state: 'valid' }>;

/**
 * The archive that the record names, from the cluster or from the file of --save-to.
 * @throws RefusedError when it cannot be used: what the operation began on is then unknown
 */
export async function archiveOfRecord(snapshot: Snapshot, found: Valid, request: OperationRequest, ports: LookPorts): Promise<Archive> {
  const { archive: name } = found.record;
  const isMeant = identified(found);
  const archive = await archiveNamed(name, isMeant, snapshot, ports);
  if (archive?.state === 'valid' && isMeant(archive.archive)) return archive.archive;
  // The file may be on another machine: it is looked at where the cluster has no archive.
  const file = request.saveTo === undefined ? undefined : await archiveInFile(request.saveTo, request.target, ports);
  if (file?.state === 'valid' && isMeant(file.archive)) return file.archive;
  const set = sliceOf(snapshot, 'set');
  const back = wayBack(set.state === 'read' ? set.value : undefined, request, found);
  if (back !== undefined) return back;
  throw noArchive(snapshot, found, archive);
}

/** The way back of a live set needs no archive, nor does one to no set: all that is left there is to take the record off. */
function wayBack(set: StatefulSet | undefined, { operation, target }: OperationRequest, found: Valid): Archive | undefined {
  if (operationNamed(operation)?.goesBack !== true) return undefined;
  if (set !== undefined) return standIn(set, found);
  return leadsToNothing(found) ? standIn(nameless(target), found) : undefined;
}

function leadsToNothing({ record }: Valid): boolean {
  return operationNamed(cancelledBy(record, undefined))?.back?.toNothing === true;
}

/** Names are given again when an index is lost; the id tells which archive it is: its own, or the one that it goes by. */
function identified({ record: { id, kind, asked } }: Valid): (archive: Archive) => boolean {
  const meant = asked?.archiveId ?? (operationNamed(kind)?.archive === 'given' ? undefined : id);
  return (archive) => meant === undefined || archive.id === meant;
}

function noArchive(snapshot: Snapshot, found: Valid, archive: FoundArchive | undefined): RefusedError {
  const { target } = snapshot;
  const place = placeOf(snapshot);
  const { kind, archive: name, putBack } = found.record;
  const trouble =
    archive === undefined ? 'cannot be read' : archive.state === 'valid' ? 'is another one now' : `cannot be used: ${archive.message}`;
  const isGiven = operationNamed(kind)?.archive === 'given';
  const file = isGiven ? 'if it was begun with a file, the same command resumes it' : 'with the file of --save-to it resumes';
  const cancel = commandLine({ operation: CANCEL, name: target.name, options: {} }, place);
  const forget = `without it the set cannot come back, and this forgets the operation: ${commandLine(removal(target, found), place)}`;
  const hasSet = sliceOf(snapshot, 'set').state === 'read';
  const back = hasSet
    ? `${cancel} cancels by the record alone: ${JSON.stringify(putBack)}`
    : leadsToNothing(found)
      ? `${cancel} gives it up`
      : forget;
  return new RefusedError(`Secret ${name}, the archive of the open ${kind}, ${trouble}`, `${file}; ${back}`);
}

async function archiveNamed(
  name: string,
  isMeant: (archive: Archive) => boolean,
  snapshot: Snapshot,
  ports: LookPorts,
): Promise<FoundArchive | undefined> {
  const stored = sliceOf(snapshot, 'stored');
  const near = stored.state === 'read' ? stored.value.archive : undefined;
  if (near?.state === 'valid' && near.archive.name === name && isMeant(near.archive)) return near;
  try {
    return await readArchive(ports.verbs, snapshot.target.namespace, name);
  } catch (error) {
    // Forbidden: as good as gone for this user.
    if (error instanceof ApiError && error.status === 403) return undefined;
    throw error;
  }
}

/** What to put back is in the record itself. */
function standIn(set: StatefulSet, { record }: Valid): Archive {
  const manifest = set as unknown as Archive['manifest'];
  return {
    schema: 1,
    name: record.archive,
    id: record.id,
    operation: record.kind,
    created: record.holder.since,
    options: {},
    allowed: [],
    manifest,
    claims: [],
  };
}
