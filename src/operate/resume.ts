import { isDeepStrictEqual } from 'node:util';
import { ApiError, CannotError, RefusedError } from '../domain/errors.ts';
import type { Finding } from '../domain/finding.ts';
import type { StatefulSet } from '../domain/kube.ts';
import { type Snapshot, sliceOf } from '../domain/snapshot.ts';
import type { Archive, FoundArchive, FoundRecord } from '../domain/stored.ts';
import type { Resume } from '../operations/operation.ts';
import { optionWords } from '../plan/commandline.ts';
import { readArchive } from '../record/index-secret.ts';
import { type Claimable, mayTake } from '../record/takeover.ts';
import { archiveInFile } from './archive-source.ts';
import { isAbout, openRecord } from './open-record.ts';
import { copiedRecord, damagedRecord, otherOperation } from './other-operation.ts';
import type { OperatePorts, OperationRequest } from './ports.ts';

/** What stands open, as this request may treat it. */
export type Standing =
  | { readonly kind: 'clear' }
  | { readonly kind: 'refused'; readonly finding: Finding }
  /** This request goes on with it, or (cancel) back from it. */
  | { readonly kind: 'resume'; readonly resume: Resume; readonly asked?: true };

/**
 * Judges the open record, if any: whose it is, whether its holder lives, and whether this request is the one that may
 * go on with it (product, section 2: who may go on with a record).
 * @throws RefusedError when a silent holder would have to be taken over and nobody said yes
 */
export async function standingOf(snapshot: Snapshot, request: OperationRequest, ports: OperatePorts): Promise<Standing> {
  const open = openRecord(snapshot);
  if (open === undefined) return await standingByFile(snapshot, request, ports);
  const { target } = request;
  const { found } = open;
  if (found.state === 'damaged') return { kind: 'refused', finding: damagedRecord(target, found) };
  const claimable = mayTake(found, ports.liveness(found.record.holder), snapshot.now);
  if (claimable.kind === 'held') return { kind: 'refused', finding: otherOperation(target, found, claimable.why) };
  const archive = await archiveOfRecord(snapshot, found, request, ports);
  const refusal = refusalOf(snapshot, request, found, archive);
  if (refusal !== undefined) return { kind: 'refused', finding: refusal };
  const asked = await askIfSilent(claimable, request, ports);
  return { kind: 'resume', resume: { record: found.record, archive }, ...(asked ? { asked } : {}) };
}

/**
 * Without Secrets the record goes with the set, and a deletion that was killed after that has nothing left to do but the
 * proof: the file of --save-to says what must be there.
 */
async function standingByFile(snapshot: Snapshot, request: OperationRequest, ports: OperatePorts): Promise<Standing> {
  const { operation, saveTo, target } = request;
  if (operation !== 'delete' || saveTo === undefined || sliceOf(snapshot, 'set').state !== 'absent') return { kind: 'clear' };
  const archive = await archiveIfThere(saveTo, target, ports);
  if (archive?.operation !== 'delete' || archive.options['withoutSecrets'] !== true) return { kind: 'clear' };
  const { id, name, created } = archive;
  const holder = { ...ports.operator, since: created };
  const record = {
    schema: 1,
    id,
    kind: 'delete',
    phase: 'stopped',
    holder,
    cursor: 'finish',
    digest: '',
    archive: name,
    putBack: {},
  } as const;
  return { kind: 'resume', resume: { record, archive } };
}

async function archiveIfThere(path: string, target: OperationRequest['target'], ports: OperatePorts): Promise<Archive | undefined> {
  try {
    const found = await archiveInFile(path, target, ports);
    return found.state === 'valid' ? found.archive : undefined;
  } catch (error) {
    // No such file yet, or another set's: then this is no deletion that goes on.
    if (error instanceof CannotError || error instanceof RefusedError) return undefined;
    throw error;
  }
}

type Valid = Extract<FoundRecord, { state: 'valid' }>;

