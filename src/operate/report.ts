import { ChangedError, StoppedError } from '../domain/errors.ts';
import { describe } from '../domain/object-ref.ts';
import { subjectOf } from '../domain/snapshot.ts';
import type { Ending } from '../execute/progress.ts';
import { operationNamed } from '../operations/registry.ts';
import { fieldsWritten, writeOf } from '../plan/action.ts';
import type { Plan } from '../plan/plan.ts';
import type { OperationResult } from '../plan/result.ts';
import type { Ways } from './next-commands.ts';

type ExitCode = OperationResult['exitCode'];

/**
 * The result of an executed plan. Only called after the first write, or when all is done.
 * @param ways what may be typed next
 */
export function resultOf(
  plan: Plan,
  ending: Ending,
  { warnings = [], ...ways }: Ways & Pick<OperationResult, 'warnings'>,
): OperationResult {
  const { operation, target, cluster, digest } = plan;
  const { findings = [] } = ending;
  const told = [...(ending.told ?? []), ...warnings];
  const common = { operation, target, cluster, digest, findings, ...(told.length === 0 ? {} : { warnings: told }), ...ways };
  if (ending.error === undefined) return { ...common, exitCode: 0, ...endedWell(plan, ending) };
  const { error } = ending;
  const stopped = error instanceof StoppedError && isAsked(error);
  return {
    ...common,
    outcome: stopped ? 'stopped' : 'failed',
    exitCode: exitCodeOf(error),
    message: endInWords(plan, ending),
    done: ending.done,
    ...(ending.started === undefined ? {} : { started: ending.started }),
    remaining: ending.remaining,
    verified: [],
  };
}

/** All of it is done, or as much as was asked for. */
function endedWell(plan: Plan, ending: Ending): Pick<OperationResult, 'outcome' | 'message' | 'done' | 'remaining' | 'verified'> {
  const { done, remaining, verified = [], paused } = ending;
  if (paused === true) return { outcome: 'paused', message: pausedInWords(plan, ending), done, remaining, verified };
  return { outcome: 'done', message: doneInWords(plan), done, remaining: [], verified };
}

/** By the operator, and not by time or by what holds an object. */
function isAsked({ by }: StoppedError): boolean {
  return by === 'interrupt' || by === 'terminate';
}

function exitCodeOf(error: unknown): ExitCode {
  return error instanceof StoppedError && error.by === 'interrupt' ? 130 : 4;
}

/** Every step was done and nothing of ours is open; only the last look found it otherwise. */
export function isAllDone({ remaining }: Pick<Ending, 'remaining'>): boolean {
  return remaining.length === 0;
}

/** As the operation itself says it. */
function doneInWords(plan: Plan): string {
  return operationNamed(plan.operation)?.done(plan) ?? plan.operation;
}

function pausedInWords({ operation, target, steps }: Plan, { done }: Ending): string {
  const action = steps.find(({ id }) => id === done.at(-1))?.action;
  return `${operation} of ${describe(subjectOf(target))} is paused${action?.do === 'pause' ? ` with ${action.at}` : ''}`;
}

function endInWords(plan: Plan, ending: Ending): string {
  const { error } = ending;
  const what = `${plan.operation} of ${describe(subjectOf(plan.target))}`;
  if (isAllDone(ending)) return `${doneInWords(plan)}, but ${error instanceof Error ? error.message : String(error)}`;
  if (error instanceof StoppedError && error.by !== 'hopeless') return `${what} ${stoppedInWords(error)}; ${leftInWords(plan, ending)}`;
  if (error instanceof ChangedError || error instanceof StoppedError) return `${what} stopped: ${error.message}`;
  return `${what} failed: ${error instanceof Error ? error.message : String(error)}`;
}

function stoppedInWords({ by, message }: StoppedError): string {
  if (by === 'timeout') return `timed out: ${message}`;
  return by === 'interrupt' ? 'interrupted' : 'terminated';
}

function leftInWords(plan: Plan, ending: Ending): string {
  return goesUp(plan, ending) ? 'the controller keeps scaling to the replica count already set' : heldInWords(plan, ending);
}

/** The Pod whose turn it was has been told to go, and cannot be called back. */
function heldInWords({ steps }: Plan, { remaining, sent }: Ending): string {
  const step = steps.find(({ id }) => id === remaining[0]);
  const pod = step?.fallback?.delete.name;
  const leaves = sent && pod !== undefined && fieldsWritten(writeOf(step?.action)).length > 0;
  return `the StatefulSet stays at its current size${leaves ? `; ${pod} is already terminating` : ''}`;
}

/** Going up is one patch: once it is made, or may have been, the controller goes on without us (principle 6). */
function goesUp({ steps }: Plan, { done, remaining, sent }: Ending): boolean {
  const made = new Set([...done, ...(sent ? remaining.slice(0, 1) : [])]);
  return steps.some(({ id, ifStopped }) => ifStopped !== undefined && made.has(id));
}
