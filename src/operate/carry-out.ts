import { isDeepStrictEqual } from 'node:util';
import type { LiveSnapshot } from '../cluster/api.ts';
import { ApiError, ChangedError, StoppedError } from '../domain/errors.ts';
import { type Snapshot, sliceOf } from '../domain/snapshot.ts';
import type { Archive, OperationRecord } from '../domain/stored.ts';
import { execute } from '../execute/executor.ts';
import type { ExecutePorts, Execution } from '../execute/ports.ts';
import { type Ending } from '../execute/progress.ts';
import { retainAgain } from '../execute/retain.ts';
import { pendingIn } from '../operations/earlier-records.ts';
import type { Plan } from '../plan/plan.ts';
import { type Patience, troubleOf } from '../record/guarded.ts';
import { keepBeating } from '../record/heartbeat.ts';
import type { SeenIndex } from '../record/index-carrier.ts';
import { RecordKeeper } from '../record/keeper.ts';
import { takenBy } from '../record/takeover.ts';
import { archiveOf } from './archive-source.ts';
import { fenceOff } from './fence-off.ts';
import { lookFinally } from './final-look.ts';
import { announcer } from './kube-events.ts';
import { explainedByNamespace } from './namespace-end.ts';
import { openRecord } from './open-record.ts';
import { PlanAgain } from './plan-again.ts';
import type { OperatePorts, OperationRequest } from './ports.ts';
import type { Prepared } from './prepare.ts';
import { type Hurry, hurryOf, sectionOf } from './stop.ts';
import type { Ended } from './ways-on.ts';

/** What a plan is carried out on. */
export interface Carrying {
  readonly prepared: Prepared;
  /** Followed since the plan was made. */
  readonly world: LiveSnapshot;
  readonly request: OperationRequest;
}

/** Executes a consented plan: takes the record, beats its heart, and leaves it `stopped` when it ends short of done. */
export async function carryOut(plan: Plan, { prepared, world, request }: Carrying, ports: OperatePorts): Promise<Ended> {
  const beating = new AbortController();
  const found = openRecord(prepared.snapshot)?.carried ?? {};
  const section = sectionOf(request.timeoutMs, ports, beating.signal);
  const patience: Patience = { clock: ports.clock, stop: section.stop, onSilence: (error) => tellSilence(error, ports) };
  const keeper = new RecordKeeper({ ...ports, ...patience }, plan.target, found, seenIndex(prepared.snapshot));
  const events = announcer(ports, plan, request.reason);
  const hurry = hurryOf(patience);
  const execution = executionOf(plan, prepared, request.reason, ports);
  const heart = keepBeating(() => keeper.beat(), ports.clock, beating.signal);
  const again = new PlanAgain(plan, prepared.snapshot, execution.archive, request);
  const keepCopy = async (archive: Archive): Promise<void> => {
    again.archive = archive;
    if (request.saveTo !== undefined) await ports.saveFile(request.saveTo, `${JSON.stringify(archive, undefined, 2)}\n`);
  };
  const told: string[] = [];
  const tell = (message: string): void => {
    told.push(message);
    ports.sink.emit({ type: 'warning', message, at: ports.serverNow() });
  };
  const executePorts: ExecutePorts = {
    ...ports,
    ...patience,
    world,
    section,
    keeper,
    keepCopy,
    tell,
    announce: events.announce,
    planAgain: (seen) => again.on(seen, keeper.newest),
  };
  try {
    const ending = await ended(plan, prepared, execution, executePorts, { hurry, reader: ports.reader });
    return { ...ending, id: execution.id, told, ...(hurry.isLate ? { unheard: true as const } : {}) };
  } finally {
    beating.abort();
    await hurry.within(Promise.all([heart, events.settled(), keeper.settled()]));
    hurry.over();
  }
}

function seenIndex(snapshot: Snapshot): SeenIndex | undefined {
  const stored = sliceOf(snapshot, 'stored');
  return stored.state === 'read' ? { secret: stored.value.index } : undefined;
}

interface Rest {
  readonly hurry: Hurry;
  readonly reader: OperatePorts['reader'];
}

async function ended(plan: Plan, prepared: Prepared, execution: Execution, ports: ExecutePorts, rest: Rest): Promise<Ending> {
  const { keeper } = ports;
  const found = keeper.carried;
  await takeOver(plan, prepared, execution, ports);
  const ending = await lookedAt(await execute(plan, execution, ports), ports, rest);
  if (ending.error === undefined) return ending;
  await retainAgain(ending.plan, execution, ending.remaining[0], ports);
  // A record that we did not write is somebody else's to change, or to take off.
  if (isDeepStrictEqual(keeper.carried, found)) return ending;
  return { ...ending, wrote: (await staysOpen(prepared, keeper, rest.hurry)) || ending.wrote };
}

