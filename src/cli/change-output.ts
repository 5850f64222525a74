import type { Plan, Planned } from '../plan/plan.ts';
import type { OperationResult } from '../plan/result.ts';
import { type DocumentFormat, renderDocument } from '../render/json.ts';
import { jsonLine } from '../render/live/jsonlines.ts';
import { renderConfirmation, renderPlan } from '../render/plan.ts';
import { renderRefusal } from '../render/refusal.ts';
import { renderResult } from '../render/result.ts';
import type { ChangeValues } from './change.ts';
import { type About, failureOf, isLineOfJson, isTold } from './failure.ts';
import type { Io } from './io.ts';
import { hasTerminal } from './prompt.ts';
import type { ChangeRequest, Session } from './session.ts';
import { viewOf } from './view.ts';

/**
 * Shows what was planned before confirmation: on stderr, where the question is, so that stdout holds the result alone. A dry run's
 * result is the plan itself. With `--progress json` stderr is for programs: the plan is in its first line, a refusal on stdout.
 */
export function showPlanned(planned: Planned, { common }: ChangeRequest, flags: ChangeValues, io: Io): void {
  if (planned.outcome === 'nothing-to-do') return;
  const isResult = common.dryRun !== undefined && planned.outcome === 'plan';
  const onStdout = isResult || flags.progress === 'json';
  if (onStdout && flags.output !== undefined) return;
  const stream = onStdout ? io.stdout : io.stderr;
  const view = viewOf(stream, io.env, flags);
  if (planned.outcome === 'refused') stream.write(`${renderRefusal(planned, view)}\n`);
  else if (isResult) stream.write(`${renderPlan(planned.plan, view)}\n${renderConfirmation(planned.plan, view)}\n\n`);
  else if (isShown(common, flags, io)) io.stderr.write(`${renderPlan(planned.plan, viewOf(io.stderr, io.env, flags))}\n\n`);
}

/** A plan that is asked about is shown whatever the flags say. */
function isShown(common: ChangeRequest['common'], { quiet, progress }: ChangeValues, io: Io): boolean {
  const isAsked = hasTerminal(io) && common.confirm === undefined && !common.yes;
  return isAsked || (quiet !== true && progress !== 'json');
}

/** Tells how it ended, on stdout; what was shown with the plan is not told twice. */
export async function tellResult(result: OperationResult, planned: Planned | undefined, flags: ChangeValues, io: Io): Promise<void> {
  if (flags.output !== undefined) io.stdout.write(await documentOf(result, planned, flags.output));
  else if (result.outcome !== 'refused')
    io.stdout.write(`${renderResult({ ...result, findings: [] }, stepsOf(planned), viewOf(io.stdout, io.env, flags))}\n`);
}

function stepsOf(planned: Planned | undefined): Plan['steps'] {
  return planned?.outcome === 'plan' ? planned.plan.steps : [];
}

/**
 * An error before the first write, where a document was asked for; for people, main says it on stderr. `-o name` names
 * what was changed, so here it says nothing.
 *
 * @param about asks the cluster, so it is called only where there is something to tell
 */
export async function tellFailure(
  error: unknown,
  about: () => Promise<About>,
  { output, progress }: ChangeValues,
  { io, clock }: Pick<Session, 'io' | 'clock'>,
): Promise<void> {
  const isLine = isLineOfJson(error, { progress });
  const format = output === 'name' || !isTold(error) ? undefined : output;
  if (!isLine && format === undefined) return;
  const failure = failureOf(error, await about());
  if (isLine) io.stderr.write(jsonLine({ type: 'operation-finished', result: failure, at: clock.now() }));
  if (format !== undefined) io.stdout.write(await renderDocument('OperationResult', failure, format));
}

function documentOf(result: OperationResult, planned: Planned | undefined, format: DocumentFormat): Promise<string> {
  if (planned?.outcome === 'refused') return renderDocument('Refusal', planned, format);
  if (planned?.outcome === 'plan' && result.outcome === 'dry-run') return renderDocument('Plan', planned.plan, format);
  return renderDocument('OperationResult', result, format);
}
