import { CannotError } from '../../domain/errors.ts';
import type { Finding } from '../../domain/finding.ts';
import { sliceOf } from '../../domain/snapshot.ts';
import type { PlanDraft, PlanInput, Resume } from '../operation.ts';

/** `cancel` has no options: the record says what to put back. */
export type CancelOptions = Record<never, never>;

export type CancelInput = PlanInput<CancelOptions>;

/** @throws CannotError when there is nothing to go back from */
export function openOperation(input: CancelInput): Resume {
  if (input.resume !== undefined) return input.resume;
  const { namespace, name } = input.snapshot.target;
  throw new CannotError(`no operation of ours is open on StatefulSet ${name} in namespace ${namespace}`, 'kubectl sts-safe operations');
}

export function isSetThere(input: CancelInput): boolean {
  return sliceOf(input.snapshot, 'set').state === 'read';
}

/** What all ways back have in common; one that loses data asks for more than a yes (`putBackDraft`). */
export function common(
  input: CancelInput,
  findings: readonly Finding[],
): Pick<PlanDraft, 'schema' | 'operation' | 'cluster' | 'target' | 'options' | 'allowed' | 'findings' | 'consent'> {
  return {
    schema: 1,
    operation: 'cancel',
    cluster: input.snapshot.cluster,
    target: input.snapshot.target,
    options: {},
    allowed: input.allowed,
    findings,
    consent: { kind: 'yes-no' },
  };
}
