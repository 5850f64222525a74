import { CannotError } from '../../domain/errors.ts';
import type { Finding } from '../../domain/finding.ts';
import { sliceOf } from '../../domain/snapshot.ts';
import { commandLine, placeOf } from '../../plan/commandline.ts';
import { consentTo, type PlanDraft, type PlanInput, type Resume } from '../operation.ts';
import { cancelConsent } from './rules.ts';

/** `cancel` has no options: the record says what to put back. */
export type CancelOptions = Record<never, never>;

export type CancelInput = PlanInput<CancelOptions>;

/** @throws CannotError when there is nothing to go back from */
export function openOperation(input: CancelInput): Resume {
  if (input.resume !== undefined) return input.resume;
  const { target } = input.snapshot;
  throw new CannotError(
    `no operation of ours is open on StatefulSet ${target.name} in namespace ${target.namespace}`,
    commandLine({ tool: 'sts-safe', command: 'operations', args: [] }, placeOf(input.snapshot)),
  );
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
    consent: consentTo(cancelConsent, input.snapshot.target.name),
  };
}