function refusalOf(snapshot: Snapshot, request: OperationRequest, found: Valid, archive: Archive): Finding | undefined {
  const set = sliceOf(snapshot, 'set');
  const archivedUid = (archive.manifest['metadata'] as { readonly uid: string }).uid;
  // A restore's record stands on the index, and the set that it creates has a new uid.
  if (found.carrier === 'set' && !isAbout(set.state === 'read' ? set.value : undefined, archivedUid))
    return copiedRecord(request.target, found);
  if (request.operation === 'cancel') return undefined;
  const begun = withoutFalse(found.record.asked?.options ?? archive.options);
  if (request.operation !== found.record.kind) return otherOperation(request.target, found, `this is ${request.operation}`, begun);
  if (isSameWish(request, begun, snapshot)) return undefined;
  return otherOperation(request.target, found, `it was begun with other options: ${optionWords(begun).join(' ') || 'none'}`, begun);
}

/** A restore goes on as it was begun by its bare command; what is typed must not say something else. */
function isSameWish({ operation, options }: OperationRequest, begun: Readonly<Record<string, unknown>>, snapshot: Snapshot): boolean {
  const asked = withoutFalse(options);
  if (operation !== 'restore') return isDeepStrictEqual(asked, begun);
  const stored = sliceOf(snapshot, 'stored');
  const named = stored.state === 'read' && stored.value.archive?.state === 'valid' ? stored.value.archive.archive.name : undefined;
  const wish = asked['archive'] === undefined ? asked : { ...asked, archive: named };
  return Object.entries(wish).every(([option, value]) => isDeepStrictEqual(value, begun[option]));
}

/** Options that do not make it another operation: one was about the beginning, one is found by looking. */
const INCIDENTAL: ReadonlySet<string> = new Set(['currentReplicas', 'withoutSecrets']);

/** `--one-by-one=false` and no flag are the same wish. */
function withoutFalse(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).filter(([key, value]) => value !== undefined && value !== false && !INCIDENTAL.has(key)),
  );
}

/** @returns whether somebody was asked, and has taken their time */
async function askIfSilent(claimable: Claimable, request: OperationRequest, ports: OperatePorts): Promise<boolean> {
  if (claimable.kind !== 'ask' || request.takeOver || request.dryRun !== undefined) return false;
  const yes = await ports.consent.takeOver(`${claimable.why}. Take this operation over?`);
  if (!yes) throw new RefusedError(`not taken over: ${claimable.why}`, 'add --take-over');
  return true;
}

/**
 * The archive that the record names, from the cluster or from the file of --save-to.
 * @throws RefusedError when it cannot be used: what the operation began on is then unknown
 */
async function archiveOfRecord(snapshot: Snapshot, found: Valid, request: OperationRequest, ports: OperatePorts): Promise<Archive> {
  const { archive: name } = found.record;
  const isMeant = identified(found);
  const archive = await archiveNamed(name, isMeant, snapshot, ports);
  if (archive?.state === 'valid' && isMeant(archive.archive)) return archive.archive;
  // The file may be on another machine: it is looked at where the cluster has no archive.
  const file = request.saveTo === undefined ? undefined : await archiveInFile(request.saveTo, request.target, ports);
  if (file?.state === 'valid' && isMeant(file.archive)) return file.archive;
  const set = sliceOf(snapshot, 'set');
  if (request.operation === 'cancel' && set.state === 'read') return standIn(set.value, found);
  throw noArchive(request, found, archive);
}

/** Names are given again when an index is lost; the id tells which archive it is. */
function identified({ record: { id, kind, asked } }: Valid): (archive: Archive) => boolean {
  const meant = asked?.archiveId ?? (kind === 'scale' || kind === 'delete' ? id : undefined);
  return (archive) => meant === undefined || archive.id === meant;
}

function noArchive({ target }: OperationRequest, { record }: Valid, archive: FoundArchive | undefined): RefusedError {
  const trouble =
    archive === undefined ? 'cannot be read' : archive.state === 'valid' ? 'is another one now' : `cannot be used: ${archive.message}`;
  const file =
    record.kind === 'restore'
      ? `if it was begun with a file: kubectl sts-safe restore ${target.name} --archive FILE`
      : `with the file of --save-to: kubectl sts-safe ${record.kind} ${target.name} … --save-to FILE`;
  return new RefusedError(
    `Secret ${record.archive}, the archive of the open ${record.kind}, ${trouble}`,
    `${file}; kubectl sts-safe cancel ${target.name} goes back by the record alone: ${JSON.stringify(record.putBack)}`,
  );
}

async function archiveNamed(
  name: string,
  isMeant: (archive: Archive) => boolean,
  snapshot: Snapshot,
  ports: OperatePorts,
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

/** The way back of a live set needs no archive: what to put back is in the record itself. */
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
