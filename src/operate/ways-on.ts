import { ApiError } from '../domain/errors.ts';
import { type Snapshot, sliceOf } from '../domain/snapshot.ts';
import type { Ending } from '../execute/progress.ts';
import { CANCEL } from '../operations/back.ts';
import { operationNamed } from '../operations/registry.ts';
import { writeOf } from '../plan/action.ts';
import { commandLine, placeOf } from '../plan/commandline.ts';
import type { Plan } from '../plan/plan.ts';
import type { OperationResult } from '../plan/result.ts';
import { isFile } from './archive-source.ts';
import { resumingCommand } from './asked.ts';
import { begunWith, isOfTheServer, lineOf, nextCommands, type Typed, tried, type Ways } from './next-commands.ts';
import { openRecord } from './open-record.ts';
import type { OperatePorts, OperationRequest } from './ports.ts';
import { isAllDone } from './report.ts';

/** How a plan's execution ended, and under which id. */
export interface Ended extends Ending {
  readonly id: string;
  /** The server did not take its last words, so it is not asked what may be typed next. */
  readonly unheard?: true;
}

type Asked = Pick<OperationRequest, 'saveTo' | 'options'>;

/** Longest time for looking what may be typed next; the result does not wait for a server that is away. Milliseconds. */
const LOOK_MS = 5000;

/** The commands at the end of an operation: what would be accepted then and there, whatever others have done meanwhile. */
export async function waysAfter(
  plan: Plan,
  ending: Ended,
  request: Asked,
  ports: OperatePorts,
): Promise<Ways & Pick<OperationResult, 'warnings'>> {
  if (ending.error === undefined && ending.paused !== true) return await undoing(plan, ports);
  if (isAllDone(ending)) return {};
  // It converges: to type it again is to resume it, and its undoing is an operation of its own.
  if (plan.journal === 'none')
    return { resumeCommand: commandLine({ ...typedAgain(plan, request), name: plan.target.name }, placeOf(plan)) };
  const known = waysKnown(plan, ending, request);
  if (ending.unheard === true || (ending.error instanceof ApiError && ending.error.status === undefined)) return known;
  return (await soon(waysNow(plan, ending, request, ports), ports)) ?? known;
}

/** @returns undefined where the server does not say enough: how an operation ended does not hang on advice */
async function waysNow(plan: Plan, ending: Ended, request: Asked, ports: OperatePorts): Promise<Ways | undefined> {
  try {
    return await waysOpen(plan, ending, request, ports);
  } catch (error) {
    if (isOfTheServer(error)) return undefined;
    throw error;
  }
}

async function waysOpen(plan: Plan, ending: Ended, request: Asked, ports: OperatePorts): Promise<Ways | undefined> {
  if (isClosed(plan, ending.done)) return await waiting(plan, ports);
  const snapshot = await ports.reader.read(['set', 'stored'], plan.target);
  const resume = resumeOn(snapshot, plan, request);
  if (resume === 'unknown') return undefined;
  if (resume === 'nothing-open') return {};
  const { isKnown, ways } = await nextCommands(ending.id, resume, plan.target, leaving(ports));
  return isKnown ? ways : undefined;
}

/** What would resume what stands open now: this operation, or the one that it was to cancel. */
function resumeOn(snapshot: Snapshot, plan: Plan, request: Asked): Typed | undefined | 'unknown' | 'nothing-open' {
  const again = typedAgain(plan, request);
  // Without Secrets the record goes with the set, and the file of --save-to is what there is.
  if (again.saveTo !== undefined) return again;
  if ([sliceOf(snapshot, 'set'), sliceOf(snapshot, 'stored')].some(({ state }) => state === 'unknown')) return 'unknown';
  const found = openRecord(snapshot)?.found;
  if (found?.state !== 'valid') return 'nothing-open';
  return found.record.kind === plan.operation ? again : begunWith(found.record, snapshot);
}

