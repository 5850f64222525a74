import { ChangedError, StoppedError } from '../domain/errors.ts';
import type { Ending } from '../execute/executor.ts';
import { commandLine, placeOf } from '../plan/commandline.ts';
import type { Plan } from '../plan/plan.ts';
import type { OperationResult } from '../plan/result.ts';
import { isFile } from './archive-source.ts';
import type { OperationRequest } from './ports.ts';

type ExitCode = OperationResult['exitCode'];

/** The result of an executed plan. Only called after the first write, or when all is done. */
export function resultOf(plan: Plan, ending: Ending, request: Typed): OperationResult {
  const { operation, target, cluster, digest } = plan;
  const { told = [], findings = [] } = ending;
  const common = { operation, target, cluster, digest, findings, ...(told.length === 0 ? {} : { warnings: told }) };
  if (ending.error === undefined) {
    return {
      ...common,
      outcome: 'done',
      exitCode: 0,
      message: doneInWords(plan),
      done: ending.done,
      remaining: [],
      verified: ending.verified ?? [],
      ...undoing(plan),
    };
  }
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
    ...(isAllDone(ending) ? {} : waysOn(plan, ending, request)),
  };
}

/** A deletion that kept what it takes says how to come back. */
function undoing(plan: Plan): Pick<OperationResult, 'goBackWith'> {
  const { operation, target, options } = plan;
  if (operation !== 'delete' || options['deleteClaims'] === true || options['withoutSecrets'] === true) return {};
  return { goBackWith: commandLine({ operation: 'restore', name: target.name, options: {} }, placeOf(plan)) };
}

/** By the operator, and not by time or by what holds an object. */
function isAsked({ by }: StoppedError): boolean {
  return by === 'interrupt' || by === 'terminate';
}

function exitCodeOf(error: unknown): ExitCode {
  return error instanceof StoppedError && error.by === 'interrupt' ? 130 : 4;
}

type Typed = Pick<OperationRequest, 'saveTo' | 'options'>;

/** How far it came: `sent` when the write after the last step that is done may have reached the server. */
type Reached = Pick<Ending, 'done' | 'sent'>;

/** Every step was done and nothing of ours is open; only the last look found it otherwise. */
function isAllDone({ remaining }: Pick<Ending, 'remaining'>): boolean {
  return remaining.length === 0;
}

/** The command that goes on and the one that goes back (exit 4, product section 2). */
export function waysOn(plan: Plan, { done, sent }: Reached, request: Typed): Pick<OperationResult, 'continueWith' | 'goBackWith'> {
  const line = (operation: Plan['operation'] | 'status', options: Readonly<Record<string, unknown>>): string =>
    commandLine({ operation, name: plan.target.name, options }, placeOf(plan));
  if (isClosed(plan, done)) return { continueWith: line('status', { wait: true }) };
  return {
    continueWith: line(plan.operation, typedAgain(plan, request)),
    ...(isOneWay(plan, { done, sent }) ? {} : { goBackWith: line('cancel', {}) }),
  };
}

/** The record is off the set: nothing is left to go on with, only to wait for. */
function isClosed({ steps }: Plan, done: readonly string[]): boolean {
  return steps.some(({ id, action }) => {
    const write = action.do === 'write' ? action.write : undefined;
    return write?.kind === 'close-record' && write.carrier === 'set' && done.includes(id);
  });
}

/** A restore whose members have started, or may have, is finished, not taken back; nor is a way back. */
function isOneWay({ operation, steps }: Plan, { done, sent }: Reached): boolean {
  const mayHaveStarted = done.includes('put-back') || (sent && steps[done.length]?.id === 'put-back');
  return operation === 'cancel' || (operation === 'restore' && mayHaveStarted);
}

/** The options as somebody types them: not those that the plan found out by itself. */
function typedAgain({ operation, options }: Plan, { saveTo, options: asked }: Typed): Readonly<Record<string, unknown>> {
  const { withoutSecrets, archive: _archive, currentReplicas: _now, ...typed } = options;
  if (operation === 'cancel') return {};
  const { archive } = asked;
  // An archive in the cluster is named by the record; a file is where it was read from.
  const file = typeof archive === 'string' && isFile(archive) ? { archive } : {};
  return { ...typed, ...file, ...(withoutSecrets === true ? { saveTo } : {}) };
}

function doneInWords(plan: Plan): string {
  const name = `StatefulSet ${plan.target.name}`;
  switch (plan.operation) {
    case 'scale':
      return `${name} scaled to ${String(plan.options['replicas'])}`;
    case 'delete':
      return `${name} deleted`;
    case 'restore':
      return `${name} restored`;
    case 'cancel':
      return `${name}: the operation is cancelled`;
  }
}

function endInWords(plan: Plan, ending: Ending): string {
  const { error } = ending;
  const what = `${plan.operation} of StatefulSet ${plan.target.name}`;
  if (isAllDone(ending)) return `${doneInWords(plan)}, but ${error instanceof Error ? error.message : String(error)}`;
  if (error instanceof StoppedError && error.by !== 'finalizer') return `${what} ${stoppedInWords(error)}; ${leftInWords(plan, ending)}`;
  if (error instanceof ChangedError || error instanceof StoppedError) return `${what} stopped: ${error.message}`;
  return `${what} failed: ${error instanceof Error ? error.message : String(error)}`;
}

function stoppedInWords({ by, message }: StoppedError): string {
  if (by === 'timeout') return `timed out: ${message}`;
  return by === 'interrupt' ? 'interrupted' : 'terminated';
}

function leftInWords(plan: Plan, ending: Ending): string {
  return goesUp(ending) ? 'the controller goes on by itself with the replicas that it has' : heldInWords(plan, ending);
}

/** The member whose turn it was has been told to go, and cannot be called back. */
function heldInWords({ target }: Plan, { remaining, sent }: Ending): string {
  const [step, ordinal] = remaining[0]?.split('/') ?? [];
  const leaves = sent && step === 'scale-down' && ordinal !== undefined;
  return `it is held where it is${leaves ? `; ${target.name}-${ordinal} was told to go, and goes` : ''}`;
}

/** Going up is one patch: once it is made, or may have been, the controller goes on without us (principle 6). */
function goesUp({ done, remaining, sent }: Ending): boolean {
  return [...done, ...(sent ? remaining.slice(0, 1) : [])].some((id) => id === 'put-back' || id.startsWith('scale-up/'));
}
