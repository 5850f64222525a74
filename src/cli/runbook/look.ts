import { Writable } from 'node:stream';
import { ApiError, CannotError, RefusedError, UsageError } from '../../domain/errors.ts';
import type { OperationResult } from '../../plan/result.ts';
import type { RunResult, StepResult } from '../../plan/run-result.ts';
import { renderDocument } from '../../render/json.ts';
import { stepLine } from '../../render/runbook.ts';
import { deedOf, verbOf } from '../../runbook/read.ts';
import type { OperationStep, Step } from '../../runbook/schema.ts';
import type { Cluster, Session } from '../session.ts';
import { viewOf } from '../view.ts';
import { operateStep } from './operate.ts';
import { faultLine, type Loaded } from './read.ts';
import { missingFor } from './references.ts';
import type { RunbookRequest, RunbookValues } from './request.ts';

type DryRun = 'client' | 'server';
type Planned = { readonly result: OperationResult } | { readonly error: Error };

/** The plan of an operation as things are now; nothing is changed. */
async function planned(step: OperationStep, dryRun: DryRun, flags: RunbookValues, session: Session, cluster: Cluster): Promise<Planned> {
  try {
    return { result: await operateStep(step, { dryRun }, flags, session, cluster) };
  } catch (error) {
    const isOfTheWorld = [ApiError, CannotError, RefusedError, UsageError].some((kind) => error instanceof kind);
    if (!isOfTheWorld) throw error;
    return { error: error as Error };
  }
}

/** The first of the steps before it that changes what this one is about: until that is done, its plan says little. */
function dependsOn(step: OperationStep, before: readonly Step[]): string | undefined {
  const isAbout = (other: Step): boolean =>
    'operation' in other && (other.target === step.target || other.target === undefined || step.target === undefined);
  return before.find(isAbout)?.name;
}

/** `--dry-run`: every plan, on stdout. @returns 0, or 3 where one is refused that depends on no earlier step */
export async function planAll(
  { steps }: Loaded,
  dryRun: DryRun,
  flags: RunbookValues,
  session: Session,
  cluster: Cluster,
): Promise<number> {
  const { io } = session;
  const view = viewOf(io.stderr, io.env, flags);
  const results: StepResult[] = [];
  let isRefused = false;
  for (const [index, step] of steps.entries()) {
    io.stderr.write(`${stepLine({ name: step.name, deed: deedOf(step), number: index + 1, total: steps.length }, view)}\n`);
    const common = { name: step.name, verb: verbOf(step), outcome: 'not-run' } as const;
    if (!('operation' in step)) {
      results.push({ ...common, message: '' });
      continue;
    }
    const plan = await planned(step, dryRun, flags, session, cluster);
    const first = dependsOn(step, steps.slice(0, index));
    if ('error' in plan) io.stderr.write(`  ${plan.error.message}\n`);
    if (first !== undefined) io.stderr.write(`  as things are now: step ${first} comes first\n`);
    isRefused ||= first === undefined && isBad(plan);
    results.push({
      ...common,
      ...('error' in plan ? { message: plan.error.message } : { message: plan.result.message, result: plan.result }),
    });
  }
  const exitCode = isRefused ? 3 : 0;
  const ran: RunResult = {
    outcome: isRefused ? 'refused' : 'done',
    exitCode,
    message: 'dry run: nothing was changed',
    steps: results,
    journal: '',
  };
  await tellDocument(ran, flags, session);
  return exitCode;
}

function isBad(plan: Planned): boolean {
  return 'error' in plan || plan.result.outcome === 'refused';
}

/** @returns whether a document was asked for */
export async function tellDocument(result: RunResult, { output }: RunbookValues, { io }: Session): Promise<boolean> {
  if (output !== 'json' && output !== 'yaml') return false;
  io.stdout.write(await renderDocument('RunResult', result, output));
  return true;
}

/**
 * `--check`: whether each step that depends on no operation before it could begin: what it is about is there, the permissions are,
 * and nothing blocks it.
 * @returns 0, or 5 with what is wrong at its place in the file
 */
export async function checkOnCluster(
  { path }: RunbookRequest,
  { steps, source }: Loaded,
  cluster: Cluster,
  flags: RunbookValues,
  session: Session,
): Promise<number> {
  const { io } = session;
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const silent = { ...session, io: { ...io, stdout: nowhere, stderr: nowhere } };
  let problems = 0;
  let looked = 0;
  for (const [index, step] of steps.entries()) {
    const before = steps.slice(0, index);
    const isPlanned = 'operation' in step && dependsOn(step, before) === undefined;
    if (isPlanned) looked += 1;
    const found = isPlanned ? problemsOf(await planned(step, 'client', flags, silent, cluster)) : await missingFor(step, before, cluster);
    problems += found.length;
    for (const message of found) io.stdout.write(`${faultLine(path, source.fault(['steps', index], `step ${step.name}: ${message}`))}\n`);
  }
  if (problems > 0) return 5;
  io.stdout.write(`${path}: ${steps.length} steps, no problem; ${looked} planned on context ${cluster.connection.context}\n`);
  return 0;
}

function problemsOf(plan: Planned): readonly string[] {
  if ('error' in plan) return [plan.error.message];
  if (plan.result.outcome !== 'refused') return [];
  const blocking = plan.result.findings.filter(({ severity }) => severity === 'blocks');
  return blocking.length === 0 ? [plan.result.message] : blocking.map(({ id, message }) => `${id}: ${message}`);
}