/** Nothing is done before it was seen at the end, and whatever went wrong may have one reason. */
async function lookedAt(ending: Ending, ports: ExecutePorts, { reader }: Rest): Promise<Ending> {
  const { plan, done } = ending;
  const reached = { ...plan, steps: plan.steps.slice(0, done.length) };
  const seen = ending.error === undefined ? { ...ending, ...(await lookFinally(reached, ports, reader)) } : ending;
  return await explainedByNamespace(plan, seen, reader);
}

/** A write whose answer does not come can take a minute: nobody should have to guess why nothing moves. */
function tellSilence(error: ApiError, { sink, serverNow }: OperatePorts): void {
  sink.emit({ type: 'warning', message: `the API server ${troubleOf(error)} (${error.message}); trying again`, at: serverNow() });
}

function executionOf(plan: Plan, prepared: Prepared, reason: string | undefined, ports: OperatePorts): Execution {
  const { resume } = prepared;
  const archive = archiveOf(plan, prepared.snapshot, resume);
  return {
    id: resume?.record.id ?? ports.newId(),
    holder: { ...ports.operator, since: new Date(ports.serverNow()).toISOString() },
    ...(archive === undefined ? {} : { archive }),
    ...(plan.options['withoutSecrets'] === true ? { onlyFile: true } : {}),
    ...(resume === undefined ? {} : lasting(resume.record)),
    ...(reason === undefined ? {} : { reason: shortened(reason) }),
  };
}

/** What holds of an operation until its end, whoever goes on with it. */
function lasting({ onlyFile, created, reason }: OperationRecord): Pick<Execution, 'onlyFile' | 'created' | 'reason'> {
  return {
    ...(onlyFile === undefined ? {} : { onlyFile }),
    ...(created === undefined ? {} : { created }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** A record has 4 KiB, and shares them with what was asked for. */
function shortened(reason: string): string {
  return reason.length <= 120 ? reason : `${reason.slice(0, 119)}…`;
}

/**
 * A resumed operation first puts its name on the record: from then on the old holder's next write fails its test. So does
 * one that goes back, where the old holder may be about to delete something.
 */
async function takeOver(plan: Plan, { resume, snapshot }: Prepared, { holder }: Execution, ports: ExecutePorts): Promise<void> {
  if (resume === undefined || (plan.from === undefined && !mayBeAtWork(plan, resume.record))) return;
  const { keeper } = ports;
  const taken: OperationRecord = takenBy(resume.record, holder);
  const set = sliceOf(snapshot, 'set');
  if (keeper.carried.index !== undefined) await keeper.recordOnIndex(taken);
  else if (set.state === 'read') await keeper.changeSet(set.value.metadata.uid, [], taken);
  await fenceOff(plan.target, resume.record, ports);
}

/** Who stopped has no write under way. */
function mayBeAtWork({ target }: Plan, record: OperationRecord): boolean {
  return record.phase === 'running' && pendingIn(record, target) !== undefined;
}

/** Only our own record was written (a restore's first step), over no other: nothing of the user's was changed. */
function changedNothing({ resume }: Prepared, keeper: RecordKeeper): boolean {
  return !keeper.wrote && resume === undefined && keeper.carried.set === undefined && keeper.carried.index !== undefined;
}

/**
 * What an operation leaves that ended short of done: its record, `stopped`, or nothing where it has changed nothing.
 * @returns whether a record stands that should not: both ways on are told then
 */
async function staysOpen(prepared: Prepared, keeper: RecordKeeper, hurry: Hurry): Promise<boolean> {
  if (changedNothing(prepared, keeper)) return (await hurry.within(takeOff(keeper))) !== true;
  await hurry.within(leaveStopped(keeper));
  return false;
}

async function takeOff(keeper: RecordKeeper): Promise<boolean> {
  return await quietly(keeper.closeOnIndex((entries) => entries));
}

/** Best effort: the record says `stopped`, so that anybody may go on at once. What is not ours any more is left alone. */
async function leaveStopped(keeper: RecordKeeper): Promise<boolean> {
  const raw = keeper.newest;
  if (raw === undefined) return true;
  const record = { ...(JSON.parse(raw) as OperationRecord), phase: 'stopped' } as const;
  return await quietly(keeper.leave(record));
}

/**
 * The record then stays as it is, and its silence lets the next one take over; the ending already says what went wrong.
 * @returns whether it was done
 */
async function quietly(work: Promise<void>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (!(error instanceof ApiError || error instanceof ChangedError || error instanceof StoppedError)) throw error;
    return false;
  }
}
