import { StoppedError, UsageError } from '../domain/errors.ts';
import type { ClusterRef, Target } from '../domain/snapshot.ts';
import type { OperationName } from '../domain/stored.ts';
import { standsAt } from '../execute/progress.ts';
import { placeOf } from '../plan/commandline.ts';
import type { Plan, Planned } from '../plan/plan.ts';
import type { OperationResult } from '../plan/result.ts';
import { sentenceOf } from './ending.ts';

/** What a change was about when it failed; empty texts where that is not known. */
export interface About {
  readonly operation: OperationName;
  readonly target: Target;
  readonly cluster: ClusterRef;
  /** What was shown, if it came to a plan. */
  readonly planned: Planned | undefined;
}

/** Not a wrong command line, which is for who wrote it; nor a signal: whoever stops a program does not wait for its documents. */
export function isTold(error: unknown): boolean {
  return !(error instanceof UsageError) && !(error instanceof StoppedError && error.by !== 'timeout');
}

/** With `--progress json` stderr is nothing but JSON lines, and an error before the first step is the last of them. */
export function isLineOfJson(error: unknown, { progress }: { readonly progress?: string | undefined }): boolean {
  return progress === 'json' && !(error instanceof UsageError);
}

/**
 * A change that an error ended before its first write, as the document that a script asked for; the sentence is that of
 * stderr.
 */
export function failureOf(error: unknown, { planned, ...about }: About): OperationResult {
  const { code, ...sentence } = sentenceOf(error, placeOf(about));
  const plan = planned?.outcome === 'plan' ? planned.plan : undefined;
  return {
    ...about,
    outcome: code === 3 ? 'refused' : error instanceof StoppedError ? 'stopped' : 'failed',
    exitCode: code,
    ...sentence,
    ...(plan === undefined ? { done: [], remaining: [], findings: [] } : whereItStands(plan)),
    verified: [],
  };
}

function whereItStands(plan: Plan): Pick<OperationResult, 'digest' | 'findings' | 'done' | 'remaining'> {
  const { digest, findings } = plan;
  return { digest, findings, ...standsAt(plan) };
}