/** This process is about to end, and with it its hold on the record, should the note that it has stopped not have arrived. */
function leaving(ports: OperatePorts): OperatePorts {
  const { host, pid } = ports.operator;
  return { ...ports, liveness: (holder) => (holder.host === host && holder.pid === pid ? 'gone' : ports.liveness(holder)) };
}

async function soon<T>(work: Promise<T>, { clock }: OperatePorts): Promise<T | undefined> {
  const over = new AbortController();
  const nothing = (): undefined => undefined;
  try {
    return await Promise.race([work, clock.sleep(LOOK_MS, over.signal).then(nothing, nothing)]);
  } finally {
    over.abort();
  }
}

/** A deletion that kept what it takes says how to come back, unless what was allowed, or warned of, stands in the way. */
async function undoing(plan: Plan, ports: OperatePorts): Promise<Ways & Pick<OperationResult, 'warnings'>> {
  const { target, findings, allowed } = plan;
  const operation = operationNamed(plan.operation)?.undo?.(plan);
  if (operation === undefined) return {};
  const undo: Typed = { operation, target, options: {} };
  const line = commandLine({ operation, name: target.name, options: {} }, placeOf(plan));
  // What went without a word comes back without one.
  if (findings.length === 0 && allowed.length === 0) return { cancelCommand: line };
  const trial = await soon(tried(undo, ports), ports);
  if (trial?.state === 'accepted') return { cancelCommand: lineOf(undo, trial.prepared) };
  return trial?.state === 'refused' ? { warnings: [`${operation} would be refused now: ${trial.why}`] } : { cancelCommand: line };
}

/** The record is off the set: nothing is left to resume, only to wait for. */
async function waiting(plan: Plan, { reader }: OperatePorts): Promise<Ways> {
  const set = await reader.readSlice('set', plan.target);
  return set.state === 'absent' ? {} : { resumeCommand: waitLine(plan) };
}

function waitLine(plan: Plan): string {
  return commandLine({ operation: 'status', name: plan.target.name, options: { wait: true } }, placeOf(plan));
}

/** How far it came: `sent` when the write after the last step that is done may have reached the server. */
type Reached = Pick<Ending, 'done' | 'sent'>;

/** The ways on by what this process knows alone: where nobody can be asked any more. */
export function waysKnown(plan: Plan, { done, sent }: Reached, request: Asked): Ways {
  if (isClosed(plan, done)) return { resumeCommand: waitLine(plan) };
  const { operation, options, saveTo } = typedAgain(plan, request);
  const line = (what: Plan['operation'], how: Readonly<Record<string, unknown>>): string =>
    commandLine({ operation: what, name: plan.target.name, options: how }, placeOf(plan));
  return {
    resumeCommand: line(operation, { ...options, saveTo }),
    ...(isOneWay(plan, { done, sent }) ? {} : { cancelCommand: line(CANCEL, {}) }),
  };
}

function isClosed({ steps }: Plan, done: readonly string[]): boolean {
  return steps.some(({ id, action }) => {
    const write = writeOf(action);
    return write?.verb === 'record' && write.do === 'close' && write.carrier === 'set' && done.includes(id);
  });
}

/** A restore whose members have started, or may have, is finished, not taken back; nor is a way back. */
function isOneWay({ operation, steps }: Plan, { done, sent }: Reached): boolean {
  const made = steps.slice(0, done.length + (sent ? 1 : 0));
  return operationNamed(operation)?.back === undefined || made.some(({ ifStopped }) => ifStopped === 'final');
}

/** The options as somebody types them: not those that the plan found out by itself. */
function typedAgain({ operation, target, options }: Plan, { saveTo, options: asked }: Asked): Typed {
  const { operation: command, options: again } = resumingCommand(operation, options);
  const { archive: _named, ...typed } = again;
  const { archive } = asked;
  // An archive in the cluster is named by the record; a file is where it was read from.
  const file = typeof archive === 'string' && isFile(archive) ? { archive } : {};
  const kept = options['withoutSecrets'] === true && saveTo !== undefined ? { saveTo } : {};
  return { operation: command, target, options: { ...typed, ...file }, ...kept };
}
