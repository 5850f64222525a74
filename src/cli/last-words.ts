import type { OperationRequest } from '../operate/ports.ts';
import { waysKnown } from '../operate/ways-on.ts';
import { writeOf } from '../plan/action.ts';
import { commandLine, placeOf } from '../plan/commandline.ts';
import type { Plan } from '../plan/plan.ts';

/**
 * What a second Ctrl-C leaves behind, in one line, and what to type next. It is said without asking anybody: whether the
 * last write has arrived only the cluster knows, so the command that looks is there too.
 *
 * @param done ids of the steps that had ended
 */
export function lastWords(plan: Plan, done: readonly string[], request: Pick<OperationRequest, 'saveTo' | 'options'>): string {
  // Whether the last write has arrived is not known here.
  const { resumeCommand, cancelCommand } = waysKnown(plan, { done, sent: true }, request);
  const changed = mayHaveChanged(plan, done);
  const look = commandLine({ do: 'operation', operation: 'operations', options: {} }, placeOf(plan));
  const ways = [
    ...(resumeCommand === undefined ? [] : [`resume: ${resumeCommand}`]),
    ...(cancelCommand === undefined || !changed ? [] : [`cancel: ${cancelCommand}`]),
    `list open operations: ${look}`,
  ];
  const what = changed ? `the ${plan.operation} is incomplete and can be resumed` : 'the StatefulSet was not changed';
  return `exited immediately; ${what} · ${ways.join(' · ')}`;
}

/** An operation that begins with its archive has changed nothing of the user's before that is kept. */
function mayHaveChanged({ steps, from }: Plan, done: readonly string[]): boolean {
  const saves = steps.find(({ action }) => writeOf(action)?.verb === 'archive');
  return from !== undefined || saves === undefined || done.includes(saves.id);
}
