import type { Plan, Planned } from '../plan/plan.ts';
import type { OperationResult } from '../plan/result.ts';
import { type DocumentFormat, renderDocument } from '../render/json.ts';
import { renderPlan } from '../render/plan.ts';
import { renderRefusal } from '../render/refusal.ts';
import { renderResult } from '../render/result.ts';
import type { ChangeValues } from './change.ts';
import { type About, failureOf, isTold } from './failure.ts';
import type { Io } from './io.ts';
import type { ChangeRequest } from './session.ts';
import { viewOf } from './view.ts';

/**
 * Shows what was planned before anybody is asked: on stderr, where the question is, so that stdout holds the result
 * alone. A dry run's result is the plan itself.
 */
export function showPlanned(planned: Planned, { common }: ChangeRequest, flags: ChangeValues, io: Io): void {
  const isResult = common.dryRun !== undefined && planned.outcome === 'plan';
  if (isResult && flags.output !== undefined) return;
  const stream = isResult ? io.stdout : io.stderr;
  const view = viewOf(stream, io.env, flags);
  if (planned.outcome === 'plan') stream.write(`${renderPlan(planned.plan, view)}\n\n`);
  if (planned.outcome === 'refused') stream.write(`${renderRefusal(planned, view)}\n`);
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
export async function tellFailure(error: unknown, about: () => Promise<About>, { output }: ChangeValues, io: Io): Promise<void> {
  if (output === undefined || output === 'name' || !isTold(error)) return;
  io.stdout.write(await renderDocument('OperationResult', failureOf(error, await about()), output));
}

function documentOf(result: OperationResult, planned: Planned | undefined, format: DocumentFormat): Promise<string> {
  if (planned?.outcome === 'refused') return renderDocument('Refusal', planned, format);
  if (planned?.outcome === 'plan' && result.outcome === 'dry-run') return renderDocument('Plan', planned.plan, format);
  return renderDocument('OperationResult', result, format);
}
