import { ApiError, CannotError, ChangedError, StoppedError } from '../domain/errors.ts';
import { standsAt } from '../execute/progress.ts';
import type { Plan, Planned } from '../plan/plan.ts';
import type { OperationResult } from '../plan/result.ts';
import { archiveOf } from './archive-source.ts';
import { type Carrying, carryOut } from './carry-out.ts';
import { tryOnServer } from './dry-run.ts';
import { type Looking, lookAgain, newFindings } from './look-again.ts';
import { advised } from './next-commands.ts';
import { liveOutlook, type Outlook, singleOutlook } from './outlook.ts';
import type { OperatePorts, OperationRequest } from './ports.ts';
import { type Prepared, prepare, REJECTED, refusal, slicesOf } from './prepare.ts';
import { resultOf } from './report.ts';
import { type Ended, waysAfter } from './ways-on.ts';

/**
 * The one driver (architecture): read → plan → show → confirm → execute → report. Used by commands, `recover` and
 * runbooks alike.
 * @returns how it ended, with the exit code
 * @throws the typed errors of domain/errors.ts, and only while nothing was changed
 */
export async function runOperation(request: OperationRequest, ports: OperatePorts): Promise<OperationResult> {
  // What is not followed need not be known whole: of a large namespace a dry run reads little more than is of the set.
  if (request.dryRun !== undefined) return await dryRun(request, singleOutlook(ports.reader, request.target), ports);
  const world = await ports.reader.live(slicesOf(request), request.target);
  try {
    return await operate(request, { world, outlook: liveOutlook(world) }, ports);
  } finally {
    world.close();
  }
}

async function operate(request: OperationRequest, looking: Looking, ports: OperatePorts): Promise<OperationResult> {
  const { world } = looking;
  const { prepared, planned } = await shown(request, looking.outlook, ports);
  if (planned.outcome !== 'plan') return endedEarly(planned, request, prepared);
  const { plan } = planned;
  if ((await ports.consent.ask(plan)) === 'no') return unchanged(plan, 'declined', 3, 'declined');
  if (ports.stop.aborted) throw ports.stop.reason;
  if (!ports.consent.prompted) return await executed(plan, { prepared, world, request }, ports);
  const again = await advised(await lookAgain(plan, prepared, request, looking, ports), ports);
  if (again.planned.outcome === 'plan') {
    for (const { message } of newFindings(plan, again.planned.plan)) ports.sink.emit({ type: 'warning', message, at: ports.serverNow() });
    return await executed(again.planned.plan, { prepared: again, world, request }, ports);
  }
  ports.show(again.planned);
  return endedEarly(again.planned, request, again);
}

async function shown(
  request: OperationRequest,
  outlook: Outlook,
  ports: OperatePorts,
): Promise<{ readonly prepared: Prepared; readonly planned: Planned }> {
  const prepared = await advised(await prepare(request, outlook, ports), ports);
  ports.show(prepared.planned);
  return { prepared, planned: prepared.planned };
}

async function executed(plan: Plan, carrying: Carrying, ports: OperatePorts): Promise<OperationResult> {
  ports.sink.emit({ type: 'operation-started', plan, at: ports.serverNow() });
  const { prepared, request } = carrying;
  const ending = await carriedOut(plan, carrying, ports);
  // Before the first write the error is told as what it is, with its own exit code; what stands open has written before.
  const isBegun = ending.wrote || prepared.resume !== undefined || onlyWaits(plan);
  if (ending.error !== undefined && !isBegun) throw beforeFirstWrite(ending.error);
  const result = resultOf(ending.plan, ending, await waysAfter(ending.plan, ending, request, ports));
  ports.sink.emit({ type: 'operation-finished', result, at: ports.serverNow() });
  return result;
}

/** Typed again, an operation without a record waits for what its earlier run has written. */
function onlyWaits({ steps }: Plan): boolean {
  return steps.every(({ action }) => action.do === 'wait');
}

/** What stands open and could not even be taken over is still open: it ends like a step that failed, with both ways on. */
async function carriedOut(plan: Plan, carrying: Carrying, ports: OperatePorts): Promise<Ended> {
  const { prepared } = carrying;
  try {
    return await carryOut(plan, carrying, ports);
  } catch (error) {
    const isOfTheWorld = error instanceof ApiError || error instanceof ChangedError || error instanceof StoppedError;
    if (prepared.resume === undefined || !isOfTheWorld) throw error;
    return { ...standsAt(plan), plan, id: prepared.resume.record.id, error, wrote: false, sent: plan.from !== undefined };
  }
}

/** Exit code 4 is for what was begun: time that was over before is a failure that changed nothing. */
function beforeFirstWrite(error: unknown): Error {
  if (error instanceof StoppedError && error.by === 'timeout') return new CannotError(`${error.message}; nothing was changed`);
  if (error instanceof ApiError || error instanceof ChangedError || error instanceof StoppedError) return error;
  return error instanceof Error ? error : new Error(String(error));
}

async function dryRun(request: OperationRequest, outlook: Outlook, ports: OperatePorts): Promise<OperationResult> {
  const { prepared, planned } = await shown(request, outlook, ports);
  if (planned.outcome !== 'plan') return endedEarly(planned, request, prepared);
  const { plan } = planned;
  const { snapshot, resume } = prepared;
  const tried = request.dryRun === 'server' ? await tryOnServer(plan, archiveOf(plan, snapshot, resume), ports) : undefined;
  if (tried !== undefined && tried.refused.length > 0) {
    const refused = refusal(request, snapshot, [...plan.findings, ...tried.refused], REJECTED);
    ports.show(refused);
    return endedEarly(refused, request, prepared);
  }
  const message = `dry run: nothing was changed; the plan's digest is ${plan.digest}`;
  return { ...unchanged(plan, 'dry-run', 0, message), verified: tried?.sentences ?? [] };
}

function unchanged(
  plan: Plan,
  outcome: OperationResult['outcome'],
  exitCode: OperationResult['exitCode'],
  message: string,
): OperationResult {
  const { operation, target, cluster, digest } = plan;
  return {
    operation,
    target,
    cluster,
    outcome,
    exitCode,
    message,
    digest,
    done: [],
    remaining: plan.steps.map(({ id }) => id),
    findings: plan.findings,
    verified: [],
  };
}

function endedEarly(planned: Exclude<Planned, { outcome: 'plan' }>, request: OperationRequest, { snapshot }: Prepared): OperationResult {
  const common = { operation: request.operation, target: request.target, cluster: snapshot.cluster, done: [], remaining: [], verified: [] };
  if (planned.outcome === 'nothing-to-do')
    return { ...common, outcome: 'nothing-to-do', exitCode: 0, message: planned.message, findings: [] };
  return { ...common, outcome: 'refused', exitCode: 3, message: planned.message, findings: planned.findings };
}
