import { RefusedError } from '../domain/errors.ts';
import { operationNamed } from '../operations/registry.ts';
import type { Mark } from './journal.ts';
import type { OperationStep } from './schema.ts';

interface Left {
  readonly by: string;
  readonly mark: Mark | undefined;
}

/** How the last step about it has left each object: a step goes on with what the one before has left, and with nothing else. */
export class LeftObjects {
  readonly #left = new Map<string, Left>();

  note(step: OperationStep, mark: Mark | undefined): void {
    // Several objects, or those of a class: which they are is for the operation to see.
    if (step.target === undefined) return;
    this.#left.set(keyOf(step), { by: step.name, mark });
  }

  /** Whether no later step has been about its object. */
  isLast(step: OperationStep): boolean {
    return this.#left.get(keyOf(step))?.by === step.name;
  }

  /**
   * @param now the object of this step as it is
   * @param onlyIdentity its spec may have been changed by what was interrupted
   * @throws RefusedError where another client has replaced it or, unless `onlyIdentity`, changed it
   */
  assertSame(step: OperationStep, now: Mark | undefined, onlyIdentity: boolean): void {
    const left = this.#left.get(keyOf(step));
    const change = left === undefined ? undefined : changeOf(left.mark, now, onlyIdentity);
    if (left === undefined || change === undefined) return;
    throw new RefusedError(
      `${step.target ?? ''} ${change} since step ${left.by} was done`,
      'compare it with the runbook before you run that again',
    );
  }

  /** Whether two steps are about the same object. */
  static isSame(one: OperationStep, other: OperationStep): boolean {
    return keyOf(one) === keyOf(other);
  }
}

const keyOf = ({ operation, target }: OperationStep): string => `${operationNamed(operation)?.subject ?? ''}/${target ?? ''}`;

function changeOf(before: Mark | undefined, now: Mark | undefined, onlyIdentity: boolean): string | undefined {
  if (before === undefined) return now === undefined ? undefined : 'was created by another client';
  if (now === undefined) return 'was deleted by another client';
  if (before.uid !== now.uid) return `was created again by another client (uid ${now.uid}, it was ${before.uid})`;
  if (onlyIdentity || before.generation === now.generation) return undefined;
  return `was changed by another client (generation ${String(now.generation)}, it was ${String(before.generation)})`;
}
