import { isDeepStrictEqual } from 'node:util';
import { CannotError, RefusedError } from '../domain/errors.ts';
import type { Finding } from '../domain/finding.ts';
import { type Snapshot, sliceOf } from '../domain/snapshot.ts';
import type { Archive, FoundRecord } from '../domain/stored.ts';
import type { Resume } from '../operations/operation.ts';
import { operationNamed } from '../operations/registry.ts';
import { optionWords } from '../plan/commandline.ts';
import { type Claimable, mayTake } from '../record/takeover.ts';
import { archiveInFile } from './archive-source.ts';
import { begunOptions, typeable } from './asked.ts';
import { isAbout, openRecord } from './open-record.ts';
import { busyOperation, copiedRecord, damagedRecord, otherOperation } from './other-operation.ts';
import type { LookPorts, OperationRequest } from './ports.ts';
import { archiveOfRecord } from './record-archive.ts';

/** What stands open, as this request may treat it. */
export type Standing =
  | { readonly kind: 'clear' }
  | { readonly kind: 'refused'; readonly finding: Finding }
  /** This request goes on with it, or (cancel) back from it. */
  | { readonly kind: 'resume'; readonly resume: Resume; readonly isSilent?: true };

/**
 * Judges the open record, if any: whose it is, whether its holder lives, and whether this request is the one that may
 * go on with it (product, section 2: who may go on with a record).
 * @throws RefusedError when a silent holder would have to be taken over and nobody said yes
 */
export async function standingOf(snapshot: Snapshot, request: OperationRequest, ports: LookPorts): Promise<Standing> {
  const open = openRecord(snapshot);
  if (open === undefined) return await standingByFile(snapshot, request, ports);
  const { target } = request;
  const { found } = open;
  if (found.state === 'damaged') return { kind: 'refused', finding: damagedRecord(target, found) };
  const claimable = mayTake(found, ports.liveness(found.record.holder), snapshot.now);
  if (claimable.kind === 'held' && !mayInterrupt(request, found))
    return { kind: 'refused', finding: busyOperation(target, found, claimable.why) };
  const archive = await archiveOfRecord(snapshot, found, request, ports);
  const refusal = refusalOf(snapshot, request, found, archive);
  if (refusal !== undefined) return { kind: 'refused', finding: refusal };
  await askIfSilent(claimable, found, snapshot, request, ports);
  return {
    kind: 'resume',
    resume: { record: found.record, archive },
    ...(claimable.kind === 'ask' ? { isSilent: true } : {}),
  };
}

/**
 * Without Secrets the record goes with the set, and a deletion that was killed after that has nothing left to do but the
 * proof: the file of --save-to says what must be there.
 */
async function standingByFile(snapshot: Snapshot, request: OperationRequest, ports: LookPorts): Promise<Standing> {
  const { operation, saveTo, target } = request;
  const cursor = operationNamed(operation)?.provesAt;
  if (cursor === undefined || saveTo === undefined || sliceOf(snapshot, 'set').state !== 'absent') return { kind: 'clear' };
  const archive = await archiveIfThere(saveTo, target, ports);
  if (archive?.operation !== operation || archive.options['withoutSecrets'] !== true) return { kind: 'clear' };
  const { id, name, created } = archive;
  const holder = { ...ports.operator, since: created };
  const record = {
    schema: 1,
    id,
    kind: operation,
    phase: 'stopped',
    holder,
    cursor,
    digest: '',
    archive: name,
    putBack: {},
  } as const;
  return { kind: 'resume', resume: { record, archive } };
}

async function archiveIfThere(path: string, target: OperationRequest['target'], ports: LookPorts): Promise<Archive | undefined> {
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
  if (isCopied(snapshot, found, archive)) return copiedRecord(request.target, found);
  if (operationNamed(request.operation)?.goesBack === true || mayContinue(request, found)) return undefined;
  const begun = withoutFalse(found.record.kind, begunOptions({ record: found.record, archive }));
  if (request.operation !== found.record.kind) return otherOperation(request.target, found, `${request.operation} is another one`, begun);
  if (found.record.phase === 'paused') return otherOperation(request.target, found, 'it is paused', begun);
  const words = `it was begun with other options: ${shortened(optionWords(begun).join(' ')) || 'none'}`;
  return isSameWish(request, begun, snapshot) ? undefined : otherOperation(request.target, found, words, begun);
}

/** What the open operation lets act on its record. */
function mayContinue({ operation }: OperationRequest, { record }: Valid): boolean {
  return operationNamed(record.kind)?.continuedBy?.includes(operation) === true;
}

function mayInterrupt(request: OperationRequest, found: Valid): boolean {
  return operationNamed(request.operation)?.interrupts === true && mayContinue(request, found);
}

/** A patch may be long. */
function shortened(words: string): string {
  return words.length <= 200 ? words : `${words.slice(0, 199)}…`;
}

/** A restore's record stands on the index, and the set that it creates has a new uid. */
function isCopied(snapshot: Snapshot, { carrier }: Valid, archive: Archive): boolean {
  const set = sliceOf(snapshot, 'set');
  return carrier === 'set' && set.state === 'read' && !isAbout(set.value, archive);
}

/** What goes by another operation's archive goes on as it was begun by its bare command; what is typed must not say something else. */
function isSameWish({ operation, options }: OperationRequest, begun: Readonly<Record<string, unknown>>, snapshot: Snapshot): boolean {
  const asked = withoutFalse(operation, options);
  if (operationNamed(operation)?.archive !== 'given') return isDeepStrictEqual(asked, begun);
  const stored = sliceOf(snapshot, 'stored');
  const named = stored.state === 'read' && stored.value.archive?.state === 'valid' ? stored.value.archive.archive.name : undefined;
  const wish = asked['archive'] === undefined ? asked : { ...asked, archive: named };
  return Object.entries(wish).every(([option, value]) => isDeepStrictEqual(value, begun[option]));
}

/** `--one-by-one=false` and no flag are the same wish; what is incidental is none. */
function withoutFalse(operation: string, options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const wished = Object.entries(typeable(operation, options)).filter(([, value]) => value !== undefined && value !== false);
  return Object.fromEntries(wished);
}

async function askIfSilent(
  claimable: Claimable,
  found: Valid,
  { cluster, target }: Snapshot,
  request: OperationRequest,
  ports: LookPorts,
): Promise<void> {
  if (claimable.kind !== 'ask' || request.takeOver || request.dryRun !== undefined || mayInterrupt(request, found)) return;
  const yes = await ports.consent.takeOver({ cluster, target }, `${claimable.why}. Take this operation over?`);
  if (!yes) throw new RefusedError(`not taken over: ${claimable.why}`, 'add --take-over');
}
